"""A role is bound to a default service account.

Each pod that names no service account of its own runs under it, so that rights meant for one program
are held by all that come later.
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
    Strength.WRITES: Severity.MEDIUM,
    Strength.POWER: Severity.HIGH,
    None: Severity.LOW,
}
_INSIDE: Scale = {
    Strength.READS: Severity.LOW,
    Strength.WRITES: Severity.MEDIUM,
    Strength.POWER: Severity.MEDIUM,
    None: Severity.LOW,
}


@control(
    "rbac-default-service-account",
    title="Rights for a default service account",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Make a service account for the program that needs the role and bind that one",
    standards=(
        "CIS-Kubernetes-1.12:5.1.5",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def default_service_account(
    binding: Binding, known: Grants, kubernetes: KubernetesVersion
) -> Iterator[Fault]:
    yield from given_to(binding, known, kubernetes, (Crowd.DEFAULT,), _WIDE, _INSIDE)
