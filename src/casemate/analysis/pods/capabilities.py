"""The capabilities of Linux: what each gives to an attacker, and in which group it is judged.

Names are those of include/uapi/linux/capability.h, meanings those of capabilities(7).
"""

import enum
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from casemate.analysis.pods.root import starts_unprivileged, stays_unprivileged
from casemate.analysis.pods.softening import Weight, for_role, in_user_namespace, lower
from casemate.analysis.pods.view import DEFAULT_CAPABILITIES, Container, normal
from casemate.model.control import Edit, Fault, Fix
from casemate.model.severity import Severity

NOT_IN_CRIO = frozenset(("AUDIT_WRITE", "MKNOD", "NET_RAW", "SYS_CHROOT"))
"""Of the default capabilities those that containerd grants and CRI-O does not."""


class Group(enum.Enum):
    """What a capability is about; one control judges each group but the harmless one."""

    KERNEL = "kernel"
    FILES = "files"
    PROCESSES = "processes"
    NETWORK = "network"
    IDENTITY = "identity"
    HARMLESS = "harmless"


class Capability(msgspec.Struct, frozen=True):
    """A capability: its group, what it gives, and how bad it is beyond the default set."""

    group: Group
    gives: str
    severity: Severity


_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
_ROWS = {
    Group.KERNEL: (
        ("AUDIT_CONTROL", _HIGH, "can switch the kernel's audit log off"),
        ("AUDIT_READ", _MEDIUM, "can read the audit log of the whole node"),
        ("AUDIT_WRITE", _LOW, "can write forged entries to the audit log"),
        ("BLOCK_SUSPEND", _LOW, "can keep the node from going to sleep"),
        ("BPF", _HIGH, "can load programs into the kernel that watch the whole node"),
        ("MAC_ADMIN", _HIGH, "can change the mandatory access rules of the node"),
        ("MAC_OVERRIDE", _HIGH, "can pass over mandatory access rules"),
        ("PERFMON", _HIGH, "can watch what the kernel and other processes do"),
        ("SYS_ADMIN", _CRITICAL, "can mount file systems and leave the container"),
        ("SYS_BOOT", _HIGH, "can load another kernel and restart the node"),
        ("SYSLOG", _MEDIUM, "can read the kernel's messages and addresses, which exploits need"),
        ("SYS_MODULE", _CRITICAL, "can load modules into the node's kernel"),
        ("SYS_PACCT", _LOW, "can switch process accounting on and off"),
        ("SYS_RAWIO", _CRITICAL, "can reach the node's memory and ports directly"),
        ("SYS_TIME", _MEDIUM, "can set the node's clock, by which certificates expire"),
        ("SYS_TTY_CONFIG", _LOW, "can reconfigure and hang up terminals"),
        ("WAKE_ALARM", _LOW, "can wake the node up"),
    ),
    Group.FILES: (
        ("CHOWN", _MEDIUM, "can give any file another owner"),
        ("DAC_OVERRIDE", _MEDIUM, "can read and write files whatever their permissions say"),
        (
            "DAC_READ_SEARCH",
            _CRITICAL,
            "can open files of the node, outside of the container, by their handle",
        ),
        ("FOWNER", _MEDIUM, "can change permissions of files that belong to others"),
        ("FSETID", _LOW, "can keep a file set-uid while changing it"),
        ("LEASE", _LOW, "can hold up other processes' access to a file"),
        ("LINUX_IMMUTABLE", _MEDIUM, "can make files undeletable, or deletable again"),
        ("MKNOD", _MEDIUM, "can make device files"),
        ("SETFCAP", _MEDIUM, "can give programs capabilities of their own"),
        ("SYS_CHROOT", _LOW, "can change its root directory"),
    ),
    Group.PROCESSES: (
        ("CHECKPOINT_RESTORE", _MEDIUM, "can read other processes' open files and memory maps"),
        ("IPC_LOCK", _LOW, "can lock memory so that others have none"),
        ("IPC_OWNER", _MEDIUM, "can read and write any shared memory it sees"),
        ("KILL", _LOW, "can signal processes of other users"),
        ("SYS_NICE", _LOW, "can raise its priority over all other processes"),
        ("SYS_PTRACE", _MEDIUM, "can read and change the memory of every process it sees"),
        ("SYS_RESOURCE", _MEDIUM, "can pass over resource limits and disk quotas"),
    ),
    Group.NETWORK: (
        ("NET_ADMIN", _MEDIUM, "can change addresses, routes and firewall rules of its network"),
        ("NET_BROADCAST", _LOW, "can send broadcasts"),
        ("NET_RAW", _MEDIUM, "can forge packets and listen to its network"),
    ),
    Group.IDENTITY: (
        ("SETGID", _MEDIUM, "can become any group"),
        ("SETPCAP", _MEDIUM, "can hand capabilities on to other programs"),
        ("SETUID", _MEDIUM, "can become any user"),
    ),
    Group.HARMLESS: (("NET_BIND_SERVICE", _LOW, "can listen on ports below 1024"),),
}
CAPABILITIES = {
    name: Capability(group, gives, severity)
    for group, rows in _ROWS.items()
    for name, severity, gives in rows
}


def added(
    container: Container, group: Group, worse: Mapping[str, tuple[Severity, str]] = MappingProxyType({})
) -> Iterator[Fault]:
    """One fault for each capability of a group that a container adds and that is in force.

    `worse` says of capabilities how bad they are in this pod, and why. A container that has
    every capability anyway gains nothing from single ones.
    """
    capabilities = container.context.capabilities
    if capabilities is None or not capabilities.add or container.pod.windows or has_all(container):
        return
    for index, written in enumerate(capabilities.add):
        name = normal(written)
        known = CAPABILITIES.get(name)
        if known is None or known.group is not group or name in container.dropped:
            continue
        severity, why = _weigh(container, name, worse.get(name))
        path = container.at("securityContext", "capabilities", "add", index)
        yield Fault(
            message=f"container {container.name} {known.gives}: it adds {name}",
            at=path,
            why=why,
            severity=severity,
            remedy=f"Remove {written} from capabilities.add",
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )


def has_all(container: Container) -> bool:
    """Whether the container has every capability, so that single ones add nothing."""
    return container.privileged or "ALL" in container.added


def is_known(name: str) -> bool:
    """Whether Linux has a capability of that name, with or without `CAP_`; ALL stands for all."""
    return normal(name) == "ALL" or normal(name) in CAPABILITIES


def softened(container: Container, severity: Severity, why: tuple[str, ...]) -> Weight:
    """How bad capabilities are in a user namespace, for a node agent, and for who is not root."""
    severity, why = for_role(container.pod, *in_user_namespace(container.pod, severity, why))
    if stays_unprivileged(container):
        return min(severity, Severity.LOW), (
            *why,
            "not root and no privilege escalation: no program gets it",
        )
    if starts_unprivileged(container):
        return lower(severity), (*why, "not root: only programs with file capabilities get it")
    return severity, why


def _weigh(container: Container, name: str, worse: tuple[Severity, str] | None) -> Weight:
    if worse is not None:
        return softened(container, worse[0], (worse[1],))
    severity = CAPABILITIES[name].severity
    if name not in DEFAULT_CAPABILITIES:
        return softened(container, severity, ("no container engine grants it by default",))
    if "ALL" in container.dropped:
        reason = "all others are dropped: it was chosen on purpose"
    else:
        reason = "containerd grants it by default" + (", CRI-O does not" if name in NOT_IN_CRIO else "")
    return softened(container, min(severity, Severity.LOW), (reason,))
