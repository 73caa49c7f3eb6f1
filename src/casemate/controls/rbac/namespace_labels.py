"""A role may change labels of namespaces.

They set the Pod Security level, and say which policies, webhooks and network rules apply. A RoleBinding
is enough: a request about a namespace counts as one inside it.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.admission import LABEL_NAMESPACES, PRIVILEGED_PODS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-namespace-labels",
    title="Role that changes labels of namespaces",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Leave namespaces to administrators, or guard their labels with an admission policy",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1562.001",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def namespace_labels(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, LABEL_NAMESPACES, PRIVILEGED_PODS)
