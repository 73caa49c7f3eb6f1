"""Two cluster-wide network policies of one priority say different things about a connection.

Which of them decides is not defined: it may differ between network plugins, and after an update. One of
the two was believed to hold.
"""

from collections.abc import Iterator

from casemate.analysis.listing import counted
from casemate.analysis.network.situation import Situation
from casemate.model.admin_network_policy import ClusterWidePolicy
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "network-ambiguous-priority",
    title="Network policies whose order is not defined",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Give the two policies different priorities: the lower number decides",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
)
def ambiguous_priority(policy: ClusterWidePolicy, situation: Situation) -> Iterator[Fault]:
    from casemate.analysis.network.openings import full  # noqa: PLC0415 # start-up: the network is large
    from casemate.analysis.network.ties import Ties  # noqa: PLC0415 # start-up: the same

    for tie in situation.derived(Ties).of(policy):
        names = full(tie.workloads)
        yield Fault(
            message=f"{tie.other.entity.title} has the same priority and says something else",
            at=("spec", "priority"),
            why=(
                f"this one says {tie.mine.rule.action.value}, the other {tie.theirs.rule.action.value},"
                " to the same peers and ports",
                f"it matters for {counted(names)}",
            ),
        )
