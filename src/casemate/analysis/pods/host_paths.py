"""Paths of the node in a pod: which volumes they are, what the containers may do there."""

import posixpath
from collections.abc import Iterator
from functools import lru_cache

from casemate.analysis.pods.host_places import DISK, Part, Place, place_of
from casemate.analysis.pods.places import named
from casemate.analysis.pods.role import CONTROL_PLANE, role
from casemate.analysis.pods.root import stays_unprivileged
from casemate.analysis.pods.softening import Weight, for_role, lower
from casemate.analysis.pods.view import Container, Pod
from casemate.model.control import Edit, Fault, Fix
from casemate.model.pods import VolumeMount
from casemate.model.severity import Severity

__all__ = ["Part", "host_mounts"]

_LOOPHOLES = {
    Part.ENGINE_SOCKET: ", which keeps nobody from connecting to a socket",
    Part.ROOT: ", which does not keep root from connecting to the engine's socket",
    Part.DEVICES: ", which does not hold for devices",
    Part.SYS: ", which does not hold for file systems mounted below it",
}


def host_mounts(pod: Pod, part: Part) -> Iterator[Fault]:
    """The fault of each volume of the pod that is that part of the node."""
    if not pod.spec.volumes:
        return iter(())
    return iter([fault for found, fault in _all(pod) if found is part])


@lru_cache(maxsize=1)
def _all(pod: Pod) -> tuple[tuple[Part, Fault], ...]:
    """Every hostPath volume with the part of the node that it is; many controls ask for it in turn."""
    return tuple(
        _judge(pod, index, volume.name, volume.host_path.path)
        for index, volume in enumerate(pod.spec.volumes or ())
        if volume.host_path is not None and volume.host_path.path
    )


def _judge(pod: Pod, index: int, name: str | None, path: str) -> tuple[Part, Fault]:
    """A volume is what its worst mount shows: one with a subPath shows only what is there."""
    uses = list(_uses(pod, name))
    containers = list(dict.fromkeys(container for container, _, _ in uses))
    seen = [posixpath.join(path, mount.sub_path) if mount.sub_path else path for _, _, mount in uses] or [
        path
    ]
    place, shown = max(
        ((place_of(one), one) for one in seen), key=lambda one: (one[0].writable, one[0].read_only)
    )
    writable = any(mount.read_only is not True for _, _, mount in uses)
    severity, why = _weigh(pod, place, containers, writable)
    if place.part is Part.ROOT and shown != "/":
        why = (f"the node resolves {shown} to /", *why)
    edits = [Edit("remove", pod.at("volumes", index))]
    edits += [Edit("remove", container.at("volumeMounts", number)) for container, number, _ in uses]
    fault = Fault(
        message=_message(place, shown, name, containers, writable),
        at=pod.at("volumes", index, "hostPath", "path"),
        why=why,
        severity=severity,
        fix=None if role(pod) == CONTROL_PLANE else Fix(safe=False, edits=tuple(edits)),
    )
    return place.part, fault


def _uses(pod: Pod, name: str | None) -> Iterator[tuple[Container, int, VolumeMount]]:
    for container in pod.containers:
        for number, mount in enumerate(container.spec.volume_mounts or ()):
            if mount.name == name and name is not None:
                yield container, number, mount


def _message(place: Place, path: str, volume: str | None, containers: list[Container], writable: bool) -> str:
    if not containers:
        return f"volume {volume} is {path} of the node, and no container mounts it"
    who = named(containers)
    if place.part is Part.ENGINE_SOCKET:
        return f"{who} can command the container engine of the node through {path}"
    return f"{who} can {'read and change' if writable else 'read'} {path} of the node"


def _weigh(pod: Pod, place: Place, containers: list[Container], writable: bool) -> Weight:
    why = [f"it holds {place.holds}"]
    if not containers:
        return Severity.LOW, (*why, "no container mounts the volume; one that is added later may")
    severity = place.writable if writable else place.read_only
    if place is DISK and any(container.privileged for container in containers):
        severity = Severity.CRITICAL
        why.append("a privileged container may open every device")
    if not writable:
        why.append(f"readOnly is true in every mount{_LOOPHOLES.get(place.part, '')}")
    if all(map(stays_unprivileged, containers)) and not _has_groups(pod):
        severity = lower(severity)
        why.append("no container that mounts it can be root")
    return for_role(pod, severity, tuple(why))


def _has_groups(pod: Pod) -> bool:
    """Whether processes get further groups, by which a socket or file may let them in."""
    return bool(pod.context.supplemental_groups) or pod.context.fs_group is not None
