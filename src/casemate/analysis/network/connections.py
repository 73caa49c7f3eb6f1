"""Connections between workloads, as answers list them: each pair with its ranges of ports.

A connection exists where any pod of the source may reach any pod of the destination. Connections of a
workload to itself are left out; neighbouring ranges of addresses with one answer are joined.
"""

from collections.abc import Container, Iterable, Iterator

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.addresses import AddressRange
from casemate.analysis.network.policies import WITH_PORTS, PortRange
from casemate.analysis.network.reach import Reach, Region
from casemate.analysis.network.universe import STRANGER, Universe
from casemate.analysis.network.ways_in import CONTROLLER, WayIn


class Only(msgspec.Struct, frozen=True, eq=False):
    """What of all connections is asked for, by the classes of endpoints and a set of ports; None: all."""

    sources: tuple[int, ...] | None = None
    destinations: tuple[int, ...] | None = None
    ports: int | None = None


class Connection(msgspec.Struct, frozen=True, order=True):
    """What a source may reach on a destination: a range of ports of one protocol."""

    source: str
    destination: str
    protocol: str
    low: int
    high: int


def connections(
    reach: Reach, ways_in: Iterable[WayIn] = (), *, upper: bool = False, only: Only | None = None
) -> Iterator[Connection]:
    """All allowed connections between workloads and with addresses outside, by source and destination.

    `ways_in` are ports that a controller which was not read leads to; of those it reaches what a pod without
    labels may. `upper` counts what depends on something too, `only` restricts what is listed.
    """
    wanted = only or Only()
    found = pairs(reach, _regions(reach, wanted), upper=upper)
    if wanted.sources is None:
        for name, mask in from_controller(reach, ways_in, wanted.destinations, upper=upper):
            found[STRANGER, name] = found.get((STRANGER, name), 0) | mask
    ports = reach.atoms.everything if wanted.ports is None else wanted.ports
    for (source, destination), mask in sorted(found.items()):
        for item in reach.atoms.ranges(mask & ports):
            if item.protocol in WITH_PORTS:
                yield Connection(source, destination, item.protocol, item.low, item.high)


def number_of_pairs(reach: Reach) -> int:
    """How many pairs of workloads, or of one and a range of addresses, may have a connection, at most."""
    sizes = [len(found.workloads) for found in reach.universe.pods]
    sizes += [0] * len(reach.universe.nodes) + [1] * len(reach.universe.outside)

    def weigh(members: BitMap) -> int:
        return sum(sizes[number] for number in members)

    return sum(weigh(r.sources) * weigh(r.destinations) for r in reach.background() if r.upper)


def _regions(reach: Reach, wanted: Only) -> Iterator[Region]:
    """The rectangles that hold what is wanted; single pairs where few classes are."""
    if wanted.sources is None and wanted.destinations is None:
        yield from reach.regions()
        return
    everything = range(reach.universe.size)
    for source in everything if wanted.sources is None else wanted.sources:
        for destination in everything if wanted.destinations is None else wanted.destinations:
            sure, upper = reach.between(source, destination)
            if upper:
                yield Region(BitMap([source]), BitMap([destination]), sure, upper)


def from_controller(
    reach: Reach, ways_in: Iterable[WayIn], wanted: Container[int] | None = None, *, upper: bool = False
) -> Iterator[tuple[str, int]]:
    """What a controller that was not read reaches, by workload; only of the classes that are `wanted`."""
    universe = reach.universe
    classes = {
        (name, id(pod.template)): number
        for number, found in enumerate(universe.pods)
        if wanted is None or number in wanted
        for name, pod in found.workloads.items()
    }
    for way in ways_in:
        number = classes.get((way.pod.workload, id(way.pod.template)))
        if way.kind == CONTROLLER and number is not None:
            allowed = reach.between(universe.stranger, number)[1 if upper else 0]
            yield way.pod.workload, allowed & reach.atoms.mask(PortRange(way.protocol, way.port, way.port))


def pairs(
    reach: Reach, regions: Iterable[Region], *, upper: bool = False, apart: bool = False
) -> dict[tuple[str, str], int]:
    """The ports of each pair of names; `apart` names each atom of addresses rather than joined ranges."""
    universe = reach.universe
    pods: dict[tuple[str, str], int] = {}
    out: dict[tuple[str, int], int] = {}
    into: dict[tuple[int, str], int] = {}
    for region in regions:
        mask = region.upper if upper else region.sure
        if not mask:
            continue
        inside, outside = _workloads(universe, region.sources), _outside(universe, region.sources)
        to_inside, to_outside = (
            _workloads(universe, region.destinations),
            _outside(universe, region.destinations),
        )
        for source in inside:
            for destination in to_inside:
                if source != destination:
                    pods[source, destination] = pods.get((source, destination), 0) | mask
            for number in to_outside:
                out[source, number] = out.get((source, number), 0) | mask
        for destination in to_inside:
            for number in outside:
                into[number, destination] = into.get((number, destination), 0) | mask
    if apart:
        names = {number: str(atom) for number, atom in enumerate(universe.outside, universe.first_outside)}
        pods |= {(name, names[number]): mask for (name, number), mask in out.items()}
        return pods | {(names[number], name): mask for (number, name), mask in into.items()}
    going = _joined(universe, ((name, number, mask) for (name, number), mask in out.items()))
    coming = _joined(universe, ((name, number, mask) for (number, name), mask in into.items()))
    return pods | dict(going) | {(address, name): mask for (name, address), mask in coming}


def _workloads(universe: Universe, classes: Iterable[int]) -> list[str]:
    return list(
        dict.fromkeys(
            name
            for number in classes
            if number < len(universe.pods)
            for name in universe.pods[number].workloads
        )
    )


def _outside(universe: Universe, classes: Iterable[int]) -> list[int]:
    return [number for number in classes if number >= universe.first_outside]


def _joined(
    universe: Universe, found: Iterable[tuple[str, int, int]]
) -> Iterator[tuple[tuple[str, str], int]]:
    """Names with ranges of addresses, neighbours with one answer as one range."""
    by_name: dict[str, list[tuple[int, int]]] = {}
    for name, number, mask in found:
        by_name.setdefault(name, []).append((number, mask))
    for name, numbers in by_name.items():
        open_ranges: list[tuple[AddressRange, int]] = []
        for number, mask in sorted(numbers):
            atom = universe.outside[number - universe.first_outside]
            last, ports = open_ranges[-1] if open_ranges else (atom, 0)
            if mask == ports and _touch(last, atom):
                open_ranges[-1] = (AddressRange(atom.family, last.low, atom.high), mask)
            else:
                open_ranges.append((atom, mask))
        yield from (((name, str(found)), mask) for found, mask in open_ranges)


def _touch(one: AddressRange, other: AddressRange) -> bool:
    return one.family == other.family and one.high + 1 == other.low
