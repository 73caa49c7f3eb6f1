"""A container runs as root, or may.

Root in a container is root on the node as soon as anything else gives way: a kernel fault, a
mounted path, a socket. Where neither uid nor runAsNonRoot is set the image decides, and most
images start as root.
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.pods import Container, Pod, Setting
from casemate.analysis.pods.places import by_place, told
from casemate.analysis.pods.role import role
from casemate.analysis.pods.softening import in_user_namespace
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Confidence, Severity


@control(
    "pod-runs-as-root",
    title="Runs as root",
    severity=Severity.HIGH,
    consequence=Consequence.ESCALATION,
    remedy="Set runAsNonRoot: true and, where the image starts as root, runAsUser to another uid",
    standards=(
        "PSS:restricted",
        "CIS-Kubernetes-1.12:5.2.7",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:non-root",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.1.2",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Set user to another uid than 0, or USER in the image",
)
def runs_as_root(pod: Pod) -> Iterator[Fault]:
    if pod.windows:
        return
    decided = ((container, _decision(container)) for container in pod.containers)
    faulty = ((container, setting) for container, setting in decided if setting is not None)
    for setting, containers in by_place(faulty).values():
        if setting.is_default:
            fault = _image_decides(pod, setting, containers)
        elif setting.path[-1] == "runAsUser":
            fault = _asked_for(pod, setting, containers)
        else:
            fault = _allowed(pod, setting, containers)
        # What serves the node or runs the cluster would stop: its image decides, not an edit here.
        yield fault if role(pod) is None else msgspec.structs.replace(fault, fix=None)


def _decision(container: Container) -> Setting | None:
    """What makes the container root, or leaves it to the image; None where it certainly is not."""
    user = container.user
    if user.value is not None:
        return user if user.value == 0 else None
    non_root = container.non_root
    if non_root.value is True:
        return None
    if non_root.value is False:
        return non_root
    return Setting(None, container.pod.at("securityContext", "runAsNonRoot"), "default")


def _asked_for(pod: Pod, setting: Setting, containers: list[Container]) -> Fault:
    running = [container for container in containers if container.non_root.value is not True]
    severity = Severity.HIGH if running else Severity.LOW
    why: tuple[str, ...] = (f"runAsUser is 0, set by the {setting.decided_by}",)
    if running:
        severity, why = in_user_namespace(pod, severity, why)
        message = told(running, "runs as root", "run as root")
    else:
        why = (*why, "runAsNonRoot is true, so the kubelet refuses to start it")
        one, many = "asks to run as root and so never starts", "ask to run as root and so never start"
        message = told(containers, one, many)
    fix = Fix(safe=False, edits=(Edit("remove", setting.path), *_guarded(setting)))
    return Fault(message=message, at=setting.path, why=why, severity=severity, fix=fix)


def _image_decides(pod: Pod, setting: Setting, containers: list[Container]) -> Fault:
    reason = "neither runAsUser nor runAsNonRoot is set, so the image decides"
    severity, why = in_user_namespace(pod, Severity.MEDIUM, (reason,))
    return Fault(
        message=told(containers, "may run as root", "may run as root"),
        at=setting.path,
        why=why,
        severity=severity,
        confidence=Confidence.POSSIBLE,
        fix=Fix(safe=False, edits=_guarded(setting)),
    )


def _allowed(pod: Pod, setting: Setting, containers: list[Container]) -> Fault:
    reason = f"runAsNonRoot is false, set by the {setting.decided_by}"
    why: tuple[str, ...] = (reason, "runAsUser is not set, so the image decides")
    severity, why = in_user_namespace(pod, Severity.MEDIUM, why)
    return Fault(
        message=told(containers, "is allowed to run as root", "are allowed to run as root"),
        at=setting.path,
        why=why,
        severity=severity,
        confidence=Confidence.LIKELY,
        fix=Fix(safe=False, edits=_guarded(setting)),
    )


def _guarded(setting: Setting) -> tuple[Edit, ...]:
    """The edit that sets runAsNonRoot beside a setting."""
    return (Edit("set", (*setting.path[:-1], "runAsNonRoot"), value=True),)
