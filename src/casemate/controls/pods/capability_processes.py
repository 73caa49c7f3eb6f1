"""A container may act on processes that are not its own.

SYS_PTRACE reads and changes the memory of every process in sight. Alone these are the
container's; with hostPID they are all of the node's, and one of them is taken over to leave the
container. The others pass over limits or push other processes aside.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.capabilities import Group, added
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_HOST = "hostPID is true: these are all processes of the node"


@control(
    "pod-capability-processes",
    title="Capability over processes",
    severity=Severity.MEDIUM,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove it from capabilities.add",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.9",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:capabilities",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Remove it from cap_add",
)
def capability_processes(container: Container) -> Iterator[Fault]:
    worse = {"SYS_PTRACE": (Severity.CRITICAL, _HOST)} if container.pod.spec.host_pid else {}
    return added(container, Group.PROCESSES, worse)
