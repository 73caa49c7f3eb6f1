"""Calls from outside inward: which calls are meant, and where they lead on.

A call is meant where something says so: a setting that names a Service, an Ingress, a webhook. What policies
allow beyond that is no part of a chain; it counts in what is reachable (`blast`).
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from casemate.analysis.network.blast import Members, Rows, numbers
from casemate.analysis.network.entries import Entry, Port
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.tighten.habits import DNS
from casemate.analysis.network.tighten.needs import Because, Member, Needs


class State:
    """What a line of a chain says beside its call."""

    LEADS_ON = "leads on"
    END = "end"
    CYCLE = "cycle"
    """It calls what stands above it in the same chain."""
    SHOWN = "shown"
    """What it calls is shown where it comes nearer to the outside."""
    STOPPED = "stopped"
    """Policies do not let it through."""


class Call(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A call between workloads that is meant, why, and whether policies allow it."""

    source: str
    destination: str
    protocol: str
    port: int
    because: tuple[Because, ...]
    allowed: bool


class Line(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A line of a tree of chains, in the order in which it is read; `depth` 0 is called from outside.

    Its ports are those of one pair; `entries` or `calls` say why, `state` what becomes of it (`State`).
    """

    depth: int
    source: str
    workload: str
    ports: tuple[Port, ...]
    state: str
    entries: tuple[Entry, ...] = ()
    calls: tuple[Call, ...] = ()


def calls(reach: Reach, members: Members, needs: Needs) -> tuple[Call, ...]:
    """The calls between workloads that are meant; looking names up is none that leads anywhere."""
    found = []
    for need, because in needs.reasoned():
        source, destination = need.source, need.destination
        if not isinstance(source, Member) or not isinstance(destination, Member) or source == destination:
            continue
        pairs = [
            (members.classes[one], members.classes[other])
            for one in numbers(members.of.get(source.group, 0))
            for other in numbers(members.of.get(destination.group, 0))
        ]
        if not pairs or all(one.kind == DNS for one in because):
            continue
        mask = reach.atoms.containing(need.protocol, need.port)
        found.append(
            Call(
                source=source.group,
                destination=destination.group,
                protocol=need.protocol,
                port=need.port,
                because=because,
                allowed=any(mask & reach.between(*pair)[1] for pair in pairs),
            )
        )
    return tuple(found)


def meant_rows(members: Members, meant: Iterable[Call]) -> Rows:
    """Whom each member calls as it is meant, whether or not policies allow it."""
    rows = [0] * len(members)
    for call in meant:
        for number in numbers(members.of[call.source]):
            rows[number] |= members.of[call.destination]
    return rows


def chains(outside: str, ways: Iterable[Entry], meant: Iterable[Call]) -> Iterator[Line]:
    """The chains that begin with one caller outside, as a tree: what begins alike is said once.

    What a workload calls is shown where the workload comes nearest to the outside, and nowhere else.
    """
    first: dict[str, list[Entry]] = {}
    for entry in ways:
        if entry.outside == outside:
            first.setdefault(entry.workload, []).append(entry)
    following: dict[str, dict[str, list[Call]]] = {}
    for call in meant:
        following.setdefault(call.source, {}).setdefault(call.destination, []).append(call)
    nearest = _nearest([name for name, found in first.items() if any(e.allowed for e in found)], following)
    shown: set[str] = set()
    above: list[str] = []
    stack = [(0, outside, name) for name in sorted(first, reverse=True)]
    while stack:
        depth, source, name = stack.pop()
        del above[depth:]
        own = () if depth else tuple(first[name])
        made = tuple(following[source][name]) if depth else ()
        further = following.get(name, {})
        if not any(entry.allowed for entry in own) and not any(call.allowed for call in made):
            state = State.STOPPED
        elif name in above:
            state = State.CYCLE
        elif not further:
            state = State.END
        elif name in shown or nearest[name] != depth:
            state = State.SHOWN
        else:
            state = State.LEADS_ON
            shown.add(name)
            stack += [(depth + 1, name, other) for other in sorted(further, reverse=True)]
        above.append(name)
        ports = dict.fromkeys((entry.protocol, entry.port) for entry in own)
        ports.update(((call.protocol, call.port), None) for call in made)
        yield Line(
            depth=depth,
            source=source,
            workload=name,
            ports=tuple(ports),
            state=state,
            entries=own,
            calls=made,
        )


def _nearest(starts: Iterable[str], following: Mapping[str, Mapping[str, list[Call]]]) -> dict[str, int]:
    """How many calls away from the outside each workload is."""
    found = dict.fromkeys(starts, 0)
    queue = list(found)
    for name in queue:
        for other, made in following.get(name, {}).items():
            if other not in found and any(call.allowed for call in made):
                found[other] = found[name] + 1
                queue.append(other)
    return found
