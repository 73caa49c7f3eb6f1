"""A role is bound to callers who have not logged in.

Whoever reaches the API server holds it, a pod that was broken into without a token as well as a scanner
on the network. Kubernetes itself gives them health and version, and no more.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.strength import Strength
from casemate.analysis.rbac.subjects import Crowd, Scale, given_to
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Binding
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_WIDE: Scale = {
    Strength.READS: Severity.HIGH,
    Strength.WRITES: Severity.CRITICAL,
    Strength.POWER: Severity.CRITICAL,
    None: Severity.HIGH,
}
_INSIDE: Scale = {
    Strength.READS: Severity.MEDIUM,
    Strength.WRITES: Severity.HIGH,
    Strength.POWER: Severity.CRITICAL,
    None: Severity.MEDIUM,
}


@control(
    "rbac-anonymous",
    title="Rights without logging in",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Bind the role to a user, group or service account that logs in",
    standards=(
        "NSA-CISA-1.2:authentication",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1133",
        "MITRE:T1613",
        "OWASP-Kubernetes-2022:K06",
        "OWASP-Kubernetes-2025:K09",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def anonymous(binding: Binding, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from given_to(binding, known, kubernetes, (Crowd.ANONYMOUS,), _WIDE, _INSIDE)
