"""Configuration files that an API server names, so that its own controls answer for them."""

from casemate.analysis.cluster.files import file_named
from casemate.model.cluster_configs import AuthenticationConfiguration, AuthorizationConfiguration
from casemate.model.components import ComponentSettings, ComponentWorkload
from casemate.model.estate import Entity, Estate

_FLAGS: tuple[tuple[str, type[Entity]], ...] = (
    ("authentication-config", AuthenticationConfiguration),
    ("authorization-config", AuthorizationConfiguration),
)


class NamedFiles:
    """The files among what was read that a kube-apiserver names."""

    def __init__(self, named: tuple[Entity, ...]) -> None:
        self._named = named

    @classmethod
    def of(cls, estate: Estate) -> "NamedFiles":
        """All that are named in an estate."""
        found: list[Entity] = []
        for kind in (ComponentWorkload, ComponentSettings):
            for entity in estate.of(kind):
                for component in entity.components:  # type: ignore[attr-defined] # of() gives these types
                    for flag, wanted in _FLAGS:
                        given = component.flags.get(flag)
                        file = file_named(given[-1].value, component, wanted, estate) if given else None
                        found += [] if file is None else [file]
        return cls(tuple(found))

    def __contains__(self, entity: object) -> bool:
        return any(entity is one for one in self._named)
