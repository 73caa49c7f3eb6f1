"""A role is bound to all service accounts.

Every pod holds it then, whatever it is for, and keeps it when it is broken into. Who may make a pod may
take it.
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
    "rbac-all-service-accounts",
    title="Rights for every service account",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Bind the role to the service accounts that need it",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def all_service_accounts(binding: Binding, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from given_to(
        binding,
        known,
        kubernetes,
        (
            Crowd.SERVICE_ACCOUNTS,
            Crowd.OF_NAMESPACE,
        ),
        _WIDE,
        _INSIDE,
    )
