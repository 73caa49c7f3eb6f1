"""A pod mounts /dev of its node, or a device in it.

A disk's device holds every file of the node whatever its permissions say, and memory's device
the kernel itself. The engine's list of allowed devices still stands in the way, until the
container is privileged; readOnly does not count, since it is about files, not devices.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.host_paths import Part, host_mounts
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-host-path-devices",
    title="The node's devices",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Ask for the device through a device plugin, as a resource limit such as nvidia.com/gpu",
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
    docker="Give the one device that is needed by devices",
)
def host_path_devices(pod: Pod) -> Iterator[Fault]:
    return host_mounts(pod, Part.DEVICES)
