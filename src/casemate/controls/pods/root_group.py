"""A container's processes belong to the group of root.

Many images, and many folders of the node, let this group write. On shared volumes files of gid 0
are open to every container that has it, root or not.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.places import by_place, told
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.place import Path
from casemate.model.severity import Severity


@control(
    "pod-root-group",
    title="Group of root",
    severity=Severity.LOW,
    consequence=Consequence.ESCALATION,
    remedy="Use a group other than 0",
    standards=(
        "NSA-CISA-1.2:non-root",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
)
def root_group(pod: Pod) -> Iterator[Fault]:
    if pod.windows:
        return
    context = pod.context
    if context.run_as_group == 0 or any(c.context.run_as_group == 0 for c in pod.containers):
        groups = ((c, c.inherited("run_as_group", "runAsGroup")) for c in pod.containers)
        for setting, containers in by_place(item for item in groups if item[1].value == 0).values():
            yield _fault(
                told(containers, "runs in group 0", "run in group 0"), setting.path, setting.provenance
            )
    if context.fs_group == 0:
        path = pod.at("securityContext", "fsGroup")
        yield _fault("volumes of the pod belong to group 0, and so do its processes", path, "fsGroup is 0")
    for index, group in enumerate(context.supplemental_groups or ()):
        if group == 0:
            path = pod.at("securityContext", "supplementalGroups", index)
            yield _fault("all containers of the pod are in group 0", path, "supplementalGroups holds 0")


def _fault(message: str, path: Path, reason: str) -> Fault:
    return Fault(message=message, at=path, why=(reason,), fix=Fix(safe=False, edits=(Edit("remove", path),)))
