"""The map of a network: who reaches whom, as pictures and pages show it.

For each unit the map holds who may reach which of its ports, in sets: a cluster in which everything talks to
everything costs no more than its workloads. Lines are drawn only where policies say something, between units
that are both open they would say no more than that.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.cluster import Network
from casemate.analysis.network.connections import Only
from casemate.analysis.network.policies import WITH_PORTS, PortRange
from casemate.analysis.network.ports import limits
from casemate.analysis.network.reach import Reach, Region
from casemate.analysis.network.verdicts import Side
from casemate.analysis.network.ways_in import CONTROLLER
from casemate.engine.network_units import Kind, State, Unit, state_of, units_of
from casemate.model.estate import Estate

_Found = list[tuple[int, int, BitMap]]
"""Ports that are allowed for sure and at most, and by whom they may be reached."""


class Opening(msgspec.Struct, frozen=True, eq=False):
    """Ports of a unit that the same units may reach: for sure, or depending on something."""

    ports: int
    sure: BitMap
    maybe: BitMap


class Edge(msgspec.Struct, frozen=True, eq=False):
    """A line of the map: ports of the destination that the source may reach."""

    source: int
    destination: int
    ports: tuple[PortRange, ...]
    sure: bool


class NetworkMap:
    """Units by number, and for each who may reach which of its ports."""

    def __init__(
        self, reach: Reach, units: tuple[Unit, ...], openings: Sequence[tuple[Opening, ...]], question: str
    ) -> None:
        self.reach = reach
        self.units = units
        self.openings = openings
        self.question = question
        self.workloads = BitMap(n for n, unit in enumerate(units) if unit.kind is Kind.WORKLOAD)
        self.outside = BitMap(n for n, unit in enumerate(units) if unit.kind is Kind.OUTSIDE)

    @cached_property
    def namespaces(self) -> dict[str, BitMap]:
        """The workloads of each namespace."""
        found: dict[str, BitMap] = {}
        for number in self.workloads:
            found.setdefault(self.units[number].namespace, BitMap()).add(number)
        return found

    @cached_property
    def known(self) -> tuple[int, ...]:
        """The ports of each unit that lines lead to.

        They are those that it is known to listen at; of a workload that declares none, those that policies
        name for it; all of what is outside.
        """
        return tuple(self._known(unit) for unit in self.units)

    @cached_property
    def ingress(self) -> tuple[State, ...]:
        """How far each unit may be called."""
        return self._states(self.reach.ingress)

    @cached_property
    def egress(self) -> tuple[State, ...]:
        """How far each unit may call."""
        return self._states(self.reach.egress)

    def callers(self, number: int, *, everything: bool = False) -> tuple[BitMap, BitMap]:
        """Who may reach a unit: for sure, and depending on something only.

        Counted are its known ports, or all with `everything`.
        """
        ports = self.reach.atoms.everything if everything else self.known[number]
        found = [opening for opening in self.openings[number] if opening.ports & ports]
        sure = BitMap.union(BitMap(), *(opening.sure for opening in found))
        return sure, BitMap.union(BitMap(), *(opening.maybe for opening in found)) - sure

    def ports_between(
        self, source: int, destination: int, *, everything: bool = False
    ) -> tuple[tuple[PortRange, ...], bool]:
        """The known ports of a unit (or all) that another may reach, and whether it is sure of one."""
        sure = maybe = 0
        for opening in self.openings[destination]:
            if source in opening.sure:
                sure |= opening.ports
            elif source in opening.maybe:
                maybe |= opening.ports
        ports = self.shown(destination, sure, everything=everything)
        if ports:
            return ports, True
        return self.shown(destination, maybe, everything=everything), False

    def is_plain(self, source: int, destination: int) -> bool:
        """Whether no policy limits the one or the other, so that a line would say nothing."""
        outward = State.OPEN if destination in self.outside else State.INSIDE
        inward = State.OPEN if source in self.outside else State.INSIDE
        return self.egress[source] >= outward and self.ingress[destination] >= inward

    def edges(self, *, everything: bool = False) -> Iterator[Edge]:
        """The lines, by destination: those that policies say and ways in from outside; or all.

        With `everything` a line names all ports, not only the known ones.
        """
        for number in range(len(self.units)):
            yield from self.edges_to(number, everything=everything)

    def edges_to(self, number: int, *, everything: bool = False) -> Iterator[Edge]:
        """The lines that lead to a unit."""
        opened = {(way.protocol, way.port) for way in self.units[number].ways if way.kind != CONTROLLER}
        for source in BitMap.union(*self.callers(number, everything=everything)):
            plain = not everything and self.is_plain(source, number)
            if plain and self.units[source].kind is Kind.WORKLOAD:
                continue
            ports, sure = self.ports_between(source, number, everything=everything)
            if plain and source in self.outside:
                ports = tuple(port for port in ports if (port.protocol, port.low) in opened)
            if ports:
                yield Edge(source, number, ports, sure)

    def _states(self, side: Side) -> tuple[State, ...]:
        everything = self.reach.atoms.everything
        inward = side is self.reach.ingress
        return tuple(
            state_of(side, unit, self._pods, self.known[number] if inward else everything, everything)
            for number, unit in enumerate(self.units)
        )

    def _known(self, unit: Unit) -> int:
        atoms = self.reach.atoms
        if unit.kind is not Kind.WORKLOAD:
            return _with_ports(self.reach)
        mask = 0
        for item in unit.listening:
            mask |= atoms.containing(item.protocol, item.port)
        if mask:
            return mask
        for number in unit.classes:
            mask |= self._named.get(number, 0)
            for applied in self.reach.ingress.applied(number):
                for part in applied.parts:
                    mask |= part.mask if part.rule.ports is not None else 0
        return mask & _with_ports(self.reach)

    @cached_property
    def _named(self) -> dict[int, int]:
        """The ports that rules about what goes out name for single pods of which no port is known."""
        silent = BitMap(
            number
            for unit in self.units
            if unit.pod is not None and not unit.listening
            for number in unit.classes
        )
        found: dict[int, int] = {}
        for profile in self.reach.egress.profiles:
            for part in (part for item in profile.applied for part in item.parts):
                peers = part.peers.upper
                if part.rule.ports is not None and not peers.issuperset(self._pods):
                    for number in peers & silent:
                        found[number] = found.get(number, 0) | part.mask
        return found

    @cached_property
    def _pods(self) -> BitMap:
        return BitMap(number for unit in self.units if unit.pod is not None for number in unit.classes)

    def shown(self, number: int, mask: int, *, everything: bool = False) -> tuple[PortRange, ...]:
        """Ports in a set as a line names them: those that are known one by one."""
        atoms, unit = self.reach.atoms, self.units[number]
        if everything:
            return atoms.ranges(mask & _with_ports(self.reach))
        if unit.listening:
            return tuple(
                PortRange(item.protocol, item.port, item.port)
                for item in unit.listening
                if atoms.containing(item.protocol, item.port) & mask
            )
        return atoms.ranges(mask & self.known[number])


def map_of(
    network: Network, estate: Estate | None = None, *, only: Only | None = None, question: str = ""
) -> NetworkMap:
    """The map of a network; with `estate` the ports that Services lead to are known too.

    `only` restricts it to connections of some classes of endpoints and to some ports.
    """
    reach = network.reach
    regions = list(_restricted(reach.regions(), only or Only()))
    units = units_of(reach, network.ways_in, regions, estate)
    controller = next((n for n, unit in enumerate(units) if unit.kind is Kind.CONTROLLER), None)
    of_class: dict[int, BitMap] = {}
    for number, unit in enumerate(units):
        for member in unit.classes:
            of_class.setdefault(member, BitMap()).add(number)
    into: list[_Found] = [[] for _ in units]
    for region in regions:
        sources = _units(of_class, region.sources)
        for number in _units(of_class, region.destinations):
            into[number].append((region.sure, region.upper, sources))
    openings = []
    for number, (unit, found) in enumerate(zip(units, into, strict=True)):
        if unit.kind is Kind.OUTSIDE:  # what outside has among itself is not the cluster's
            found = [(sure, upper, _inside(units, sources)) for sure, upper, sources in found]  # noqa: PLW2901
        openings.append(tuple(_openings(reach, unit, number, found, controller)))
    return NetworkMap(reach, units, openings, question)


def _restricted(regions: Iterable[Region], only: Only) -> Iterator[Region]:
    """What of some rectangles is asked for."""
    sources = None if only.sources is None else BitMap(only.sources)
    destinations = None if only.destinations is None else BitMap(only.destinations)
    for region in regions:
        here = region.sources if sources is None else region.sources & sources
        there = region.destinations if destinations is None else region.destinations & destinations
        sure, upper = region.sure, region.upper
        if only.ports is not None:
            sure, upper = sure & only.ports, upper & only.ports
        if here and there and upper:
            yield Region(here, there, sure, upper)


def _inside(units: tuple[Unit, ...], sources: BitMap) -> BitMap:
    return BitMap(number for number in sources if units[number].kind is Kind.WORKLOAD)


def _units(of_class: dict[int, BitMap], classes: BitMap) -> BitMap:
    return BitMap.union(BitMap(), *(of_class[number] for number in classes if number in of_class))


def _openings(
    reach: Reach, unit: Unit, itself: int, found: _Found, controller: int | None
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


def _with_ports(reach: Reach) -> int:
    """The set of all ports of protocols that have ports."""
    mask = 0
    for protocol in WITH_PORTS:
        mask |= reach.atoms.mask(PortRange(protocol, *limits(protocol)))
    return mask
