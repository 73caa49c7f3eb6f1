"""A pod mounts the whole file system of its node.

Whoever takes over the container adds an account, a key or a scheduled job to the node and is
root there. Read-only is hardly better: the secrets of all pods and the kubelet's credentials
lie open, and a socket of the container engine answers through a read-only mount too.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-root",
    title="The node's whole file system",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Mount the one folder that is needed, read-only, or none",
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
    docker="Mount the one folder that is needed, with :ro, or none",
)
def host_path_root(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.ROOT)
