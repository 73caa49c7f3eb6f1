"""Privileged containers are forbidden (policy/check_privileged.go)."""

from casemate.analysis.pod_security.check import Check, Forbidden, Level, named, since
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: no container sets privileged to true."""
    bad = [container for container in pod.containers if container.privileged]
    if not bad:
        return None
    return Forbidden(
        "privileged",
        f"{named(bad)} must not set securityContext.privileged=true",
        tuple(container.at("securityContext", "privileged") for container in bad),
    )


CHECK = Check("privileged", Level.BASELINE, ((since(0), judge),))
