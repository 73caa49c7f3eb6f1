"""A container may write to its own image's files.

An intruder leaves tools there, changes the program that runs, and is still there after it is
restarted by the container's own supervisor. Read-only, what runs is what was reviewed.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-writable-root-filesystem",
    title="Writable root file system",
    severity=Severity.LOW,
    consequence=Consequence.ESCALATION,
    remedy="Set readOnlyRootFilesystem: true and mount an emptyDir where the program must write",
    standards=(
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:immutable-file-system",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Set read_only: true, and tmpfs or volumes for what the program writes",
)
def writable_root_filesystem(container: Container) -> Iterator[Fault]:
    if container.context.read_only_root_filesystem is True or container.pod.windows:
        return
    setting = container.own("read_only_root_filesystem", "readOnlyRootFilesystem", default=False)
    yield Fault(
        message=f"container {container.name} may change the files of its image",
        at=setting.path,
        why=(setting.provenance,),
        fix=Fix(safe=False, edits=(Edit("set", setting.path, value=True),)),
    )
