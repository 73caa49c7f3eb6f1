"""Uid 0 may not be asked for (policy/check_runAsUser.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Level,
    setters,
    since,
    unless_user_namespace,
)
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.23: neither the pod nor a container sets runAsUser to 0."""
    pod_is_bad = pod.context.run_as_user == 0
    bad = [container for container in pod.containers if container.context.run_as_user == 0]
    if not pod_is_bad and not bad:
        return None
    paths = [container.at("securityContext", "runAsUser") for container in bad]
    if pod_is_bad:
        paths.insert(0, pod.at("securityContext", "runAsUser"))
    return Forbidden(
        "runAsUser=0", f"{setters(pod=pod_is_bad, containers=bad)} must not set runAsUser=0", tuple(paths)
    )


CHECK = Check(
    "runAsUser",
    Level.RESTRICTED,
    ((since(23), judge), (since(35), unless_user_namespace(judge))),
)
