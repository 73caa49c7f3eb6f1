"""A binding names the group system:masters.

Its members hold everything without any binding, and nothing takes it from them but new certificates. To
name it in a binding adds nothing, and shows that somebody works under it.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.defaults import MASTERS, added_subjects
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Binding
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-system-masters",
    title="Binding that names system:masters",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name a group of your own, and give its members certificates or tokens without system:masters",
    standards=(
        "CIS-Kubernetes-1.12:5.1.7",
        "NSA-CISA-1.2:rbac",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="k8s_rbac",
)
def system_masters(binding: Binding, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    for index, subject in added_subjects(binding, kubernetes):
        if subject.name == MASTERS:
            yield Fault(
                message=f"{MASTERS} holds everything already; {binding.role_name} adds nothing",
                at=("subjects", index, "name"),
            )
