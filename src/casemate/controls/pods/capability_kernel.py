"""A container may act on the kernel of its node.

The kernel is one for all containers. SYS_ADMIN mounts the node's disk, SYS_MODULE loads code
into the kernel, SYS_RAWIO reaches its memory: each is the whole node. BPF and PERFMON watch every
process, SYSLOG reads the addresses that an exploit needs, SYS_TIME sets the clock of all.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.capabilities import Group, added
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-capability-kernel",
    title="Capability over the kernel",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Remove it from capabilities.add",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.9",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:capabilities",
        "MITRE:T1068",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
    docker="Remove it from cap_add",
)
def capability_kernel(container: Container) -> Iterator[Fault]:
    return added(container, Group.KERNEL)
