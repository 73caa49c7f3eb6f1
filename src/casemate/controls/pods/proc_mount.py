"""A container sees /proc without the masks of the container engine.

Some of what is there belongs to the whole node: kernel settings, the keyring, the memory
map, the switch that restarts the machine. The engine covers these; Unmasked takes the cover off,
and what is root in the container may write.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-proc-mount",
    title="Unmasked /proc",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Remove procMount",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.6.3",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
    docker="Remove systempaths=unconfined from security_opt",
)
def proc_mount(container: Container) -> Iterator[Fault]:
    if container.context.proc_mount in {None, "Default"} or container.pod.windows:
        return
    path = container.at("securityContext", "procMount")
    contained = container.pod.user_namespace
    reason = "hostUsers is false: root in this pod may not write to the node's settings"
    yield Fault(
        message=f"container {container.name} sees the node's part of /proc",
        at=path,
        why=(f"procMount is {container.context.proc_mount}", *((reason,) if contained else ())),
        severity=Severity.LOW if contained else Severity.HIGH,
        fix=Fix(safe=False, edits=(Edit("remove", path),)),
    )
