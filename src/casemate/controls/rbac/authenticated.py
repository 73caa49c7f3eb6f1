"""A role is bound to everybody who can log in.

The group system:authenticated holds every user and the service account of every pod; where the API
server trusts an identity provider, all of its users, which on some clouds is every account that there
is.
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
    Strength.READS: Severity.MEDIUM,
    Strength.WRITES: Severity.HIGH,
    Strength.POWER: Severity.HIGH,
    None: Severity.MEDIUM,
}
_INSIDE: Scale = {
    Strength.READS: Severity.LOW,
    Strength.WRITES: Severity.MEDIUM,
    Strength.POWER: Severity.HIGH,
    None: Severity.LOW,
}


@control(
    "rbac-authenticated",
    title="Rights for everybody who logs in",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Bind the role to the group or service account that needs it",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "MITRE:T1613",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def authenticated(binding: Binding, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from given_to(binding, known, kubernetes, (Crowd.AUTHENTICATED,), _WIDE, _INSIDE)
