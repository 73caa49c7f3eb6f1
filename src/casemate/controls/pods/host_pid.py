"""A pod sees the processes of its node.

Their command lines and, for root, their environments and memory are open to it, and it may stop
any of them. Together with a privileged container or SYS_PTRACE it takes one command to enter
the node's first process.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.places import named
from casemate.analysis.pods.softening import for_role
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_ENTER = frozenset(("ALL", "SYS_PTRACE"))


@control(
    "pod-host-pid",
    title="Processes of the node",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Remove hostPID: true",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.3",
        "NSA-CISA-1.2:host-namespaces",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
    docker="Remove pid: host",
)
def host_pid(pod: Pod) -> Iterator[Fault]:
    if not pod.spec.host_pid:
        return
    path = pod.at("hostPID")
    entering = [c for c in pod.containers if c.capabilities & _ENTER]
    severity = Severity.HIGH
    why: tuple[str, ...] = ("hostPID is true",)
    if entering:
        severity, why = Severity.CRITICAL, (*why, f"{named(entering)} may enter any of these processes")
    severity, why = for_role(pod, severity, why)
    yield Fault(
        message="the pod sees and can signal the processes of its node",
        at=path,
        why=why,
        severity=severity,
        fix=Fix(safe=False, edits=(Edit("remove", path),)),
    )
