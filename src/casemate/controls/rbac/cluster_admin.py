"""Somebody is bound to cluster-admin.

The role grants everything, the right to undo every other limit included. A program that holds it turns
a fault of its own into the loss of the cluster.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.defaults import is_masters
from casemate.analysis.rbac.grants import matches_nobody, title
from casemate.analysis.rbac.seen import shown
from casemate.analysis.rbac.strength import is_cluster_admin
from casemate.analysis.rbac.subjects import Crowd, crowd_of
from casemate.model.audit import Activity
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Binding, Subject
from casemate.model.severity import Confidence, Severity

_CROWDS = {
    Crowd.ANONYMOUS: Severity.CRITICAL,
    Crowd.AUTHENTICATED: Severity.CRITICAL,
    Crowd.SERVICE_ACCOUNTS: Severity.CRITICAL,
    Crowd.OF_NAMESPACE: Severity.HIGH,
    Crowd.DEFAULT: Severity.HIGH,
    Crowd.ACCOUNT: Severity.HIGH,
    Crowd.OTHER: Severity.MEDIUM,
}


@control(
    "rbac-cluster-admin",
    title="Binding to cluster-admin",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Bind a role with the rights that are used; keep cluster-admin for emergencies",
    standards=(
        "CIS-Kubernetes-1.12:5.1.1",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def cluster_admin(binding: Binding, activity: Activity) -> Iterator[Fault]:
    if not is_cluster_admin(binding):
        return
    for index, subject in enumerate(binding.subjects):
        holder = binding.holder(subject)
        unmatched = binding.is_cluster and matches_nobody(holder)
        if not is_masters(holder) and not unmatched:
            yield Fault(
                message=f"{title(holder)} may do everything {_where(binding)}",
                at=("subjects", index, "name"),
                why=shown(activity, binding, holder),
                severity=_severity(holder, binding),
                confidence=Confidence.CERTAIN if crowd_of(holder) < Crowd.DEFAULT else None,
            )


def _severity(holder: Subject, binding: Binding) -> Severity:
    severity = _CROWDS[crowd_of(holder)]
    return severity if binding.is_cluster or severity is Severity.CRITICAL else Severity(severity - 1)


def _where(binding: Binding) -> str:
    return "in the whole cluster" if binding.is_cluster else "in its namespace"
