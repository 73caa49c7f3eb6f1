"""A role may lead traffic elsewhere.

The API server and the proxies believe the addresses that stand in endpoints and in the status of Services.
What is written there receives what was meant for others.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.network import (
    OPEN_NETWORK,
    REDIRECT_SERVICES,
    SERVICE_STATUS,
)
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-traffic",
    title="Role that redirects traffic",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Leave these objects to the controllers of Kubernetes and of the network",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1562.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def traffic(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, OPEN_NETWORK, REDIRECT_SERVICES, SERVICE_STATUS)
