"""A pod mounts /proc of its node.

Through /proc/sys/kernel/core_pattern root in the container names a program that the kernel
starts as root outside of every container: one crash and the node is taken. Read-only it still
shows the command lines of all processes, which often hold passwords.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-proc",
    title="The node's /proc",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Read the pod's own /proc; for metrics of the node use a node agent with a read-only mount",
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
    docker="Remove the mount, or add :ro",
)
def host_path_proc(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.PROC)
