"""A pod mounts /sys of its node.

There are the switches of the kernel, its devices, the cgroups of all containers and the tables
by which network plugins steer traffic. Root in the container changes them for the whole node;
some make the kernel start a program outside of the container.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-sys",
    title="The node's /sys",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Mount the one folder that is needed, with readOnly: true",
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
    docker="Mount the one folder that is needed, with :ro",
)
def host_path_sys(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.SYS)
