"""No network policy isolates a workload, though policies isolate others of its namespace.

Somebody has begun to fence the namespace in, and this workload was left out: its labels are not those that
the policies ask for, or it came later.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.namespaces import SYSTEM
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, Known, Unanswered, control
from casemate.model.estate import Workload
from casemate.model.network_policy import NetworkPolicy
from casemate.model.severity import Severity


@control(
    "network-workload-not-isolated",
    title="Workload that the network policies leave out",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Give it a policy of its own, or one that selects every pod of the namespace and allows nothing",
    standards=(
        "NSA-CISA-1.2:network-policies",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K05",
        "NIST-800-190:4.3.3",
    ),
    area="netpol_rules_egress",
)
def workload_not_isolated(
    workload: Workload,
    situation: Situation,
    policies: Known[NetworkPolicy],  # noqa: ARG001 # absence counts only where all were read
) -> Iterator[Fault | Unanswered]:
    if workload.ref.namespace in {None, *SYSTEM} or not situation.has_policies:
        return
    from casemate.analysis.network.exposed import left_out  # noqa: PLC0415 # start-up: the network is large

    found = list(left_out(situation, workload))
    if found and situation.foreign:
        yield Unanswered(f"what the objects of kind {some(situation.foreign)} allow")
        return
    for item in found:
        yield Fault(
            message=item.message,
            at=(*workload.templates[0].metadata_path, "labels"),
            why=item.why,
            severity=None if item.inward else Severity.LOW,
        )
