"""Namespaces without labels take any pod.

Pod Security asks namespaces for their labels; this file says what holds where there are none. Without
a level it is privileged, so every new namespace is open until somebody labels it.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.pod_security_defaults import PodSecuritySettings
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-admission-config-pod-security",
    title="Pod Security enforces nothing by default",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Set defaults.enforce to baseline or restricted, and exempt the namespaces that need more",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
)
def admission_config_pod_security(settings: PodSecuritySettings) -> Iterator[Fault]:
    enforce = settings.defaults.enforce
    if enforce in {None, "", "privileged"}:
        said = "says privileged" if enforce else "is not set, which means privileged"
        yield Fault(
            message="namespaces without labels take any pod",
            at=(*settings.base, "defaults", "enforce"),
            why=(f"defaults.enforce {said}",),
        )
