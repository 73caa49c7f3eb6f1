"""The shortest ways from outside to what is worth most: its databases, brokers and caches."""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.blast import Members, Rows, numbers
from casemate.analysis.network.entries import Entry


class Way(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The shortest ways from outside to a workload; empty where there is none.

    A way is the workloads that are called one after the other: as policies allow it today, as it is meant,
    and as proposed policies allow it. `unmeant` are those of `today`, by their index, that the one before
    them may call and has no need to.
    """

    workload: str
    today: tuple[str, ...]
    unmeant: frozenset[int]
    meant: tuple[str, ...]
    after: tuple[str, ...]


def shortest_ways(
    members: Members,
    wanted: Iterable[str],
    worlds: tuple[Rows, Rows, Rows],
    doors: tuple[tuple[Entry, ...], tuple[Entry, ...]],
) -> Iterator[Way]:
    """The ways to some workloads.

    `worlds` are the calls that are allowed today, meant, and allowed later; `doors` entries now and later.
    """
    before, meant, after = worlds
    now, later = (_open(members, found) for found in doors)
    today, needed, then = _reached(before, now), _reached(meant, now), _reached(after, later)
    for name in sorted(wanted):
        path = _path(members, today, name)
        yield Way(
            workload=name,
            today=_names(members, path),
            unmeant=frozenset(i for i in range(1, len(path)) if not meant[path[i - 1]] >> path[i] & 1),
            meant=_names(members, _path(members, needed, name)),
            after=_names(members, _path(members, then, name)),
        )


def _open(members: Members, doors: Iterable[Entry]) -> int:
    found = 0
    for door in doors:
        if door.allowed:
            found |= members.of.get(door.workload, 0)
    return found


def _reached(rows: Rows, start: int) -> dict[int, int]:
    """From where each member is reached first; those where it begins, from themselves."""
    found = {number: number for number in numbers(start)}
    queue, seen = list(found), start
    for number in queue:
        for other in numbers(rows[number] & ~seen):
            found[other] = number
            queue.append(other)
        seen |= rows[number]
    return found


def _path(members: Members, found: dict[int, int], name: str) -> list[int]:
    """The members that lead to a workload, from the one that is called from outside."""
    paths = []
    for number in numbers(members.of[name]):
        if number in found:
            path = [number]
            while found[path[-1]] != path[-1]:
                path.append(found[path[-1]])
            paths.append(path[::-1])
    return min(paths, key=len, default=[])


def _names(members: Members, path: Iterable[int]) -> tuple[str, ...]:
    return tuple(members.names[number] for number in path)
