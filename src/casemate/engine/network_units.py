"""What the map of a network shows: workloads, addresses outside, and a controller that was not read.

A unit is one line of the map. Addresses outside of the cluster that no answer tells apart are one.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, summarize_address_range

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.addresses import AddressRange
from casemate.analysis.network.backends import Backends
from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.policies import TCP, Direction
from casemate.analysis.network.reach import Reach, Region
from casemate.analysis.network.universe import STRANGER
from casemate.analysis.network.verdicts import Profile, Side
from casemate.analysis.network.ways_in import WayIn
from casemate.model.estate import Estate

ELSEWHERE = "everywhere else outside"
OUTSIDE = "outside of the cluster"
"""The names of the addresses that nothing names, beside others and alone."""
_RANGES = 3


class Kind(enum.Enum):
    """What a unit is."""

    WORKLOAD = "workload"
    OUTSIDE = "outside"
    CONTROLLER = "controller"


class State(enum.IntEnum):
    """How far policies let a unit have connections in one direction, the narrowest first."""

    CLOSED = 0
    LIMITED = 1
    INSIDE = 2
    """With every pod, at least at the ports that it is known to listen at."""
    WIDE = 3
    """With most pods: no policy isolates it, but rules deny something."""
    OPEN = 4
    """With everything, at every port: no policy says anything else."""


class Listening(msgspec.Struct, frozen=True, order=True):
    """A port that something is known to listen at: a container declares it, or a Service leads to it."""

    protocol: str
    port: int
    names: tuple[str, ...] = ()


class Unit(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A line of the map.

    `classes` are its numbers in the universe of endpoints, `isolated` the directions in which some policy
    isolates all of its pods, `ways` what leads to it from outside, `ranges` the addresses of what is outside.
    """

    kind: Kind
    name: str
    namespace: str = ""
    classes: tuple[int, ...]
    pod: PodEndpoint | None = None
    listening: tuple[Listening, ...] = ()
    ways: tuple[WayIn, ...] = ()
    ranges: tuple[AddressRange, ...] = ()
    isolated: frozenset[Direction] = frozenset()

    @property
    def short(self) -> str:
        """The name inside its namespace: `cart`."""
        if self.kind is Kind.CONTROLLER:
            return "ingress controller"
        if self.pod is None:
            return self.name
        return self.name.removeprefix(f"{self.namespace}/").rpartition("[")[0]

    @property
    def sort(self) -> str:
        """The kind of a workload: `Deployment`."""
        return self.name.rpartition("[")[2].rstrip("]") if self.pod is not None else self.kind.value


def units_of(
    reach: Reach, ways_in: Sequence[WayIn], regions: Iterable[Region], estate: Estate | None
) -> tuple[Unit, ...]:
    """The units of a network: workloads by namespace and name, the controller, then addresses outside."""
    pods: dict[str, list[tuple[int, PodEndpoint]]] = {}
    for number, found in enumerate(reach.universe.pods):
        for name, pod in found.workloads.items():
            pods.setdefault(name, []).append((number, pod))
    ways: dict[str, list[WayIn]] = {}
    for way in ways_in:
        ways.setdefault(way.pod.workload, []).append(way)
    ports = _listening(pods, ways_in, estate)
    units = []
    for name, members in sorted(pods.items(), key=lambda item: (item[1][0][1].namespace, item[0])):
        classes = tuple(number for number, _ in members)
        units.append(
            Unit(
                kind=Kind.WORKLOAD,
                name=name,
                namespace=members[0][1].namespace,
                classes=classes,
                pod=members[0][1],
                listening=ports.get(name, ()),
                ways=tuple(ways.get(name, ())),
                isolated=frozenset(
                    side.direction
                    for side in (reach.ingress, reach.egress)
                    if all(_isolates(side, number) for number in classes)
                ),
            )
        )
    if any(way.kind == "controller" for way in ways_in):
        units.append(Unit(kind=Kind.CONTROLLER, name=STRANGER, classes=(reach.universe.stranger,)))
    return (*units, *_outside(reach, regions))


def state_of(side: Side, unit: Unit, pods: BitMap, known: int, everything: int) -> State:
    """How far a unit may have connections in a direction; `known` are the ports that count."""
    profiles = {side.profile_of[number] for number in unit.classes}
    return max(_state(side.profiles[number], pods, known, everything) for number in profiles)


def _state(profile: Profile, pods: BitMap, known: int, everything: int) -> State:
    if profile.sure == everything and not profile.others:
        return State.OPEN
    if 2 * len(_reached(profile, pods, lambda sure: bool(known & sure))) > len(pods) and not any(
        item.isolates for item in profile.applied
    ):
        return State.WIDE
    if known and pods == _reached(profile, pods, lambda sure: not known & ~sure):
        return State.INSIDE
    if profile.upper or any(block.upper for block in profile.others):
        return State.LIMITED
    return State.CLOSED


def _reached(profile: Profile, pods: BitMap, fits: Callable[[int], bool]) -> BitMap:
    """The pods that are allowed ports which fit."""
    found = pods - profile.special if fits(profile.sure) else BitMap()
    return BitMap.union(found, *(block.peers & pods for block in profile.others if fits(block.sure)))


def _isolates(side: Side, number: int) -> bool:
    return any(item.isolates and item.sure for item in side.applied(number))


def _listening(
    pods: Mapping[str, list[tuple[int, PodEndpoint]]], ways_in: Iterable[WayIn], estate: Estate | None
) -> dict[str, tuple[Listening, ...]]:
    """The known ports of each workload, with the names of the ports and of the Services that lead to them."""
    found: dict[str, dict[tuple[str, int], dict[str, None]]] = {}

    def add(pod: PodEndpoint, protocol: str, port: int, name: str) -> None:
        names = found.setdefault(pod.workload, {}).setdefault((protocol, port), {})
        if name:
            names[name] = None

    every = [pod for members in pods.values() for _, pod in members]
    for pod in every:
        spec = pod.template.spec
        lasting = [c for c in spec.init_containers or () if c.restart_policy == "Always"]
        for container in (*(spec.containers or ()), *lasting):
            for port in container.ports or ():
                if port.container_port:
                    add(pod, port.protocol or TCP, port.container_port, port.name or "")
    for way in ways_in:
        add(way.pod, way.protocol, way.port, "")
    if estate is not None:
        backends = Backends(estate, every)
        for service in backends.services():
            for target in backends.targets(service, service.spec.ports):
                add(target.pod, target.protocol, target.port, f"Service {service.name}")
    return {
        name: tuple(
            Listening(protocol, port, tuple(names)) for (protocol, port), names in sorted(own.items())
        )
        for name, own in found.items()
    }


def _outside(reach: Reach, regions: Iterable[Region]) -> Iterator[Unit]:
    """Addresses outside by what they can do and what can be done with them."""
    universe = reach.universe
    signs: dict[int, list[int]] = {number: [] for number in range(universe.first_outside, universe.size)}
    for index, region in enumerate(regions):
        for number in region.sources & universe.world:
            signs[number].append(2 * index)
        for number in region.destinations & universe.world:
            signs[number].append(2 * index + 1)
    alike: dict[tuple[int, ...], list[int]] = {}
    for number, found in signs.items():
        alike.setdefault(tuple(found), []).append(number)
    sizes = {
        sign: _size(universe.outside[n - universe.first_outside] for n in members)
        for sign, members in alike.items()
    }
    rest = max(sizes, key=lambda sign: sizes[sign])
    for sign, members in sorted(alike.items(), key=lambda item: (item[0] != rest, item[1])):
        ranges = tuple(_joined(universe.outside[number - universe.first_outside] for number in members))
        name = (ELSEWHERE if len(alike) > 1 else OUTSIDE) if sign == rest else ranges_text(ranges)
        yield Unit(kind=Kind.OUTSIDE, name=name, classes=tuple(members), ranges=ranges)


def _size(ranges: Iterable[AddressRange]) -> int:
    """How many addresses; those of IPv4 count, as far as there are any."""
    return sum(item.high - item.low + 1 for item in ranges if item.family == 4)


def _joined(ranges: Iterable[AddressRange]) -> list[AddressRange]:
    """Ranges with their neighbours."""
    joined: list[AddressRange] = []
    for item in sorted(ranges):
        last = joined[-1] if joined else None
        if last is not None and last.family == item.family and last.high + 1 == item.low:
            joined[-1] = AddressRange(item.family, last.low, item.high)
        else:
            joined.append(item)
    return joined


def ranges_text(ranges: Sequence[AddressRange], most: int = _RANGES) -> str:
    """Ranges as people write them: as CIDRs where a range is one, else from first to last."""
    shown = [_range_text(item) for item in ranges[:most]]
    more = len(ranges) - most
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _range_text(item: AddressRange) -> str:
    if item.low == item.high:
        return str(item).partition("-")[0]
    kind = IPv4Address if item.family == 4 else IPv6Address
    first, *others = summarize_address_range(kind(item.low), kind(item.high))
    return str(item) if others else str(first)
