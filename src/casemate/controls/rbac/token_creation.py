"""A role may issue tokens for service accounts.

Such a token carries all rights of its service account and can be issued to last long. Whoever can issue
them for any account of a namespace holds the rights of the strongest one there.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.identity import CREATE_TOKENS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-token-creation",
    title="Role that issues tokens of service accounts",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the service accounts in resourceNames",
    standards=(
        "CIS-Kubernetes-1.12:5.1.13",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1528",
        "MITRE:T1550.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def token_creation(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, CREATE_TOKENS)
