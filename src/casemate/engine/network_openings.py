"""Who may reach which ports of a unit of the map, gathered from the rectangles of all connections."""

from collections.abc import Iterable, Iterator

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.connections import Only
from casemate.analysis.network.policies import WITH_PORTS, PortRange
from casemate.analysis.network.ports import limits
from casemate.analysis.network.reach import Reach, Region
from casemate.analysis.network.ways_in import CONTROLLER
from casemate.engine.network_units import Kind, Unit

Found = list[tuple[int, int, BitMap]]
"""Ports that are allowed for sure and at most, and by whom they may be reached."""


class Opening(msgspec.Struct, frozen=True, eq=False):
    """Ports of a unit that the same units may reach: for sure, or depending on something."""

    ports: int
    sure: BitMap
    maybe: BitMap


def is_everything(only: Only) -> bool:
    """Whether no connection is left out of what is asked for."""
    return only.sources is None and only.destinations is None and only.ports is None


def restricted(reach: Reach, only: Only) -> Iterator[Region]:
    """The rectangles of what is asked for; single pairs where some endpoints are."""
    ports = reach.atoms.everything if only.ports is None else only.ports
    found = reach.regions()
    if only.sources is not None or only.destinations is not None:
        found = _between(reach, only.sources, only.destinations)
    for region in found:
        if region.upper & ports:
            yield Region(region.sources, region.destinations, region.sure & ports, region.upper & ports)


def _between(
    reach: Reach, sources: Iterable[int] | None, destinations: Iterable[int] | None
) -> Iterator[Region]:
    everything = range(reach.universe.size)
    for source in everything if sources is None else sources:
        for destination in everything if destinations is None else destinations:
            yield Region(BitMap([source]), BitMap([destination]), *reach.between(source, destination))


def inside(units: tuple[Unit, ...], sources: BitMap) -> BitMap:
    """The workloads among some units."""
    return BitMap(number for number in sources if units[number].kind is Kind.WORKLOAD)


def units_in(of_class: dict[int, BitMap], classes: BitMap) -> BitMap:
    """The units that some classes are part of."""
    return BitMap.union(BitMap(), *(of_class[number] for number in classes if number in of_class))


def openings_of(
    reach: Reach, unit: Unit, itself: int, found: Found, controller: int | None
) -> Iterator[Opening]:
    """Who reaches which ports of a unit, ports with the same answer as one.

    A controller that was not read reaches only what it serves.
    """
    served = 0
    for way in unit.ways:
        if way.kind == CONTROLLER:
            served |= reach.atoms.mask(PortRange(way.protocol, way.port, way.port))
    blocks = [reach.atoms.everything]
    for mask in dict.fromkeys((served, *(mask for sure, upper, _ in found for mask in (sure, upper)))):
        blocks = [part for block in blocks for part in (block & mask, block & ~mask) if part]
    for block in blocks:
        sure = BitMap.union(BitMap(), *(sources for mask, _, sources in found if mask & block))
        upper = BitMap.union(BitMap(), *(sources for _, mask, sources in found if mask & block))
        left_out = BitMap([itself] if controller is None or block & served else [itself, controller])
        if upper - left_out:
            yield Opening(block, sure - left_out, upper - sure - left_out)


def with_ports(reach: Reach) -> int:
    """The set of all ports of protocols that have ports."""
    mask = 0
    for protocol in WITH_PORTS:
        mask |= reach.atoms.mask(PortRange(protocol, *limits(protocol)))
    return mask
