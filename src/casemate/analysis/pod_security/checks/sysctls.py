"""Only kernel parameters that stay inside the pod may be set (policy/check_sysctls.go)."""

from casemate.analysis.pod_security.check import Check, Forbidden, Judge, Level, since
from casemate.analysis.pods.view import Pod

_FIRST = frozenset(
    (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
    )
)
_1_27 = _FIRST | {"net.ipv4.ip_local_reserved_ports"}
_1_29 = _1_27 | {
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
}
_1_32 = _1_29 | {"net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}
_1_37 = _1_32 | {"net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat"}
SAFE = ((since(0), _FIRST), (since(27), _1_27), (since(29), _1_29), (since(32), _1_32), (since(37), _1_37))
"""The safe names by the release from which they hold."""


def judge_with(allowed: frozenset[str]) -> Judge:
    """The check for one set of safe names."""

    def judge(pod: Pod) -> Forbidden | None:
        bad = [
            (index, sysctl.name or "")
            for index, sysctl in enumerate(pod.context.sysctls or ())
            if (sysctl.name or "") not in allowed
        ]
        if not bad:
            return None
        return Forbidden(
            "forbidden sysctls",
            ", ".join(name for _, name in bad),
            tuple(pod.at("securityContext", "sysctls", index, "name") for index, _ in bad),
        )

    return judge


CHECK = Check("sysctls", Level.BASELINE, tuple((version, judge_with(names)) for version, names in SAFE))
