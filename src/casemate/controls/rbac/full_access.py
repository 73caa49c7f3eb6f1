"""A role grants every verb on every resource: it is cluster-admin by another name.

Lists of role names do not show it. One stolen token of its holder is the whole cluster, or for a Role
everything in its namespace, and every new kind of object is included unseen.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.dangers import softened
from casemate.analysis.rbac.defaults import is_default_role
from casemate.analysis.rbac.everything import spelled_out
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.rules import grants_everything
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_SPELLED = (
    "resources are *, verbs and apiGroups name all that counts",
    "its rules on * of the resources together name all verbs and API groups that count",
)


@control(
    "rbac-full-access",
    title="Role that may do everything",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="List the resources and verbs that its holders use, as the audit log shows them",
    standards=(
        "CIS-Kubernetes-1.12:5.1.1",
        "CIS-Kubernetes-1.12:5.1.2",
        "CIS-Kubernetes-1.12:5.1.3",
        "CIS-Kubernetes-1.12:5.1.4",
        "CIS-Kubernetes-1.12:5.1.8",
        "CIS-Kubernetes-1.12:5.1.9",
        "CIS-Kubernetes-1.12:5.1.10",
        "CIS-Kubernetes-1.12:5.1.11",
        "CIS-Kubernetes-1.12:5.1.12",
        "CIS-Kubernetes-1.12:5.1.13",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def full_access(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    found = spelled_out(role.rules)
    if not found or is_default_role(role, kubernetes):
        return
    wide = known.is_cluster_wide(role)
    severity, notes = softened(role, known, Severity.HIGH if wide else Severity.MEDIUM, escalates=True)
    where = "in the whole cluster" if wide else "in its namespace"
    if role.is_cluster and not wide:
        where = "in the namespaces where it is bound"
    whole = any(grants_everything(rule) for rule in role.rules)
    said = "apiGroups, resources and verbs are all *" if whole else _SPELLED[len(found) > 1]
    yield Fault(
        message=f"it grants every verb on every resource {where}{'' if whole else ', spelled out'}",
        at=("rules", found[0]),
        why=(said, *notes, *known.holders(role)),
        severity=severity,
    )
