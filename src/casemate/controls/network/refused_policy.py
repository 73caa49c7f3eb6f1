"""A network policy is refused, or has no effect, as it is written.

The API server or the network plugin turns it away, or takes it and does something else than it seems to say.
Whoever wrote it believes that it holds.
"""

from collections.abc import Iterator

from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, control
from casemate.model.network_policy import ConnectionPolicy
from casemate.model.severity import Severity


@control(
    "network-refused-policy",
    title="Network policy that is refused or not followed",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Correct the field, and see that the policy is there afterwards",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
)
def refused_policy(policy: ConnectionPolicy, situation: Situation) -> Iterator[Fault]:
    holds = bool(situation.policies_of(policy))
    for at, message in dict.fromkeys((notice.at, notice.message) for notice in situation.notices_of(policy)):
        yield Fault(
            message=message,
            at=at,
            why=("the rest of the policy holds" if holds else "nothing of the policy holds",),
            severity=Severity.LOW if holds else None,
        )
