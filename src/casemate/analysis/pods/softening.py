"""What makes a fault less severe than it looks, each step with its reason."""

from casemate.analysis.pods.role import role
from casemate.analysis.pods.view import Pod
from casemate.model.severity import Severity

Weight = tuple[Severity, tuple[str, ...]]
"""A severity and the facts that led to it."""


def lower(severity: Severity) -> Severity:
    """One step lower; a fault stays at least low."""
    return severity if severity <= Severity.LOW else Severity(severity - 1)


def for_role(pod: Pod, severity: Severity, why: tuple[str, ...]) -> Weight:
    """A node agent needs the node by design: one step lower, and the role is named."""
    job = role(pod)
    return (severity, why) if job is None else (lower(severity), (*why, f"node agent: {job}"))


def in_user_namespace(pod: Pod, severity: Severity, why: tuple[str, ...]) -> Weight:
    """With hostUsers: false root in the pod is nobody on the node: one step lower."""
    if not pod.user_namespace:
        return severity, why
    return lower(severity), (*why, "hostUsers is false: root in this pod is an unprivileged user of the node")
