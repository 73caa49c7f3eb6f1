"""Pod Security is not asked about pods that somebody else can make.

Pods of a Deployment are created by a controller: exempting its account exempts everybody who may
create a Deployment. The same holds for the default namespace and for a runtime class.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.pod_security_defaults import PodSecuritySettings
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_SYSTEM = "system:serviceaccount:kube-system:"


@control(
    "cluster-admission-config-exemptions",
    title="Pod Security exempts too much",
    severity=Severity.HIGH,
    consequence=Consequence.ADMITTED,
    remedy="Exempt the namespaces of the system only; label others with the level they need",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
)
def admission_config_exemptions(settings: PodSecuritySettings) -> Iterator[Fault]:
    at = (*settings.base, "exemptions")
    exempt = settings.exemptions
    for index, name in enumerate(exempt.usernames):
        if name.startswith(_SYSTEM) and name.endswith("-controller"):
            yield Fault(
                message=f"pods made by {name} are not checked, so neither are those of its workloads",
                at=(*at, "usernames", index),
                why=("whoever may create the workload decides what the controller creates",),
            )
    for index, name in enumerate(exempt.namespaces):
        if name == "default":
            yield Fault(
                message="pods in the namespace default are not checked",
                at=(*at, "namespaces", index),
                why=("what names no namespace is created there",),
            )
    for index, name in enumerate(exempt.runtime_classes):
        yield Fault(
            message=f"pods that name the runtime class {name} are not checked",
            at=(*at, "runtimeClasses", index),
            why=("whoever creates a pod chooses its runtime class",),
            severity=Severity.MEDIUM,
        )
