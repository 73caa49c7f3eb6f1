"""Which connections a cluster allows, between all its endpoints at once, exactly.

A connection needs what goes out of its source and what comes in at its destination. Both sides hold their
answers in blocks; what most endpoints have in common is kept as a background of few rectangles, and what
differs from it as exceptions, so that a large cluster costs what its policies cost, not the square of its
pods.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy

import msgspec
from pyroaring import BitMap, FrozenBitMap

from casemate.analysis.network.addresses import AddressRange, address_text, parse_address
from casemate.analysis.network.endpoints import NodeEndpoint, PodEndpoint
from casemate.analysis.network.mentions import Mentions
from casemate.analysis.network.policies import Direction, Policy, PortRange
from casemate.analysis.network.ports import PortAtoms
from casemate.analysis.network.universe import Assumptions, KnownLabels, Universe
from casemate.analysis.network.verdicts import Profile, Side


class Region(msgspec.Struct, frozen=True, eq=False):
    """Sources and destinations, all of whose pairs have one answer: what is allowed for sure, and at most."""

    sources: BitMap
    destinations: BitMap
    sure: int
    upper: int


class Reach:
    """All connections of a cluster, by classes of endpoints."""

    def __init__(
        self,
        policies: Sequence[Policy],
        pods: Iterable[PodEndpoint],
        nodes: Sequence[NodeEndpoint],
        labels: KnownLabels,
        assumed: Assumptions = Assumptions(),  # noqa: B008 # it cannot change
        ports: Iterable[PortRange] = (),
        ranges: Iterable[AddressRange] = (),
    ) -> None:
        """`ports` and `ranges` are further ones that answers shall tell apart, such as another cluster's."""
        self.policies = policies
        with_addresses = assumed.networks_hold_pods is not False
        mentions = Mentions(policies, with_addresses=with_addresses, apart=assumed.apart)
        mentions.ranges.update(ranges)
        self._mentions = mentions
        self.universe = Universe(pods, nodes, labels, mentions, assumed)
        named = {
            PortRange(port.protocol, port.number, port.number)
            for found in self.universe.pods
            for port in found.ports
            if (port.protocol, port.name) in mentions.names
        }
        self.atoms = PortAtoms({*mentions.ports, *named, *ports})
        self.egress = Side(Direction.EGRESS, policies, self.universe, self.atoms)
        self.ingress = Side(Direction.INGRESS, policies, self.universe, self.atoms)

    @property
    def namespace_keys(self) -> frozenset[str]:
        """The labels of namespaces that policies ask about."""
        return frozenset(self._mentions.namespace_keys)

    def changed(self, removed: Sequence[Policy], added: Sequence[Policy]) -> "Reach | None":
        """The connections with some policies less and others more, worked out for their subjects only.

        None where the new policies mention labels, ports or addresses that are not told apart yet: then all
        has to be worked out anew.
        """
        with_addresses = self.universe.assumed.networks_hold_pods is not False
        if not self._mentions.hold(Mentions(added, with_addresses=with_addresses)):
            return None
        other = copy(self)
        gone = {id(policy) for policy in removed}
        other.policies = [*(policy for policy in self.policies if id(policy) not in gone), *added]
        other.egress = self.egress.changed(removed, added)
        other.ingress = self.ingress.changed(removed, added)
        return other

    def with_pods(self, added: Sequence[PodEndpoint], removed: Sequence[PodEndpoint] = ()) -> "Reach | None":
        """The connections with some pods more and others less, such as a replica that came or went.

        None where a pod is of no class yet: it may be a peer of any subject, so that all has to be worked out
        anew. So it is too where ranges of addresses mean pods, since each address is a class of its own then.
        The pod that stands for its workload in an answer may be one that went while others stay.
        """
        universe = self.universe.with_pods(added, removed)
        if universe is None:
            return None
        other = copy(self)
        other.universe = universe
        other.egress, other.ingress = self.egress.within(universe), self.ingress.within(universe)
        return other

    def between(self, source: int, destination: int) -> tuple[int, int]:
        """The ports that a source may reach on a destination: for sure, and at most."""
        out, into = self.egress.between(source, destination), self.ingress.between(destination, source)
        return out[0] & into[0], out[1] & into[1]

    def number_of(self, address: str) -> int | None:
        """The class of the pod or node with an address, or of the address outside; None for no address."""
        found = parse_address(address)
        if found is None:
            return None
        owner = self.universe.owners.get(address_text(found.family, found.low))
        return self.universe.number_outside(found) if owner is None else owner

    def background(self) -> Iterator[Region]:
        """The answers that hold wherever no exception says otherwise, as few rectangles."""
        outgoing = _by_answer(self.egress.profiles)
        incoming = _by_answer(self.ingress.profiles)
        for (out_sure, out_upper), sources in outgoing.items():
            for (in_sure, in_upper), destinations in incoming.items():
                yield Region(sources, destinations, out_sure & in_sure, out_upper & in_upper)

    def exceptions(self) -> Iterator[Region]:
        """The rectangles in which the background does not hold; no two have a pair in common."""
        for destinations, sources, (sure, upper) in _merged(self.egress.profiles):
            for number, here in _by_profile(destinations, self.ingress):
                profile = self.ingress.profiles[number]
                rest = sources
                for block in profile.others:
                    there = sources & block.peers
                    if there:
                        rest = rest - there
                        yield Region(there, here, sure & block.sure, upper & block.upper)
                if rest:
                    yield Region(rest, here, sure & profile.sure, upper & profile.upper)
        for sources, destinations, (sure, upper) in _merged(self.ingress.profiles):
            for number, here in _by_profile(sources, self.egress):
                profile = self.egress.profiles[number]
                there = destinations - profile.special
                if there:
                    yield Region(here, there, profile.sure & sure, profile.upper & upper)

    def regions(self) -> Iterator[Region]:
        """Rectangles that hold every allowed pair once: the background without its exceptions, and these."""
        exceptions = list(self.exceptions())
        yield from (region for region in exceptions if region.upper)
        yield from self._background_only()

    def _background_only(self) -> Iterator[Region]:
        """The background without the exceptions, cut into rectangles."""
        outgoing = _by_special(self.egress.profiles)
        incoming = _by_special(self.ingress.profiles)
        for (out_special, out_sure, out_upper), sources in outgoing.items():
            for (in_special, in_sure, in_upper), destinations in incoming.items():
                sure, upper = out_sure & in_sure, out_upper & in_upper
                here, there = sources - in_special, destinations - out_special
                if upper and here and there:
                    yield Region(here, there, sure, upper)


def _by_answer(profiles: Iterable[Profile]) -> dict[tuple[int, int], BitMap]:
    found: dict[tuple[int, int], BitMap] = {}
    for profile in profiles:
        if profile.members:
            found.setdefault((profile.sure, profile.upper), BitMap()).update(profile.members)
    return found


def _by_special(profiles: Iterable[Profile]) -> dict[tuple[FrozenBitMap, int, int], BitMap]:
    found: dict[tuple[FrozenBitMap, int, int], BitMap] = {}
    for profile in profiles:
        if profile.members:
            key = (FrozenBitMap(profile.special), profile.sure, profile.upper)
            found.setdefault(key, BitMap()).update(profile.members)
    return found


def _merged(profiles: Iterable[Profile]) -> Iterator[tuple[BitMap, BitMap, tuple[int, int]]]:
    """The special blocks of profiles, those with equal peers and answers as one with all their members."""
    found: dict[tuple[FrozenBitMap, int, int], BitMap] = {}
    for profile in profiles:
        for block in profile.others if profile.members else ():
            key = (FrozenBitMap(block.peers), block.sure, block.upper)
            found.setdefault(key, BitMap()).update(profile.members)
    for (peers, sure, upper), members in found.items():
        yield BitMap(peers), members, (sure, upper)


def _by_profile(members: BitMap, side: Side) -> Iterator[tuple[int, BitMap]]:
    """Some endpoints by their profile on a side."""
    if len(members) > len(side.profiles):
        for number, profile in enumerate(side.profiles):
            inside = profile.members & members
            if inside:
                yield number, inside
        return
    found: dict[int, BitMap] = {}
    for member in members:
        found.setdefault(side.profile_of[member], BitMap()).add(member)
    yield from found.items()
