"""What the policies of one subject say about one peer: tiers in order, the first rule that matches decides.

What is not known is decided twice, once for and once against the connection, so that two bounds come out.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, permutations, product

import msgspec

from casemate.analysis.network.label_index import Span
from casemate.analysis.network.policies import Action, Policy, Rule, Tier

_ORDERS = 24
"""Orders of policies with one priority that are tried; of more than four such policies not all are."""


class Part(msgspec.Struct, frozen=True, eq=False):
    """A rule, or the part of it about peers on which a named port means one number."""

    rule: Rule
    peers: Span
    mask: int

    def is_sure(self, peer: int) -> bool:
        """Whether it is certain that the rule matches a peer."""
        return not self.rule.depends and peer in self.peers.sure


class Applied(msgspec.Struct, frozen=True, eq=False):
    """A policy that selects a subject, or may where it is not `sure`, with its parts in one direction."""

    policy: Policy
    parts: tuple[Part, ...]
    isolates: bool
    sure: bool


Stage = tuple[Tier, Sequence[Applied]]


def evaluate(applied: Sequence[Applied], peer: int, everything: int) -> tuple[int, int]:
    """What policies allow between their subject and a peer: for sure, and at most."""
    stages: list[Stage] = [(tier, list(found)) for tier, found in groupby(applied, key=_tier)]
    tied = [_orders(tier, found, peer) for tier, found in stages]
    if all(len(orders) == 1 for orders in tied) and _is_certain(applied, peer):
        found = run(stages, peer, everything)
        return found, found
    sure, upper = everything, 0
    passing = (True, False) if _may_pass(applied, peer) else (True,)
    for chosen in islice(product(*tied), _ORDERS):
        ordered = [(tier, order) for (tier, _), order in zip(stages, chosen, strict=True)]
        for passes in passing:
            sure &= run(ordered, peer, everything, hopeful=False, passes=passes)
            upper |= run(ordered, peer, everything, hopeful=True, passes=passes)
    return sure, upper


def run(
    stages: Iterable[Stage], peer: int, everything: int, *, hopeful: bool = False, passes: bool = True
) -> int:
    """One evaluation: what is not sure counts for the connection if `hopeful`, else against it.

    `passes` says whether rules that may leave it to the next tier do.
    """
    undecided, allowed = everything, 0
    for tier, applied in stages:
        passed = 0
        isolated = False
        for item in applied:
            isolated = isolated or (item.isolates and (item.sure or not hopeful))
            for part in item.parts:
                match = part.mask & undecided
                if match and _matches(item, part, peer, hopeful=hopeful, passes=passes):
                    undecided &= ~match
                    if part.rule.action is Action.ALLOW:
                        allowed |= match
                    elif part.rule.action is Action.PASS:
                        passed |= match
        if isolated and not tier.ends_in_pass:
            undecided = 0
        undecided |= passed
    return allowed | undecided


def _matches(item: Applied, part: Part, peer: int, *, hopeful: bool, passes: bool) -> bool:
    if peer not in part.peers.upper:
        return False
    if item.sure and part.is_sure(peer):
        return True
    action = part.rule.action
    return passes if action is Action.PASS else (action is Action.ALLOW) == hopeful


def _tier(item: Applied) -> Tier:
    return item.policy.tier


def _is_certain(applied: Iterable[Applied], peer: int) -> bool:
    """Whether nothing about the peer is unknown."""
    return all(
        item.sure and all(part.is_sure(peer) or peer not in part.peers.upper for part in item.parts)
        for item in applied
    )


def _may_pass(applied: Iterable[Applied], peer: int) -> bool:
    """Whether it depends on something that a rule leaves it to the next tier."""
    return any(
        part.rule.action is Action.PASS
        and peer in part.peers.upper
        and not (item.sure and part.is_sure(peer))
        for item in applied
        for part in item.parts
    )


def _orders(tier: Tier, applied: Sequence[Applied], peer: int) -> list[list[Applied]]:
    """The orders in which a tier's policies may be asked; one where it is defined, or makes no odds."""
    if not tier.ties or len(applied) == 1:
        return [list(applied)]
    options: list[list[list[Applied]]] = []
    for _, found in groupby(applied, key=lambda item: item.policy.order):
        group = list(found)
        tied = len(group) > 1 and _differ(group, peer)
        options.append([list(o) for o in islice(permutations(group), _ORDERS)] if tied else [group])
    return [[item for group in choice for item in group] for choice in islice(product(*options), _ORDERS)]


def _differ(group: Iterable[Applied], peer: int) -> bool:
    """Whether policies do different things with a peer."""
    parts = (part for item in group for part in item.parts)
    return len({part.rule.action for part in parts if peer in part.peers.upper}) > 1


def conflicts(applied: Sequence[Applied], peer: int) -> Iterator[tuple[Policy, Policy]]:
    """Policies with one priority whose order is not defined, and that do different things with a peer."""
    for tier, found in groupby(applied, key=_tier):
        if tier.ties:
            for _, tied in groupby(found, key=lambda item: item.policy.order):
                group = list(tied)
                if len(group) > 1 and _differ(group, peer):
                    yield group[0].policy, group[1].policy
