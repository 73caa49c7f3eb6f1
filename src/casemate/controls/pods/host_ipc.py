"""A pod shares the interprocess communication of its node.

Shared memory, semaphores and message queues of the node's processes, and of every other pod
that shares them, can be read and changed by a process of the same user id.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.softening import for_role
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-host-ipc",
    title="Shared memory of the node",
    severity=Severity.MEDIUM,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove hostIPC: true; containers of one pod share memory without it",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.4",
        "NSA-CISA-1.2:host-namespaces",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
    docker="Remove ipc: host",
)
def host_ipc(pod: Pod) -> Iterator[Fault]:
    if pod.spec.host_ipc:
        path = pod.at("hostIPC")
        severity, why = for_role(pod, Severity.MEDIUM, ("hostIPC is true",))
        yield Fault(
            message="the pod shares memory and message queues with the processes of its node",
            at=path,
            why=why,
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )
