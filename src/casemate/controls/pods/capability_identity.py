"""A container may become another user or group, or hand capabilities on.

A program that starts as an ordinary user and may use SETUID is root after one call. Images that
start as root and then step down ask for it; they can start as the right user instead.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.capabilities import Group, added
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-capability-identity",
    title="Capability over identities",
    severity=Severity.LOW,
    consequence=Consequence.ESCALATION,
    remedy="Remove it from capabilities.add",
    standards=(
        "PSS:restricted",
        "CIS-Kubernetes-1.12:5.2.9",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:capabilities",
        "MITRE:T1068",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Remove it from cap_add",
)
def capability_identity(container: Container) -> Iterator[Fault]:
    return added(container, Group.IDENTITY)
