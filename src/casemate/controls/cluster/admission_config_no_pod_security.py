"""The admission configuration says nothing about Pod Security.

Then the built-in default holds: namespaces without labels take any pod.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.pod_security_defaults import PLUGIN
from casemate.model.cluster_configs import AdmissionConfiguration
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "cluster-admission-config-no-pod-security",
    title="Admission configuration without Pod Security",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Add the plugin PodSecurity with defaults.enforce: baseline",
    standards=(
        "NSA-CISA-1.2:pod-security-enforcement",
        "OWASP-Kubernetes-2022:K04",
        "OWASP-Kubernetes-2025:K04",
    ),
    area="admission_pod_standards",
    since=KubernetesVersion(1, 23),
)
def admission_config_no_pod_security(config: AdmissionConfiguration) -> Iterator[Fault]:
    if not any(plugin.name == PLUGIN for plugin in config.plugins):
        yield Fault(
            message="nothing says what holds in namespaces without labels",
            at=("plugins",),
            why=("PodSecurity is not configured, so its default is privileged",),
        )
