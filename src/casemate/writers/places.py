"""What a writer needs of the sources, handed in by the command line."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from casemate.model.control import Finding
from casemate.model.estate import Entity
from casemate.model.place import Path, Position


class Places(Protocol):
    """Finds where findings stand, and what the text says there."""

    def locate(self, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Position]]:
        """Each finding with its line and column, in the order given."""

    def place(self, entity: Entity, path: Path) -> str:
        """The file, line and column of a path of an object."""

    def excerpt(self, finding: Finding, position: Position, around: int) -> tuple[int, list[str]]:
        """The number of the first line and the lines around a place, secrets masked."""
