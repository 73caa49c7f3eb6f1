"""A pod mounts a path of its node.

What one pod leaves there the next one finds, whoever it belongs to, and no quota counts it. Where
the node itself starts programs from that path, writing to it is root on the node.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path",
    title="Path of the node",
    severity=Severity.MEDIUM,
    consequence=Consequence.NEIGHBOURS,
    remedy="Use a volume that belongs to the pod: a PersistentVolumeClaim, emptyDir or ConfigMap",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.11",
        "NSA-CISA-1.2:host-paths",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    fixes=True,
    docker="Use a named volume, or mount only what the project owns",
)
def host_path(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.OTHER)
