"""The node's namespaces may not be shared (policy/check_hostNamespaces.go)."""

from casemate.analysis.pod_security.check import Check, Forbidden, Level, since
from casemate.analysis.pods.view import Pod


def judge(pod: Pod) -> Forbidden | None:
    """Since 1.0: hostNetwork, hostPID and hostIPC are not true."""
    spec = pod.spec
    shared = [
        key
        for key, value in (
            ("hostNetwork", spec.host_network),
            ("hostPID", spec.host_pid),
            ("hostIPC", spec.host_ipc),
        )
        if value
    ]
    if not shared:
        return None
    return Forbidden(
        "host namespaces",
        ", ".join(f"{key}=true" for key in shared),
        tuple(pod.at(key) for key in shared),
    )


CHECK = Check("hostNamespaces", Level.BASELINE, ((since(0), judge),))
