"""A role may write ClusterRoles.

Labels make a ClusterRole part of admin, edit, view or any other aggregate. The API server lets nobody
write rules they do not hold; but what a writer holds can be passed on to many, unseen.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.roles import SPREAD_RIGHTS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-aggregated-role-edits",
    title="Role that writes ClusterRoles",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the ClusterRoles in resourceNames, with update and patch only",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1098.006",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def aggregated_role_edits(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, SPREAD_RIGHTS)
