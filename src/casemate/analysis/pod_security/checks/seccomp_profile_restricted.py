"""System call filtering must be switched on (policy/check_seccompProfile_restricted.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Level,
    named,
    since,
    unless_windows,
)
from casemate.analysis.pod_security.checks.seccomp_profile_baseline import fields, is_bad
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.19: a filtering profile on the pod or on each container."""
    forbidden = fields(pod)
    if forbidden is not None:
        return forbidden
    pod_profile = pod.context.seccomp_profile
    if pod_profile is not None and not is_bad(pod_profile):
        return None
    unset = [container for container in pod.containers if container.context.seccomp_profile is None]
    if not unset:
        return None
    return Forbidden(
        "seccompProfile",
        f"pod or {named(unset)} must set securityContext.seccompProfile.type "
        'to "RuntimeDefault" or "Localhost"',
        tuple(container.at("securityContext", "seccompProfile", "type") for container in unset),
    )


CHECK = Check(
    "seccompProfile_restricted",
    Level.RESTRICTED,
    ((since(19), judge), (since(25), unless_windows(judge))),
    replaces="seccompProfile_baseline",
)
