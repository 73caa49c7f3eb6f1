"""A role may run commands in running containers, or reach their ports.

Whoever enters a container acts as its service account, reads its Secrets and leaves no trace in its
image. Deployment tools and people on call seldom need it all the time.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.workloads import ENTER_PODS, FORWARD_PORTS, PROXY_PODS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-enter-pods",
    title="Role that enters running pods",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Take it out of the role and grant it for the time of an incident, in one namespace",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1609",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def enter_pods(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, ENTER_PODS, FORWARD_PORTS, PROXY_PODS)
