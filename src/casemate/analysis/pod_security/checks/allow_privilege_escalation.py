"""Processes may not gain more rights than their parent (policy/check_allowPrivilegeEscalation.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Level,
    named,
    since,
    unless_windows,
)
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.8: every container sets allowPrivilegeEscalation to false."""
    bad = [c for c in pod.containers if c.context.allow_privilege_escalation is not False]
    if not bad:
        return None
    return Forbidden(
        "allowPrivilegeEscalation != false",
        f"{named(bad)} must set securityContext.allowPrivilegeEscalation=false",
        tuple(container.at("securityContext", "allowPrivilegeEscalation") for container in bad),
    )


CHECK = Check(
    "allowPrivilegeEscalation",
    Level.RESTRICTED,
    ((since(8), judge), (since(25), unless_windows(judge))),
)
