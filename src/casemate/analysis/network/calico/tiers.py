"""The stages in which Calico asks policies.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3/tier.go, libcalico-go/lib/clientv3/client.go (tiers
that every cluster has), felix/calc/policy_sorter.go (a tier without an order is the last; equal ones go by
name).
"""

import math
from collections.abc import Iterable

from casemate.analysis.network.policies import Notice, Tier
from casemate.model.calico import DENY, PASS, CalicoTier

DEFAULT = Tier(1_000_000, "default")
KUBE_ADMIN = Tier(1_000, "kube-admin", ends_in_pass=True)
KUBE_BASELINE = Tier(10_000_000, "kube-baseline", ends_in_pass=True)
_OLDER = (
    Tier(1_000, "adminnetworkpolicy", ends_in_pass=True),
    Tier(10_000_000, "baselineadminnetworkpolicy", ends_in_pass=True),
)
BUILT_IN = {tier.name: tier for tier in (DEFAULT, KUBE_ADMIN, KUBE_BASELINE, *_OLDER)}
"""The tiers that need no object, with an order and a default action that nobody can change."""


def known_tiers(tiers: Iterable[CalicoTier], notices: list[Notice]) -> dict[str, Tier]:
    """Tiers by name: those that were read and those that are always there."""
    found = {}
    for tier in tiers:
        spec = tier.spec
        if spec.default_action not in {DENY, PASS}:
            message = f"Calico refuses the tier: its default action is {DENY} or {PASS}"
            notices.append(Notice(tier, ("spec", "defaultAction"), message))
            continue
        order = math.inf if spec.order is None else spec.order
        found[tier.name] = Tier(order, tier.name, ends_in_pass=spec.default_action == PASS)
    return found | BUILT_IN
