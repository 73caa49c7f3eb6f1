"""Findings of two times are told apart by who they are about, never by the line they stand on."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import msgspec

from casemate.model.control import Finding
from casemate.model.estate import Entity, Ref

Item = TypeVar("Item")
Home = tuple[str, str, str, str | None, str | None]
"""A file and the identity of an object in it, whatever the version of its API."""


class Old(msgspec.Struct, Generic[Item], frozen=True, eq=False):
    """An earlier finding: its id, the file and object it was in, and what is to be said of it."""

    id: str
    file: str
    ref: Ref
    item: Item


class Comparison(msgspec.Struct, Generic[Item], eq=False):
    """Findings that were not there before, those that were, and what is no longer found."""

    new: list[Finding]
    known: list[Finding]
    gone: list[Item]


def compare(
    old: Iterable[Old[Item]],
    findings: Iterable[Finding],
    waived: Iterable[Finding],
    entities: Iterable[Entity],
    name: Callable[[str], str],
) -> Comparison[Item]:
    """Match findings with earlier ones: same id and file first, then same id in another file.

    Every earlier finding matches once, so that a second equal fault is new. It matches in another
    file only where its own no longer holds the object, which has then been moved; otherwise the
    fault was mended there, and an equal one elsewhere is new. `waived` findings are neither new
    nor gone. `name` gives the name of a file as the earlier findings use it.
    """
    left: dict[tuple[str, str], list[Old[Item]]] = {}
    for one in old:
        left.setdefault((one.id, one.file), []).append(one)
    names: dict[str, str] = {}

    def file_of(entity: Entity) -> str:
        shown = entity.origin.document.file
        if shown not in names:
            names[shown] = name(shown)
        return names[shown]

    result: Comparison[Item] = Comparison([], [], [])
    wanting: list[tuple[int, Finding]] = []
    order: dict[int, bool] = {}
    found = list(findings)
    for index, finding in enumerate(found):
        same = left.get((finding.id, file_of(finding.entity)))
        if same:
            same.pop()
            order[index] = True
        else:
            wanting.append((index, finding))
    hidden = [f for f in waived if not _taken(left.get((f.id, file_of(f.entity))))]
    moved: dict[str, list[Old[Item]]] = {}
    if any(left.values()):
        homes = {_home(file_of(entity), entity.ref) for entity in entities}
        for (id_, file), rest in left.items():
            if rest and _home(file, rest[0].ref) not in homes:
                moved.setdefault(id_, []).extend(rest)
    taken: set[int] = set()
    for index, finding in wanting:
        order[index] = _moved(moved, finding, taken)
    for finding in hidden:
        _moved(moved, finding, taken)
    for index, finding in enumerate(found):
        (result.known if order[index] else result.new).append(finding)
    result.gone = [one.item for rest in left.values() for one in rest if id(one) not in taken]
    return result


def _taken(same: list[Old[Item]] | None) -> bool:
    if same:
        same.pop()
        return True
    return False


def _moved(moved: dict[str, list[Old[Item]]], finding: Finding, taken: set[int]) -> bool:
    """Whether an earlier finding of an object that left its file is this one; it is then taken."""
    rest = moved.get(finding.id)
    if not rest:
        return False
    taken.add(id(rest.pop()))
    return True


def _home(file: str, ref: Ref) -> Home:
    return file, ref.group, ref.kind, ref.namespace, ref.name
