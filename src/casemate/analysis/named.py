"""Objects by kind and name, for references that name them."""

from collections.abc import Iterator

from casemate.analysis.namespaces import may_be_in
from casemate.model.estate import Entity, Estate


class Named:
    """Every object of an estate that has a name."""

    def __init__(self, estate: Estate) -> None:
        self._found: dict[tuple[str, str], list[Entity]] = {}
        for entity in estate.entities:
            if entity.ref.name:
                self._found.setdefault((entity.ref.kind, entity.ref.name), []).append(entity)

    @classmethod
    def of(cls, estate: Estate) -> "Named":
        """All that an estate holds."""
        return cls(estate)

    def find(self, kind: str | None, name: str | None, namespace: str | None) -> Iterator[Entity]:
        """The objects of that kind and name in a namespace; one that is not set may be any."""
        for entity in self._found.get((kind or "", name or ""), ()):
            if may_be_in(entity, namespace):
                yield entity
