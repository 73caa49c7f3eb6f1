"""What can be reached, step by step, from each workload: sets of workloads as bits, all at once.

A member is a workload with one class of its pods, so that pods of one workload with different labels are
told apart. Whoever has taken over a member may call what policies allow it at a port that somebody listens
at, and go on from there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.policies import TCP, WITH_PORTS, PortRange
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.verdicts import Profile

Listening = Mapping[str, Iterable[tuple[str, int]]]
"""The protocols and ports that workloads are known to listen at; every port where none is known."""
Rows = list[int]
"""For each member the set of those that it may call."""


class Members:
    """All members by number, and the ports that each listens at."""

    def __init__(self, reach: Reach, listening: Listening, left_out: Iterable[str] = ()) -> None:
        """`left_out` are workloads that are no members: such as were not read."""
        atoms, without = reach.atoms, frozenset(left_out)
        self.names: list[str] = []
        self.classes: list[int] = []
        self.of: dict[str, int] = {}
        self.in_class: dict[int, int] = {}
        self.at: dict[int, int] = {}
        anywhere = 0
        for protocol in WITH_PORTS:
            anywhere |= atoms.mask(PortRange(protocol, 1, 65_535))
        for number, found in enumerate(reach.universe.pods):
            for name in found.workloads:
                if name in without:
                    continue
                bit = 1 << len(self.names)
                self.names.append(name)
                self.classes.append(number)
                self.of[name] = self.of.get(name, 0) | bit
                self.in_class[number] = self.in_class.get(number, 0) | bit
                mask = 0
                for protocol, port in listening.get(name, ()):
                    mask |= atoms.containing(protocol, port)
                mask = mask or anywhere
                self.at[mask] = self.at.get(mask, 0) | bit
        self.all = (1 << len(self.names)) - 1
        self._several = [bits for bits in self.of.values() if bits.bit_count() > 1]
        self._single = sum(bits for bits in self.of.values() if bits.bit_count() == 1)

    def __len__(self) -> int:
        return len(self.names)

    def bits(self, classes: Iterable[int]) -> int:
        """The members whose pods are in some classes."""
        found = 0
        for number in classes:
            found |= self.in_class.get(number, 0)
        return found

    def named(self, bits: int) -> tuple[str, ...]:
        """The names of the workloads of some members, each once."""
        return tuple(dict.fromkeys(self.names[number] for number in numbers(bits)))

    def counts(self, rows: Rows) -> list[int]:
        """How many other workloads each one has in its row, in the order of `of`."""
        if self._several:
            return [self.count(merged(rows, own) & ~own) for own in self.of.values()]
        return [row.bit_count() - (row >> number & 1) for number, row in enumerate(rows)]

    def count(self, bits: int) -> int:
        """How many workloads some members belong to."""
        return (bits & self._single).bit_count() + sum(1 for found in self._several if found & bits)


def numbers(bits: int) -> Iterator[int]:
    """The numbers in a set, the lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def merged(rows: Rows, bits: int) -> int:
    """What some members have in their rows, together."""
    found = 0
    for number in numbers(bits):
        found |= rows[number]
    return found


def callable_rows(reach: Reach, members: Members) -> Rows:
    """Whom each member may call at a port that the other listens at, counting what depends on something."""
    egress: dict[int, list[tuple[int, int]]] = {}
    plain, special = _incoming(reach, members)
    by_class: dict[int, int] = {}
    for number in members.in_class:
        profile = reach.egress.profile_of[number]
        if profile not in egress:
            egress[profile] = list(_outgoing(reach.egress.profiles[profile], members))
        own = special.get(number, {})
        taken = 0
        for bits in own.values():
            taken |= bits
        incoming = [*((mask, bits & ~taken) for mask, bits in plain.items()), *own.items()]
        by_class[number] = _meeting(egress[profile], incoming, members)
    return [by_class[number] for number in members.classes]


def _outgoing(profile: Profile, members: Members) -> Iterator[tuple[int, int]]:
    """The ports that a profile may call, each set with the members that it holds for."""
    rest = members.all
    for block in profile.others:
        bits = members.bits(block.peers) if len(block.peers) < len(members) else _within(block.peers, members)
        rest &= ~bits
        if block.upper and bits:
            yield block.upper, bits
    if profile.upper and rest:
        yield profile.upper, rest


def _within(peers: BitMap, members: Members) -> int:
    """The members in a large set of classes."""
    return members.bits(number for number in members.in_class if number in peers)


def _incoming(reach: Reach, members: Members) -> tuple[dict[int, int], dict[int, dict[int, int]]]:
    """What members let in: from most classes, and where it differs from that by the class of the caller."""
    plain: dict[int, int] = {}
    special: dict[int, dict[int, int]] = {}
    for profile in reach.ingress.profiles:
        bits = members.bits(number for number in profile.members if number in members.in_class)
        if not bits:
            continue
        plain[profile.upper] = plain.get(profile.upper, 0) | bits
        for block in profile.others:
            for number in block.peers:
                if number in members.in_class:
                    own = special.setdefault(number, {})
                    own[block.upper] = own.get(block.upper, 0) | bits
    return plain, special


def _meeting(
    outgoing: Iterable[tuple[int, int]], incoming: Sequence[tuple[int, int]], members: Members
) -> int:
    """The members at which some port is let out, let in and listened at."""
    found = 0
    for out, there in outgoing:
        for into, here in incoming:
            both, ports = there & here & ~found, out & into
            if both and ports:
                for mask, listeners in members.at.items():
                    if mask & ports:
                        found |= both & listeners
    return found


class _Part(msgspec.Struct):
    """Members that reach each other, as far as is known, and all that these may call."""

    members: int
    calls: int


def closure(rows: Rows) -> Rows:
    """All that each member reaches in any number of steps: itself only where it gets back to itself.

    Source: H. N. Gabow, "Path-based depth-first search for strong and biconnected components" (2000).
    """
    found: Rows = [0] * len(rows)
    done = 0
    for start in range(len(rows)):
        if done >> start & 1:
            continue
        path = [_Part(1 << start, rows[start])]
        on_path = 1 << start
        while path:
            top = path[-1]
            pending = top.calls & ~done & ~top.members
            if not pending:
                path.pop()
                reached = _with_all_behind(top.calls, done, found)
                for number in numbers(top.members):
                    found[number] = reached
                done |= top.members
                on_path ^= top.members
                continue
            if not pending & on_path:
                low = pending & -pending
                path.append(_Part(low, rows[low.bit_length() - 1]))
                on_path |= low
                continue
            back = next(index for index, part in enumerate(path) if part.members & pending)
            for part in path[back + 1 :]:
                path[back].members |= part.members
                path[back].calls |= part.calls
            del path[back + 1 :]
    return found


def _with_all_behind(calls: int, done: int, found: Rows) -> int:
    """What is called, and what that reaches where it is known."""
    reached, rest = calls, calls & done
    while rest:
        low = rest & -rest
        behind = found[low.bit_length() - 1]
        reached |= behind
        rest &= ~(behind | low)
    return reached


def layers(rows: Rows, start: int, reached: int) -> Iterator[int]:
    """The members that some members reach in one step, then those that take two, and so on.

    `reached` are all of them, after which nothing is left to look for.
    """
    seen = here = start
    while reached & ~seen:
        fresh = 0
        for number in numbers(here):
            fresh |= rows[number]
        here = fresh & ~seen
        seen |= here
        yield here


class Outward(msgspec.Struct, frozen=True):
    """The members that may call an address outside of the cluster: at some port, and at every port of TCP."""

    somehow: int
    freely: int


def outward(reach: Reach, members: Members) -> Outward:
    """Who may call addresses outside."""
    world, ports = reach.universe.world, reach.atoms.mask(PortRange(TCP, 1, 65_535))
    somehow = freely = 0
    for profile in reach.egress.profiles:
        masks = [block.upper for block in profile.others if block.peers & world]
        if world - profile.special:
            masks.append(profile.upper)
        bits = members.bits(number for number in profile.members if number in members.in_class)
        somehow |= bits if any(masks) else 0
        freely |= bits if any(mask & ports == ports for mask in masks) else 0
    return Outward(somehow, freely)


def mixed(old: Reach, new: Reach, members: Members) -> "Mixture":
    """Both worlds of a change, so that it can be made for some members and not for others."""
    out, into = copy(old), copy(old)
    out.egress, into.ingress = new.egress, new.ingress
    return Mixture(*(callable_rows(reach, members) for reach in (old, out, into, new)))


class Mixture(msgspec.Struct, frozen=True, eq=False):
    """Whom members may call before a change, after it, and where only one end has it."""

    before: Rows
    at_source: Rows
    at_destination: Rows
    after: Rows

    def where(self, changed: int) -> Rows:
        """Whom members may call where only some have the change."""
        found = []
        for number, (before, source, destination, after) in enumerate(
            zip(self.before, self.at_source, self.at_destination, self.after, strict=True)
        ):
            if changed >> number & 1:
                found.append((source & ~changed) | (after & changed))
            else:
                found.append((before & ~changed) | (destination & changed))
        return found
