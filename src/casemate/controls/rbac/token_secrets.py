"""A role may make Secrets and read them.

A Secret of type service-account-token is filled with a token of the account that it names. It is made on
request in every release, and never expires.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.secrets import TOKEN_SECRETS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-token-secrets",
    title="Role that obtains tokens through Secrets",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Drop create or the reading of Secrets: what a program makes for others it need not read",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1528",
        "MITRE:T1552.007",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def token_secrets(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, TOKEN_SECRETS)
