"""The map of a network: who reaches whom, as pictures and pages show it.

For each unit the map holds who may reach which of its ports, in sets: a cluster in which everything talks to
everything costs no more than its workloads. Lines are drawn only where policies say something, between units
that are both open they would say no more than that.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.cluster import Network
from casemate.analysis.network.connections import Only
from casemate.analysis.network.policies import PortRange
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.verdicts import Side
from casemate.analysis.network.ways_in import CONTROLLER
from casemate.engine.network_openings import (
    Found,
    Opening,
    inside,
    is_everything,
    openings_of,
    restricted,
    units_in,
    with_ports,
)
from casemate.engine.network_units import Kind, State, Unit, state_of, units_of
from casemate.model.estate import Estate


class Edge(msgspec.Struct, frozen=True, eq=False):
    """A line of the map: ports of the destination that the source may reach."""

    source: int
    destination: int
    ports: tuple[PortRange, ...]
    sure: bool


class NetworkMap:
    """Units by number, and for each who may reach which of its ports.

    Where only some connections are asked for, `called` are the units of which all callers are in the map,
    `calling` those of which all that they may call is.
    """

    def __init__(
        self,
        reach: Reach,
        units: tuple[Unit, ...],
        openings: Sequence[tuple[Opening, ...]],
        only: Only,
        question: str = "",
    ) -> None:
        self.reach = reach
        self.units = units
        self.openings = openings
        self.question = question
        self.is_whole = is_everything(only)
        self.called = _asked(units, only.sources, only.destinations, only.ports)
        self.calling = _asked(units, only.destinations, only.sources, only.ports)
        self.workloads = BitMap(n for n, unit in enumerate(units) if unit.kind is Kind.WORKLOAD)
        self.outside = BitMap(n for n, unit in enumerate(units) if unit.kind is Kind.OUTSIDE)

    @cached_property
    def total(self) -> int:
        """How many workloads there are, asked for or not."""
        return len({name for found in self.reach.universe.pods for name in found.workloads})

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
        outward = State.WIDE if destination in self.outside else State.INSIDE
        inward = State.WIDE if source in self.outside else State.INSIDE
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
            return with_ports(self.reach)
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
        return mask & with_ports(self.reach)

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
        """All pods that policies can select."""
        pods = self.reach.universe.pods
        return BitMap(n for n, found in enumerate(pods) if found.workloads and not found.on_host)

    def shown(self, number: int, mask: int, *, everything: bool = False) -> tuple[PortRange, ...]:
        """Ports in a set as a line names them: those that are known one by one."""
        atoms, unit = self.reach.atoms, self.units[number]
        if everything:
            return atoms.ranges(mask & with_ports(self.reach))
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
    asked = only or Only()
    regions = list(restricted(reach, asked))
    units = units_of(reach, network.ways_in, regions, estate)
    if not is_everything(asked):
        seen = BitMap([*(asked.sources or ()), *(asked.destinations or ())])
        seen = BitMap.union(
            seen, *(part for region in regions for part in (region.sources, region.destinations))
        )
        units = tuple(unit for unit in units if not seen.isdisjoint(BitMap(unit.classes)))
    controller = next((n for n, unit in enumerate(units) if unit.kind is Kind.CONTROLLER), None)
    of_class: dict[int, BitMap] = {}
    for number, unit in enumerate(units):
        for member in unit.classes:
            of_class.setdefault(member, BitMap()).add(number)
    into: list[Found] = [[] for _ in units]
    for region in regions:
        sources = units_in(of_class, region.sources)
        for number in units_in(of_class, region.destinations):
            into[number].append((region.sure, region.upper, sources))
    openings = []
    for number, (unit, found) in enumerate(zip(units, into, strict=True)):
        if unit.kind is Kind.OUTSIDE:  # what outside has among itself is not the cluster's
            found = [(sure, upper, inside(units, sources)) for sure, upper, sources in found]  # noqa: PLW2901
        if unit.kind is Kind.CONTROLLER:  # it is known for calling only
            found = []  # noqa: PLW2901
        openings.append(tuple(openings_of(reach, unit, number, found, controller)))
    return NetworkMap(reach, units, openings, asked, question)


def _asked(
    units: tuple[Unit, ...], others: Sequence[int] | None, wanted: Sequence[int] | None, ports: int | None
) -> BitMap:
    """The units of which everything in one direction is asked for."""
    if others is not None or ports is not None:
        return BitMap()
    return BitMap(n for n, unit in enumerate(units) if wanted is None or set(unit.classes) & set(wanted))
