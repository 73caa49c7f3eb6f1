"""Which flags the programs of the control plane know, release by release, and their defaults.

The tables are in the modules named `flags_*`. A flag that no table has was never known between
Kubernetes 1.20 and the newest release, so a program that is given it does not start.
"""

import importlib
from functools import cache

import msgspec

from casemate.model.version import KubernetesVersion

TABLES = {
    "kube-apiserver": "flags_apiserver",
    "kube-controller-manager": "flags_controller_manager",
    "kube-scheduler": "flags_scheduler",
    "etcd": "flags_etcd",
}
"""The programs whose flags are known, and the modules that list them."""
OLDEST = KubernetesVersion(1, 20)
"""The first release that the tables speak for."""
MANY = frozenset(("list", "array", "map"))
"""Types whose flags add up when they are given several times; for others the last one counts."""

_KUBELET_BOOLEANS = frozenset(
    """
    anonymous-auth authentication-token-webhook cgroups-per-qos contention-profiling cpu-cfs-quota
    enable-cadvisor-json-endpoints enable-controller-attach-detach enable-debugging-handlers enable-server
    exit-on-lock-contention experimental-allocatable-ignore-eviction
    experimental-check-node-capabilities-before-mount experimental-kernel-memcg-notification
    experimental-logging-sanitization fail-cgroupv1 fail-swap-on keep-terminated-pod-volumes
    kernel-memcg-notification local-storage-capacity-isolation make-iptables-util-chains
    protect-kernel-defaults really-crash-for-testing register-node register-schedulable rotate-certificates
    rotate-server-certificates runonce seccomp-default serialize-image-pulls windows-service
    """.split()
)


class Flag(msgspec.Struct, frozen=True):
    """A flag: its type, the releases that know it (minor numbers), and its default where one is asked for.

    `changed` is the release that brought another default, with that default. `rank` is its place in
    the table, by which several flags that are added get an order.
    """

    name: str
    kind: str
    since: int | None = None
    until: int | None = None
    default: str | None = None
    changed: tuple[int, str] | None = None
    rank: int = 0

    def known(self, version: KubernetesVersion) -> bool:
        """Whether that release knows it."""
        after = self.since is None or self.since <= version.minor
        return after and (self.until is None or version.minor <= self.until)

    def default_in(self, version: KubernetesVersion) -> str | None:
        """Its default in that release."""
        if self.changed is not None and self.changed[0] <= version.minor:
            return self.changed[1]
        return self.default


@cache
def flags_of(program: str) -> dict[str, Flag]:
    """The flags of a program by name; nothing for one without a table."""
    module = TABLES.get(program)
    if module is None:
        return {}
    text: str = importlib.import_module(f"{__package__}.{module}").TABLE
    lines = enumerate(text.strip().splitlines())
    return {flag.name: flag for flag in (_flag(line, rank) for rank, line in lines)}


@cache
def takes_no_value(program: str, flag: str) -> bool | None:
    """Whether a flag is true when it stands alone; None for one that is not known."""
    if program == "kubelet" and flag in _KUBELET_BOOLEANS:
        return True
    known = flags_of(program).get(flag)
    return None if known is None else known.kind == "bool"


def _flag(line: str, rank: int) -> Flag:
    name, kind, *rest = line.split()
    since = until = default = changed = None
    for word in rest:
        release, equals, value = word.partition("=")
        if equals and release:
            changed = (int(release), value)
        elif equals:
            default = value
        else:
            first, _, last = word.partition("-")
            since, until = int(first) if first else None, int(last) if last else None
    return Flag(name, kind, since, until, default, changed, rank)
