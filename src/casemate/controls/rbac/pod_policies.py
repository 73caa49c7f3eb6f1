"""A role may use a policy that allows privileged pods.

PodSecurityPolicies (up to 1.24) and OpenShift's SecurityContextConstraints are given out by the verb use.
Unnamed it gives all of them, the privileged one included.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.admission import USE_POD_POLICIES
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-pod-policies",
    title="Role that lifts the limits of pods",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the strictest policy that suffices in resourceNames",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1611",
        "MITRE:T1610",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def pod_policies(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, USE_POD_POLICIES)
