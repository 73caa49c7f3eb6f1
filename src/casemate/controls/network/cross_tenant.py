"""A rule lets pods of one tenant connect to those of another.

Tenants share a cluster on the promise that they do not see each other. The rule breaks it, often by a
selector that means all namespaces.
"""

from collections.abc import Iterator

from casemate.analysis.listing import counted, some
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, control
from casemate.model.network_policy import ConnectionPolicy
from casemate.model.severity import Confidence, Severity

_SHOWN = 3


@control(
    "network-cross-tenant",
    title="Connection between tenants",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.EXPOSED,
    remedy="Restrict the peer to the namespaces of the same tenant, by their label",
    standards=(
        "NSA-CISA-1.2:network-policies",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K05",
        "NIST-800-190:4.3.3",
    ),
    area="netpol_rules_egress",
)
def cross_tenant(policy: ConnectionPolicy, situation: Situation) -> Iterator[Fault]:
    from casemate.analysis.network.breadth import CHOSEN  # noqa: PLC0415 # start-up: the network is large
    from casemate.analysis.network.openings import full  # noqa: PLC0415 # start-up: the same
    from casemate.analysis.network.openings_in import tenants  # noqa: PLC0415 # start-up: the same

    for found in situation.derived(tenants).of(policy):
        names, peers = full(found.workloads), full(found.peers)
        yield Fault(
            message=f"the rule lets pods of other tenants connect to those of {found.what}",
            at=found.rule.at,
            why=(
                f"{counted(peers)} of other tenants",
                f"may connect to {some(names, _SHOWN)}",
            ),
            severity=None if found.breadth is not CHOSEN else Severity.LOW,
        )
