"""Containers must refuse to start as root (policy/check_runAsNonRoot.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Level,
    named,
    setters,
    since,
    unless_user_namespace,
)
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: runAsNonRoot is true on the pod or on each container, and nowhere false."""
    pod_value = pod.context.run_as_non_root
    false = [c for c in pod.containers if c.context.run_as_non_root is False]
    if pod_value is False or false:
        paths = [container.at("securityContext", "runAsNonRoot") for container in false]
        if pod_value is False:
            paths.insert(0, pod.at("securityContext", "runAsNonRoot"))
        who = setters(pod=pod_value is False, containers=false)
        detail = f"{who} must not set securityContext.runAsNonRoot=false"
        return Forbidden("runAsNonRoot != true", detail, tuple(paths))
    unset = [c for c in pod.containers if not pod_value and c.context.run_as_non_root is None]
    if not unset:
        return None
    return Forbidden(
        "runAsNonRoot != true",
        f"pod or {named(unset)} must set securityContext.runAsNonRoot=true",
        tuple(container.at("securityContext", "runAsNonRoot") for container in unset),
    )


CHECK = Check(
    "runAsNonRoot",
    Level.RESTRICTED,
    ((since(0), judge), (since(35), unless_user_namespace(judge))),
)
