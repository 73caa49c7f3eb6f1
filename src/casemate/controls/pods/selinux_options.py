"""A container chooses an SELinux label outside those made for containers.

The type decides what a process may touch on the node: spc_t, the type of super-privileged
containers, is not confined at all. User and role open other domains in the same way.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security.check import since
from casemate.analysis.pod_security.checks.se_linux_options import TYPES, TYPES_1_31, wrong_labels
from casemate.analysis.pods import Pod
from casemate.analysis.pods.softening import for_role
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.place import Path
from casemate.model.pods import SELinuxOptions
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_UNCONFINED = frozenset(("spc_t", "unconfined_t", "init_t", "kernel_t"))


@control(
    "pod-selinux-options",
    title="SELinux label of its own",
    severity=Severity.MEDIUM,
    consequence=Consequence.ESCALATION,
    remedy="Leave user and role out and use container_t, or no type at all",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:selinux",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Remove label:disable from security_opt",
)
def selinux_options(pod: Pod, version: KubernetesVersion) -> Iterator[Fault]:
    if pod.windows:
        return
    allowed = TYPES_1_31 if version >= since(31) else TYPES
    yield from _faults(pod, "the pod", pod.context.se_linux_options, pod.at("securityContext"), allowed)
    for container in pod.containers:
        options, context = container.context.se_linux_options, container.at("securityContext")
        yield from _faults(pod, f"container {container.name}", options, context, allowed)


def _faults(
    pod: Pod, who: str, options: SELinuxOptions | None, context: Path, allowed: frozenset[str]
) -> Iterator[Fault]:
    for path, value in wrong_labels(options, context, allowed):
        unconfined = path[-1] == "type" and value in _UNCONFINED
        severity = Severity.HIGH if unconfined else Severity.MEDIUM
        reason = f"{value} is not confined" if unconfined else f"seLinuxOptions.{path[-1]} is {value}"
        severity, why = for_role(pod, severity, (reason,))
        yield Fault(
            message=f"{who} sets the SELinux {path[-1]} {value}",
            at=path,
            why=why,
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )
