"""A role may change admission policies.

A mutating policy with its binding rewrites objects on their way in, as a webhook does, without any server.
Who loosens or removes a validating one lets in what it refuses.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.admission import CHANGE_MUTATIONS, LOOSEN_POLICIES, MUTATE_OBJECTS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-admission-policies",
    title="Role that changes admission policies",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Leave admission policies to administrators; a program names its own in resourceNames",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1562.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def admission_policies(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, CHANGE_MUTATIONS, LOOSEN_POLICIES, MUTATE_OBJECTS)
