"""A service gets a disk or the memory of its host as a device.

Docker allows the container to open what `devices` names: a disk's device holds every file of the
host whatever its permissions say, and memory's the kernel itself.
"""

from collections.abc import Iterator

from casemate.analysis.pods.host_places import DISK, place_of
from casemate.model.compose import ComposeService
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "compose-device",
    title="Disk or memory of the host as a device",
    severity=Severity.CRITICAL,
    consequence=Consequence.NODE,
    remedy="Remove it, and mount the files that are needed",
    standards=(
        "MITRE:T1611",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.5",
    ),
    area="runtime_isolation_sandbox",
    fixes=True,
)
def device(service: ComposeService) -> Iterator[Fault]:
    for given in service.devices:
        if place_of(given.value) is DISK or given.value.rstrip("/") == "/dev":
            yield Fault(
                message=f"service {service.ref.name} may open {given.value} of its host",
                at=given.path,
                why=(f"it holds {DISK.holds.replace('node', 'host')}",),
                fix=Fix(safe=False, edits=(Edit("remove", given.path),)),
            )
