"""What policies let each subject have in one direction, worked out once for all with the same policies.

Subjects with the same policies make a profile. For a profile the peers fall into blocks, by which of its
rules mean them; each block is evaluated once. Two bounds are kept: what is allowed for sure, and what is
allowed if everything that is not known turns out in its favour.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy

import msgspec
from msgspec.structs import replace
from pyroaring import BitMap

from casemate.analysis.network.evaluation import Applied, Part, evaluate
from casemate.analysis.network.label_index import Span
from casemate.analysis.network.policies import Direction, NamedPort, Policy, PortRange, Ports, Rule
from casemate.analysis.network.ports import PortAtoms
from casemate.analysis.network.universe import Universe


class Block(msgspec.Struct, frozen=True, eq=False):
    """Peers for which a profile's answer is the same: what is allowed for sure, and at most."""

    peers: BitMap
    sure: int
    upper: int


class Profile(msgspec.Struct, eq=False):
    """Subjects with the same policies, in the order in which they are asked, and what these say.

    `sure` and `upper` are the answer for all peers that are in none of `others`: to name those would take
    a bit for nearly every endpoint.
    """

    members: BitMap
    applied: tuple[Applied, ...]
    sure: int = 0
    upper: int = 0
    others: tuple[Block, ...] = ()

    @property
    def special(self) -> BitMap:
        """The peers for which the answer is another one than for most."""
        return BitMap.union(*(block.peers for block in self.others)) if self.others else BitMap()


class Side:
    """One direction of all connections."""

    def __init__(
        self, direction: Direction, policies: Sequence[Policy], universe: Universe, atoms: PortAtoms
    ) -> None:
        self.direction = direction
        self._universe = universe
        self._atoms = atoms
        self._parts: dict[tuple[int, tuple[object, ...]], tuple[Part, ...]] = {}
        self.profile_of: list[int] = []
        self.profiles: list[Profile] = []
        ordered = sorted(policies, key=lambda policy: (policy.tier, policy.order, policy.name))
        self._policies = [policy for policy in ordered if _speaks(policy, direction)]
        self._group()
        for profile in self.profiles:
            self._evaluate(profile)

    def between(self, subject: int, peer: int) -> tuple[int, int]:
        """What is allowed between a subject and a peer: for sure, and at most."""
        profile = self.profiles[self.profile_of[subject]]
        for block in profile.others:
            if peer in block.peers:
                return block.sure, block.upper
        return profile.sure, profile.upper

    def changed(self, removed: Sequence[Policy], added: Sequence[Policy]) -> "Side":
        """The side without some policies and with others; it shares the profiles of all other subjects.

        What the added ones mention must be told apart already (see `Reach.changed`).
        """
        other = copy(self)
        other.profiles, other.profile_of = list(self.profiles), list(self.profile_of)
        new = [policy for policy in added if _speaks(policy, self.direction)]
        first = len(self._policies)
        other._policies = [*self._policies, *new]  # noqa: SLF001 # its own kind
        other._parts = dict(self._parts)  # noqa: SLF001
        selected = [self._universe.where(policy.subjects) for policy in new]
        gone = {id(policy) for policy in removed}
        affected = BitMap.union(
            BitMap(),
            *(span.upper for span in selected),
            *(
                self._universe.where(policy.subjects).upper
                for policy in removed
                if _speaks(policy, self.direction)
            ),
        )
        for number in {self.profile_of[subject] for subject in affected}:
            profile = self.profiles[number]
            other.profiles[number] = replace(profile, members=profile.members - affected)
            kept = [item for item in profile.applied if id(item.policy) not in gone]
            groups: dict[tuple[tuple[tuple[int, bool], ...], tuple[object, ...]], BitMap] = {}
            for subject in profile.members & affected:
                chosen = tuple(
                    (first + i, subject in s.sure) for i, s in enumerate(selected) if subject in s.upper
                )
                groups.setdefault((chosen, other._names(subject, chosen)), BitMap()).add(subject)  # noqa: SLF001
            for (chosen, _), members in groups.items():
                applied = (*kept, *other._applied(chosen, members.min()))  # noqa: SLF001
                fresh = Profile(members, tuple(sorted(applied, key=_place)))
                other._evaluate(fresh)  # noqa: SLF001
                for subject in members:
                    other.profile_of[subject] = len(other.profiles)
                other.profiles.append(fresh)
        return other

    def within(self, universe: Universe) -> "Side":
        """The same side of the same classes, of which other pods are known."""
        other = copy(self)
        other._universe = universe  # noqa: SLF001 # its own kind
        return other

    def applied(self, subject: int) -> tuple[Applied, ...]:
        """The policies of a subject."""
        return self.profiles[self.profile_of[subject]].applied

    def _group(self) -> None:
        of: list[list[tuple[int, bool]]] = [[] for _ in range(self._universe.size)]
        for number, policy in enumerate(self._policies):
            selected = self._universe.where(policy.subjects)
            for member in selected.upper:
                of[member].append((number, member in selected.sure))
        known: dict[tuple[object, ...], int] = {}
        for subject, chosen in enumerate(of):
            key = (tuple(chosen), self._names(subject, chosen))
            number = known.get(key, -1)
            if number < 0:
                number = known[key] = len(self.profiles)
                self.profiles.append(Profile(BitMap(), self._applied(chosen, subject)))
            self.profiles[number].members.add(subject)
            self.profile_of.append(number)

    def _names(self, subject: int, chosen: Iterable[tuple[int, bool]]) -> tuple[object, ...]:
        """The named ports of a subject, where rules about what reaches it name any."""
        if self.direction is Direction.EGRESS or subject >= len(self._universe.pods):
            return ()
        if any(_has_names(self._policies[number], self.direction) for number, _ in chosen):
            return self._universe.pods[subject].ports
        return ()

    def _applied(self, chosen: Iterable[tuple[int, bool]], subject: int) -> tuple[Applied, ...]:
        found = []
        for number, sure in chosen:
            names = self._names(subject, ((number, sure),))
            parts = self._parts.get((number, names))
            if parts is None:
                parts = self._parts[number, names] = tuple(self._parts_of(self._policies[number], subject))
            policy = self._policies[number]
            found.append(Applied(policy, parts, self.direction in policy.isolates, sure))
        return tuple(found)

    def _parts_of(self, policy: Policy, subject: int) -> Iterator[Part]:
        for rule in policy.rules:
            if rule.direction is not self.direction:
                continue
            peers = self._universe.where(rule.peers)
            if rule.ports is None:
                yield Part(rule, peers, self._atoms.everything)
                continue
            plain = self._mask(port for port in rule.ports if isinstance(port, PortRange))
            if self.direction is Direction.INGRESS:
                yield Part(rule, peers, plain | self._named(rule.ports, subject))
                continue
            yield from self._by_destination(rule, peers, plain)

    def _by_destination(self, rule: Rule, peers: Span, plain: int) -> Iterator[Part]:
        """A rule about what goes out: for its numbers, and for each number that a name means on peers."""
        if plain:
            yield Part(rule, peers, plain)
        for port in rule.ports or ():
            if isinstance(port, NamedPort):
                for number, having in self._universe.named_ports.get((port.protocol, port.name), {}).items():
                    sure = peers.sure & having
                    upper = sure if peers.sure is peers.upper else peers.upper & having
                    if upper:
                        mask = self._atoms.mask(PortRange(port.protocol, number, number))
                        yield Part(rule, Span(sure, upper), mask)

    def _named(self, ports: Ports, destination: int) -> int:
        names = {(port.protocol, port.name) for port in ports if isinstance(port, NamedPort)}
        if not names or destination >= len(self._universe.pods):
            return 0
        found = self._universe.pods[destination].ports
        return self._mask(
            PortRange(port.protocol, port.number, port.number)
            for port in found
            if (port.protocol, port.name) in names
        )

    def _mask(self, ranges: Iterable[PortRange]) -> int:
        mask = 0
        for item in ranges:
            mask |= self._atoms.mask(item)
        return mask

    def _evaluate(self, profile: Profile) -> None:
        """Work out the answers of a profile; peers with equal answers are one block."""
        answers: dict[tuple[int, int], list[BitMap]] = {}
        for peers in self._alike(profile.applied):
            answer = evaluate(profile.applied, peers.min(), self._atoms.everything)
            answers.setdefault(answer, []).append(peers)
        blocks = [
            Block(found[0] if len(found) == 1 else BitMap.union(*found), sure, upper)
            for (sure, upper), found in answers.items()
        ]
        most = max(blocks, key=lambda block: len(block.peers))
        profile.sure, profile.upper = most.sure, most.upper
        profile.others = tuple(block for block in blocks if block is not most)

    def _alike(self, applied: tuple[Applied, ...]) -> list[BitMap]:
        """The peers in sets that no rule tells apart."""
        blocks = [self._universe.all]
        everything = len(self._universe.all)
        seen: set[int] = set()
        for item in applied:
            for part in item.parts:
                for members in {
                    id(part.peers.sure): part.peers.sure,
                    id(part.peers.upper): part.peers.upper,
                }.values():
                    if id(members) in seen or not members or len(members) == everything:
                        continue
                    seen.add(id(members))
                    blocks = list(_split(blocks, members))
        return blocks


def _place(item: Applied) -> tuple[object, ...]:
    """Where a policy stands among those of a subject."""
    policy = item.policy
    return policy.tier, policy.order, policy.name


def _split(blocks: Iterable[BitMap], members: BitMap) -> Iterator[BitMap]:
    for block in blocks:
        inside = block & members
        if not inside or len(inside) == len(block):
            yield block
        else:
            yield inside
            yield block - inside


def _speaks(policy: Policy, direction: Direction) -> bool:
    return direction in policy.isolates or any(rule.direction is direction for rule in policy.rules)


def _has_names(policy: Policy, direction: Direction) -> bool:
    return any(
        isinstance(port, NamedPort)
        for rule in policy.rules
        if rule.direction is direction
        for port in rule.ports or ()
    )
