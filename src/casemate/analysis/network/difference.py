"""Which connections a change opens and closes, and whether policies or labels did it.

Both sides are worked out over the same atoms of ports and addresses. What is new is then asked again with
only the policies changed, only the labels of pods, and only those of namespaces: the first that suffices is
the cause.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from casemate.analysis.network.addresses import AddressRange, joined, range_of
from casemate.analysis.network.cluster import all_policies, labels_of
from casemate.analysis.network.connections import from_controller, pairs
from casemate.analysis.network.endpoints import NodeEndpoint, PodEndpoint, nodes_of, pods_of
from casemate.analysis.network.mentions import Mentions
from casemate.analysis.network.policies import WITH_PORTS, Policy, PortRange
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import STRANGER, Assumptions, KnownLabels
from casemate.analysis.network.ways_in import WayIn, ways_in
from casemate.model.estate import Estate

WORKLOAD, POLICIES, PODS, NAMESPACES, SEVERAL = (
    "workload",
    "policies",
    "pod labels",
    "namespace labels",
    "several",
)
"""What opens or closes a connection: a workload that came or went, policies, or whom they mean now."""

Masks = Mapping[tuple[str, str], int]


class Changed(msgspec.Struct, frozen=True, order=True):
    """A range of ports that a source may reach on one side only, and why it is so."""

    source: str
    destination: str
    protocol: str
    low: int
    high: int
    cause: str


class Snapshot(msgspec.Struct, frozen=True, eq=False):
    """What decides about connections on one side."""

    policies: Sequence[Policy]
    pods: Sequence[PodEndpoint]
    nodes: Sequence[NodeEndpoint]
    labels: KnownLabels
    ways: Sequence[WayIn]

    @classmethod
    def of(cls, estate: Estate) -> "Snapshot":
        """That of an estate."""
        pods = tuple(pods_of(estate))
        return cls(
            tuple(all_policies(estate, [])),
            pods,
            tuple(nodes_of(estate)),
            labels_of(estate),
            tuple(ways_in(estate, pods)),
        )


def differences(old: Snapshot, new: Snapshot) -> tuple[list[Changed], list[Changed]]:
    """What the new side opens, and what it closes."""
    common = _Atoms((old, new))
    before, after = common.masks(old), common.masks(new)
    opened = _opened(before, after, old, new, common)
    closed = _opened(after, before, new, old, common)
    return _joined(opened), _joined(closed)


def _joined(changes: Iterable[Changed]) -> list[Changed]:
    """The changes with neighbouring ranges of addresses joined where they are alike."""
    found: list[Changed] = []
    ranges: dict[tuple[bool, str, str, int, int, str], list[AddressRange]] = {}
    for item in changes:
        for outside, name, is_source in (
            (range_of(item.source), item.destination, True),
            (range_of(item.destination), item.source, False),
        ):
            if outside is not None:
                key = (is_source, name, item.protocol, item.low, item.high, item.cause)
                ranges.setdefault(key, []).append(outside)
                break
        else:
            found.append(item)
    for (is_source, name, protocol, low, high, cause), parts in ranges.items():
        for text in map(str, joined(parts)):
            source, destination = (text, name) if is_source else (name, text)
            found.append(Changed(source, destination, protocol, low, high, cause))
    return sorted(found)


class _Atoms:
    """Works out sides over the ports and addresses that any of them tells apart."""

    def __init__(self, worlds: Iterable[Snapshot]) -> None:
        self._ports: set[PortRange] = set()
        self._ranges: set[AddressRange] = set()
        for world in worlds:
            mentions = Mentions(world.policies, with_addresses=False)
            self._ports |= mentions.ports
            self._ports |= {PortRange(way.protocol, way.port, way.port) for way in world.ways}
            self._ports |= {
                PortRange(port.protocol, port.number, port.number) for pod in world.pods for port in pod.ports
            }
            self._ranges |= mentions.ranges

    def masks(self, world: Snapshot) -> Masks:
        """The ports of each pair of names on a side."""
        reach = Reach(
            world.policies, world.pods, world.nodes, world.labels, Assumptions(), self._ports, self._ranges
        )
        self.atoms = reach.atoms
        found = pairs(reach, reach.regions(), apart=True)
        for name, mask in from_controller(reach, world.ways):
            found[STRANGER, name] = found.get((STRANGER, name), 0) | mask
        return found


def _opened(before: Masks, after: Masks, old: Snapshot, new: Snapshot, common: _Atoms) -> Iterator[Changed]:
    """The connections of `after` that are not in `before`."""
    gained = {pair: mask & ~before.get(pair, 0) for pair, mask in after.items()}
    gained = {pair: mask for pair, mask in gained.items() if mask}
    if not gained:
        return
    mixed = [
        (cause, common.masks(world))
        for cause, world in (
            (POLICIES, msgspec.structs.replace(old, policies=new.policies)),
            (PODS, msgspec.structs.replace(old, pods=new.pods, ways=new.ways)),
            (NAMESPACES, msgspec.structs.replace(old, labels=new.labels)),
        )
    ]
    known = {pod.workload for pod in old.pods}
    for (source, destination), mask in sorted(gained.items()):
        is_new = any("[" in name and name not in known for name in (source, destination))
        left = mask
        causes = (
            [(WORKLOAD, mask)] if is_new else [(c, m.get((source, destination), 0) & mask) for c, m in mixed]
        )
        for cause, part in (*causes, (SEVERAL, mask)):
            for found in common.atoms.ranges(part & left):
                if found.protocol in WITH_PORTS:
                    yield Changed(source, destination, found.protocol, found.low, found.high, cause)
            left &= ~part
