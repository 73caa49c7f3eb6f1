"""What new policies are proven to do, by working out all connections before and after.

Both worlds are cut into the same classes of endpoints and ports, so that they can be compared cell by cell:
each world's policies are mentioned in the other without being in force there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.cluster import all_policies, labels_of
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.policies import (
    NETWORK_POLICY,
    WITH_PORTS,
    Action,
    Direction,
    Endpoints,
    Networks,
    Nobody,
    Notice,
    Policy,
    PortRange,
    Ports,
    Rule,
)
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.tighten.needs import Addresses, End, Member, Need
from casemate.analysis.network.universe import Universe
from casemate.model.estate import Estate

OUTSIDE = "outside"
"""The name of all addresses outside of the cluster together."""


class Cell(msgspec.Struct, frozen=True, order=True):
    """Connections of one source with one destination, each a workload or `outside`, at a range of ports."""

    source: str
    destination: str
    protocol: str
    low: int
    high: int


class Counts(msgspec.Struct, frozen=True):
    """How much is allowed: pairs of workloads, workloads that reach outside, and that outside reaches."""

    pairs: int
    outward: int
    inward: int


class Proof(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What was proven. `kept` needs are allowed for sure, `depending` ones possibly, `lost` ones not at all.

    `unproven` are those with an end on a node's own network. `slack` is allowed beyond what is needed, with
    addresses outside only where that is sure; `opened` was not allowed before. `notices` are of the new
    policies: there should be none.
    """

    kept: tuple[Need, ...]
    depending: tuple[Need, ...]
    lost: tuple[Need, ...]
    unproven: tuple[Need, ...]
    slack: tuple[Cell, ...]
    opened: tuple[Cell, ...]
    before: Counts
    after: Counts
    notices: tuple[Notice, ...]

    @property
    def holds(self) -> bool:
        """Whether all that is needed is allowed, and nothing is that was not before."""
        return not self.lost and not self.opened and not self.notices


class Worlds:
    """The connections of an estate before and after, over the same classes."""

    def __init__(
        self,
        before: Estate,
        after: Estate,
        needs: Mapping[Need, Need],
        covered: Iterable[str],
        *,
        beside: Sequence[Policy] = (),
    ) -> None:
        """`needs` are such as they are said, each with the ends that it has here.

        `covered` are the workloads that the new policies are for, `beside` policies only to be told apart.
        """
        found: list[Notice] = []
        old, new = list(all_policies(before, [])), list(all_policies(after, found))
        ranges = {text for need in needs.values() for end in _both(need) for text in _ranges(end)}
        marker = _mentioned((*old, *new, *beside), ranges)
        ports = [PortRange(need.protocol, need.port, need.port) for need in needs]
        self.old = _reach(before, (*old, *marker), ports)
        self.new = _reach(after, (*new, *marker), ports)
        self.notices = tuple(found)
        self._needs = needs
        universe = self.new.universe
        names = frozenset(covered)
        self.covered = BitMap(
            number
            for number, pods in enumerate(universe.pods)
            if not pods.on_host and not names.isdisjoint(pods.workloads)
        )
        pods = (number for number, found in enumerate(universe.pods) if not found.on_host and found.workloads)
        self._pods = BitMap(pods)
        self._seen = self._pods | universe.world
        self._numbers: dict[str, list[int]] = {}
        for number in self._pods:
            for name in universe.pods[number].workloads:
                self._numbers.setdefault(name, []).append(number)

    def proof(self) -> Proof:
        """What holds in the new world, and what of it did not in the old one."""
        kept: dict[str, list[Need]] = {"kept": [], "depending": [], "lost": [], "unproven": []}
        needed: dict[tuple[int, int], int] = {}
        for need, meant in self._needs.items():
            kept[self._check(meant, needed)].append(need)
        slack, opened = [], []
        inside = set(self._pods)
        for source, destination, allowed in self.allowed():
            if source == destination and not needed.get((source, destination)):
                continue
            sure = self.new.between(source, destination)[0]
            certain = allowed if {source, destination} <= inside else allowed & sure
            beyond = certain & ~needed.get((source, destination), 0)
            if beyond:
                slack.append((source, destination, beyond))
            fresh = allowed & ~self.old.between(source, destination)[1]
            if fresh:
                opened.append((source, destination, fresh))
        return Proof(
            kept=tuple(kept["kept"]),
            depending=tuple(kept["depending"]),
            lost=tuple(kept["lost"]),
            unproven=tuple(kept["unproven"]),
            slack=tuple(self._cells(slack)),
            opened=tuple(self._cells(opened)),
            before=self._counts(self.old),
            after=self._counts(self.new),
            notices=self.notices,
        )

    def differences(self, other: "Worlds") -> tuple[Cell, ...]:
        """What is allowed for sure in one of two new worlds and not even possibly in the other."""
        found: dict[tuple[int, int], int] = {}
        for one, another in ((self, other), (other, self)):
            for source, destination, _ in one.allowed():
                sure = one.new.between(source, destination)[0]
                wrong = sure & ~another.new.between(source, destination)[1]
                if wrong and source != destination:
                    found[source, destination] = found.get((source, destination), 0) | wrong
        return tuple(
            self._cells([(source, destination, mask) for (source, destination), mask in found.items()])
        )

    def _check(self, need: Need, needed: dict[tuple[int, int], int]) -> str:
        """How it stands with a need; notes its cells."""
        sources, destinations = self._classes(need.source), self._classes(need.destination)
        if not sources or not destinations:
            return "unproven"
        mask = self.new.atoms.mask(PortRange(need.protocol, need.port, need.port))
        worst = "kept"
        for source in sources:
            for destination in destinations:
                needed[source, destination] = needed.get((source, destination), 0) | mask
                sure, upper = self.new.between(source, destination)
                if not mask & upper:
                    worst = "lost"
                elif not mask & sure and worst == "kept":
                    worst = "depending"
        return worst

    def _classes(self, end: End) -> list[int]:
        """The classes of an end; none of one on the network of its node."""
        if isinstance(end, Member):
            return self._numbers.get(end.group, [])
        ranges, without = (end.ranges, end.without) if isinstance(end, Addresses) else ((), ())
        return list(self.new.universe.where(Networks(ranges, without, pods=False, nodes=False)).sure)

    def allowed(self) -> Iterator[tuple[int, int, int]]:
        """All pairs with an end that new policies are for, and what is allowed between them at most."""
        ports = self._ports()
        for region in self.new.regions():
            mask = region.upper & ports
            sources, destinations = region.sources & self._seen, region.destinations & self._seen
            for source in sources & self.covered:
                for destination in destinations:
                    yield source, destination, mask
            for source in sources - self.covered:
                for destination in destinations & self.covered:
                    yield source, destination, mask

    def _ports(self) -> int:
        """All ports of the protocols that have some."""
        atoms = self.new.atoms
        mask = 0
        for protocol in WITH_PORTS:
            mask |= atoms.mask(PortRange(protocol, 1, 65_535))
        return mask

    def _counts(self, reach: Reach) -> Counts:
        """Pairs of workloads of which one is covered; those with pods of different labels count for each."""
        universe, ports = reach.universe, self._ports()
        size = [len(found.workloads) for found in universe.pods]
        pairs = 0
        outward, inward = BitMap(), BitMap()
        for region in reach.regions():
            if not region.upper & ports:
                continue
            sources, destinations = region.sources & self._pods, region.destinations & self._pods
            of, to = (sum(size[n] for n in found & self.covered) for found in (sources, destinations))
            from_others = sum(size[n] for n in sources - self.covered)
            to_all = sum(size[n] for n in destinations)
            both = sources & destinations & self.covered
            pairs += of * to_all + from_others * to - sum(size[n] for n in both)
            if region.destinations & universe.world:
                outward |= sources & self.covered
            if region.sources & universe.world:
                inward |= destinations & self.covered
        return Counts(pairs, sum(size[n] for n in outward), sum(size[n] for n in inward))

    def _cells(self, found: Iterable[tuple[int, int, int]]) -> Iterator[Cell]:
        """Pairs of classes as pairs of names, with ranges of ports."""
        universe = self.new.universe
        masks: dict[tuple[str, str], int] = {}
        for source, destination, mask in found:
            for one in _names(universe, source):
                for other in _names(universe, destination):
                    masks[one, other] = masks.get((one, other), 0) | mask
        for (one, other), mask in sorted(masks.items()):
            for found_range in self.new.atoms.ranges(mask):
                yield Cell(one, other, found_range.protocol, found_range.low, found_range.high)


def _names(universe: Universe, number: int) -> list[str]:
    return [OUTSIDE] if number >= universe.first_outside else list(universe.pods[number].workloads)


def _reach(estate: Estate, policies: Sequence[Policy], ports: Iterable[PortRange]) -> Reach:
    return Reach(policies, list(pods_of(estate)), list(nodes_of(estate)), labels_of(estate), ports=ports)


def _mentioned(policies: Sequence[Policy], ranges: Iterable[str]) -> tuple[Policy, ...]:
    """A policy for nobody that asks whatever these ask, so that the same endpoints are told apart."""
    if not policies:
        return ()
    asked: dict[tuple[Endpoints, Ports | None], None] = {}
    for policy in policies:
        asked[policy.subjects, None] = None
        asked.update(((rule.peers, rule.ports), None) for rule in policy.rules)
    asked.update(((Networks((text,), pods=False, nodes=False), None), None) for text in sorted(ranges))
    rules = tuple(
        Rule(action=Action.PASS, direction=Direction.INGRESS, peers=peers, ports=ports)
        for peers, ports in asked
    )
    return (Policy(entity=policies[0].entity, tier=NETWORK_POLICY, subjects=Nobody(), rules=rules),)


def _both(need: Need) -> tuple[End, End]:
    return need.source, need.destination


def _ranges(end: End) -> tuple[str, ...]:
    return (*end.ranges, *end.without) if isinstance(end, Addresses) else ()
