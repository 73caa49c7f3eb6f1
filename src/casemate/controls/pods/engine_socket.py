"""A pod reaches the socket of the container engine of its node.

Whoever may speak to Docker, containerd or CRI-O starts a privileged container with the node's
disk in it, past every admission control: that is root on the node. Mounting the socket, or the
folder that it is in, is the same, and readOnly does not keep anyone from connecting.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-engine-socket",
    title="Socket of the container engine",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Remove the mount; build images without a daemon, and watch containers through the API server",
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
    docker="Remove the mount; build without a daemon, or put a proxy in front that lets only reads through",
)
def engine_socket(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.ENGINE_SOCKET)
