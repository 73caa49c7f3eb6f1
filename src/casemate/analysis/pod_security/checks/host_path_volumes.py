"""Paths of the node may not be mounted (policy/check_hostPathVolumes.go)."""

from casemate.analysis.pod_security.check import Check, Forbidden, Level, plural, quote, since
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: no volume has a hostPath."""
    bad = [
        (index, volume.name or "")
        for index, volume in enumerate(pod.spec.volumes or ())
        if volume.host_path is not None
    ]
    if not bad:
        return None
    return Forbidden(
        "hostPath volumes",
        f"{plural(len(bad), 'volume')} {quote(name for _, name in bad)}",
        tuple(pod.at("volumes", index, "hostPath") for index, _ in bad),
    )


CHECK = Check("hostPathVolumes", Level.BASELINE, ((since(0), judge),))
