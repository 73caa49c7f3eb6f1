"""A pod mounts the folders in which the container engine keeps containers and images.

These are the root file systems of all containers on the node. Who may write changes the
programs of a privileged one and waits; who may only read finds the files, keys and environment
variables of all of them.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-runtime",
    title="Files of the container engine",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Do not mount the engine's folders; a log agent reads /var/log/pods with readOnly: true",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.11",
        "NSA-CISA-1.2:host-paths",
        "MITRE:T1610",
        "MITRE:T1611",
        "MITRE:T1612",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    fixes=True,
    docker="Remove the mount",
)
def host_path_runtime(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.RUNTIME)
