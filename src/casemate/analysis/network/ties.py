"""Cluster-wide policies of one priority that say different things about a connection.

Source: network-policy-api apis/v1alpha2 clusternetworkpolicy_types.go: what happens between policies of equal
priority is not defined.
"""

from collections.abc import Iterator
from itertools import combinations, groupby

import msgspec

from casemate.analysis.network.evaluation import Applied, Part
from casemate.analysis.network.openings import AllowingRules
from casemate.analysis.network.policies import Policy
from casemate.analysis.network.situation import Situation
from casemate.analysis.network.verdicts import Side
from casemate.model.estate import Entity

_MANY = 50
"""Policies of one priority for one pod that are compared with each other."""


class Tie(msgspec.Struct, eq=False):
    """Two policies of one priority, rules of theirs that differ, and the workloads for which they do."""

    one: Policy
    other: Policy
    mine: Part
    theirs: Part
    workloads: set[str] = set()


class Ties:
    """The policies of an estate whose order decides, and is not defined."""

    def __init__(self, situation: Situation) -> None:
        self._rules = situation.derived(AllowingRules)
        self._found: dict[tuple[int, int], Tie] = {}
        for side in (self._rules.reach.ingress, self._rules.reach.egress):
            self._search(side)

    def of(self, entity: Entity) -> Iterator[Tie]:
        """Those of a policy with others that stand after it."""
        return (tie for tie in self._found.values() if tie.one.entity is entity)

    def _search(self, side: Side) -> None:
        for profile in side.profiles:
            for _, found in groupby(profile.applied, key=lambda item: (item.policy.tier, item.policy.order)):
                group = list(found)
                if len(group) < 2 or not group[0].policy.tier.ties:
                    continue
                for one, other in combinations(group[:_MANY], 2):
                    differing = _differing(one, other)
                    if differing is not None and one.policy.entity is not other.policy.entity:
                        key = (id(one.policy.entity), id(other.policy.entity))
                        tie = self._found.setdefault(key, Tie(one.policy, other.policy, *differing, set()))
                        tie.workloads |= set(self._rules.workloads(profile.members))


def _differing(one: Applied, other: Applied) -> tuple[Part, Part] | None:
    """Two rules that do different things with a connection."""
    for mine in one.parts:
        for theirs in other.parts:
            if (
                mine.rule.action is not theirs.rule.action
                and mine.mask & theirs.mask
                and mine.peers.sure & theirs.peers.sure
            ):
                return mine, theirs
    return None
