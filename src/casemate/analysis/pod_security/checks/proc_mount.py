"""The masks over /proc stay on (policy/check_procMount_baseline.go)."""

from casemate.analysis.pod_security.check import (
    Check,
    Forbidden,
    Level,
    named,
    quote,
    since,
    unless_user_namespace,
)
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: procMount is absent or Default."""
    bad = [c for c in pod.containers if c.context.proc_mount not in {None, "Default"}]
    if not bad:
        return None
    kinds = sorted({str(container.context.proc_mount) for container in bad})
    return Forbidden(
        "procMount",
        f"{named(bad)} must not set securityContext.procMount to {quote(kinds)}",
        tuple(container.at("securityContext", "procMount") for container in bad),
    )


CHECK = Check(
    "procMount",
    Level.BASELINE,
    ((since(0), judge), (since(35), unless_user_namespace(judge))),
)
