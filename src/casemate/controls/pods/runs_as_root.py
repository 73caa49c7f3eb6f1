"""A container runs as root, or may.

Root in a container is root on the node as soon as anything else gives way: a kernel fault, a
mounted path, a socket. Where neither uid nor runAsNonRoot is set the image decides, and most
images start as root.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container, Pod, Setting
from casemate.analysis.pods.places import by_place, named
from casemate.analysis.pods.softening import in_user_namespace
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Confidence, Severity


@control(
    "pod-runs-as-root",
    title="Runs as root",
    severity=Severity.HIGH,
    consequence=Consequence.ESCALATION,
    remedy="Set runAsNonRoot: true and, where the image starts as root, runAsUser to another uid",
    standards=("PSS:restricted", "CIS-Kubernetes-1.12:5.2.7", "NSA-CISA-1.2"),
    fixes=True,
)
def runs_as_root(pod: Pod) -> Iterator[Fault]:
    if pod.windows:
        return
    decided = ((container, _decision(container)) for container in pod.containers)
    faulty = ((container, setting) for container, setting in decided if setting is not None)
    for setting, containers in by_place(faulty).values():
        yield _fault(pod, setting, named(containers))


def _decision(container: Container) -> Setting | None:
    """What makes the container root, or leaves it to the image; None where it certainly is not."""
    user = container.user
    non_root = container.non_root
    if non_root.value is True:
        return None
    if user.value is not None:
        return user if user.value == 0 else None
    if non_root.value is False:
        return non_root
    return Setting(None, container.pod.at("securityContext", "runAsNonRoot"), "default")


def _fault(pod: Pod, setting: Setting, who: str) -> Fault:
    guard = (*setting.path[:-1], "runAsNonRoot")
    edits = [Edit("set", guard, True)]
    if setting.value == 0 and setting.path[-1] == "runAsUser":
        edits.insert(0, Edit("remove", setting.path))
        severity, why = in_user_namespace(
            pod, Severity.HIGH, (f"runAsUser is 0, set by the {setting.decided_by}",)
        )
        message, confidence = f"{who}: runs as root", Confidence.CERTAIN
    elif setting.is_default:
        severity, why = in_user_namespace(
            pod, Severity.MEDIUM, ("neither runAsUser nor runAsNonRoot is set, so the image decides",)
        )
        message, confidence = f"{who}: may run as root, if the image says so", Confidence.POSSIBLE
    else:
        why = (
            f"runAsNonRoot is false, set by the {setting.decided_by}",
            "runAsUser is not set, so the image decides",
        )
        severity, why = in_user_namespace(pod, Severity.MEDIUM, why)
        message, confidence = f"{who}: is allowed to run as root", Confidence.LIKELY
    return Fault(
        message=message,
        at=setting.path,
        why=why,
        severity=severity,
        confidence=confidence,
        fix=Fix(safe=False, edits=tuple(edits)),
    )
