"""A container is a process of its Windows node.

A HostProcess container is none: it sees the node's file system, network and services and runs
as one of the node's accounts, often SYSTEM. Whoever takes it over has the node.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container, Pod, Setting
from casemate.analysis.pods.places import by_place, told
from casemate.analysis.pods.softening import for_role
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-windows-host-process",
    title="Process of the Windows node",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Remove hostProcess: true",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.10",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:privileged",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
)
def windows_host_process(pod: Pod) -> Iterator[Fault]:
    settings = ((container, _host_process(container)) for container in pod.containers)
    for setting, containers in by_place(item for item in settings if item[1].value is True).values():
        reason = f"hostProcess is true, set by the {setting.decided_by}"
        severity, why = for_role(pod, Severity.CRITICAL, (reason,))
        yield Fault(
            message=told(containers, "runs on the Windows node itself", "run on the Windows node itself"),
            at=setting.path,
            why=why,
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("remove", setting.path),)),
        )


def _host_process(container: Container) -> Setting:
    """The setting in force; windowsOptions are inherited field by field."""
    steps = ("securityContext", "windowsOptions", "hostProcess")
    own, pod = container.context.windows_options, container.pod.context.windows_options
    if own is not None and own.host_process is not None:
        return Setting(own.host_process, container.at(*steps), "container")
    if pod is not None and pod.host_process is not None:
        return Setting(pod.host_process, container.pod.at(*steps), "pod")
    return Setting(None, container.at(*steps), "default")
