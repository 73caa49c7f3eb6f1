"""The containers of a pod see each other's processes.

Each of them finds the others' command lines and, with the same user id, their environments,
memory and files below /proc/PID/root. A weak sidecar is then as good as the main program.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-shared-process-namespace",
    title="Shared processes",
    severity=Severity.LOW,
    consequence=Consequence.ESCALATION,
    remedy="Remove shareProcessNamespace: true; to look into a pod use kubectl debug --target",
    standards=(
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
)
def shared_process_namespace(pod: Pod) -> Iterator[Fault]:
    if not pod.spec.share_process_namespace:
        return
    together = [container.name for container in pod.containers if not container.is_init]
    if len(together) > 1:
        path = pod.at("shareProcessNamespace")
        yield Fault(
            message=f"containers {', '.join(together[:-1])} and {together[-1]} see each other's processes",
            at=path,
            why=("shareProcessNamespace is true",),
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )
