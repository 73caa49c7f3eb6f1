"""Who is named as responsible for an object, by label or annotation.

Source: the keys that teams use most for it; `app.kubernetes.io/managed-by` names a tool, not an owner.
"""

from casemate.analysis.namespaces import SYSTEM
from casemate.model.estate import DOCKER, Entity, Estate, Workload
from casemate.model.governance import Namespace
from casemate.model.settings import Settings

USUAL = ("team", "owner", "owned-by", "squad", "maintainer", "contact", "cost-center", "responsible")


class Owners:
    """Whether names of owners are used at all in what was read, and which namespaces were read."""

    def __init__(self, estate: Estate) -> None:
        candidates = [entity for entity in estate.entities if isinstance(entity, (Workload, Namespace))]
        self.in_use = any(names_owner(entity, USUAL) for entity in candidates)
        self._namespaces = {entity.ref.name for entity in candidates if isinstance(entity, Namespace)}

    @classmethod
    def of(cls, estate: Estate) -> "Owners":
        """All that an estate holds."""
        return cls(estate)

    def missing(self, entity: Entity, settings: Settings) -> tuple[str, ...]:
        """The keys of which an object must have one and has none; empty where it need not or has.

        A workload whose namespace was read need not: there the namespace must name its owner.
        """
        place = entity.ref.name if isinstance(entity, Namespace) else entity.ref.namespace
        if place in SYSTEM or not (settings.owners or self.in_use) or _in_docker(entity):
            return ()
        if not isinstance(entity, Namespace) and place is not None and place in self._namespaces:
            return ()
        keys = settings.owners or USUAL
        return () if names_owner(entity, keys) else keys


def names_owner(entity: Entity, keys: tuple[str, ...]) -> bool:
    """Whether a label or annotation has one of these keys, with or without a prefix, and a value."""
    return any(
        value and (key in keys or key.rpartition("/")[2].lower() in keys)
        for notes in (entity.labels, entity.annotations)
        for key, value in notes.items()
    )


def _in_docker(entity: Entity) -> bool:
    """Whether Docker runs it by itself, where labels are for other things."""
    return isinstance(entity, Workload) and any(template.engine == DOCKER for template in entity.templates)
