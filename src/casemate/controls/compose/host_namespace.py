"""A service shares a further namespace of its host: user ids, the host's name or its cgroups.

With `userns_mode: host` the engine's remapping of user ids is switched off, so that root in the
container is root on the host. The host's cgroups show all of its processes' groups, and with
`uts: host` a privileged container renames the host.
"""

from collections.abc import Iterator

from casemate.model.compose import ComposeService
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_WHAT = {
    "userns_mode": ("the user ids", Severity.MEDIUM),
    "uts": ("the name", Severity.LOW),
    "cgroup": ("the cgroups", Severity.LOW),
}


@control(
    "compose-host-namespace",
    title="Further namespace of the host",
    severity=Severity.LOW,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove the line; each container then has its own",
    standards=(
        "MITRE:T1611",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    area="runtime_isolation_sandbox",
    fixes=True,
)
def host_namespace(service: ComposeService) -> Iterator[Fault]:
    for shared in service.host_namespaces:
        what, severity = _WHAT[shared.value]
        yield Fault(
            message=f"service {service.ref.name} shares {what} of its host",
            at=shared.path,
            why=(f"{shared.value} is host",),
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("remove", shared.path),)),
        )
