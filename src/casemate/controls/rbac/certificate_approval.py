"""A role may approve certificate signing requests.

An approved request for the API server's client signer is a login with any name and groups that it asks
for, valid until it ends: certificates cannot be taken back.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.certificates import (
    APPROVE_CERTIFICATES,
    MARK_APPROVED,
    NODE_CERTIFICATES,
)
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_LEGACY = "kubernetes.io/legacy-unknown"
_NONE_LEFT = KubernetesVersion(1, 22)
"""Since then no request can be made for that signer."""


@control(
    "rbac-certificate-approval",
    title="Role that approves certificates",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the one signer that is needed in resourceNames, or leave approval to administrators",
    standards=(
        "CIS-Kubernetes-1.12:5.1.11",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "MITRE:T1098",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def certificate_approval(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    for fault in dangers(role, known, kubernetes, APPROVE_CERTIFICATES, MARK_APPROVED, NODE_CERTIFICATES):
        names = role.rules[int(fault.at[1])].resource_names
        if kubernetes < _NONE_LEFT or set(names) != {_LEGACY}:
            yield fault
