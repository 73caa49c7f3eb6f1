"""A role may read Secrets that it does not name.

Secrets hold passwords, keys and long-lived tokens of service accounts. To list or watch them shows
their values just as get does, so that one stolen token of its holder gives away all of them.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.secrets import (
    EMPTY_SECRETS,
    GET_SECRETS,
    LIST_SECRETS,
    PATCH_SECRETS,
)
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-secrets",
    title="Role that reads Secrets",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the Secrets in resourceNames and grant get only, or mount them into the pods that need them",
    standards=(
        "CIS-Kubernetes-1.12:5.1.2",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1552.007",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def secrets(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, GET_SECRETS, LIST_SECRETS, PATCH_SECRETS, EMPTY_SECRETS)
