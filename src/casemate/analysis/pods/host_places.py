"""What is where on a node, and how bad it is that a container may change or read it.

A path is looked up as the node resolves it: `/var/run` is a link to `/run`, `/proc/1/root` is
the whole node. The nearest known place at or above the path decides.
"""

import enum
import posixpath
import re
from collections.abc import Iterator

import msgspec

from casemate.model.severity import Severity


class Part(enum.Enum):
    """A part of the node; each is judged by one control."""

    ROOT = enum.auto()
    ENGINE_SOCKET = enum.auto()
    ETC = enum.auto()
    PROC = enum.auto()
    SYS = enum.auto()
    DEVICES = enum.auto()
    KUBELET = enum.auto()
    ETCD = enum.auto()
    LOGS = enum.auto()
    RUNTIME = enum.auto()
    OTHER = enum.auto()


class Place(msgspec.Struct, frozen=True):
    """A place on the node, what it holds, and how bad it is writable and read-only."""

    part: Part
    writable: Severity
    read_only: Severity
    holds: str


_CRITICAL, _HIGH, _MEDIUM, _LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
SOCKET = Place(Part.ENGINE_SOCKET, _CRITICAL, _CRITICAL, "the socket by which root containers are started")
DISK = Place(Part.DEVICES, _HIGH, _HIGH, "a disk or the memory of the node, past all file permissions")
_ELSEWHERE = Place(Part.OTHER, _MEDIUM, _LOW, "files of the node")

_ROOT_PROGRAMS = "programs, libraries and modules that the node runs as root"
_ROOT_SETTINGS = "what the node starts, loads or trusts as root"
_CLUSTER_KEYS = "credentials of the kubelet and, on the control plane, the keys of the cluster"
_POD_SECRETS = "the secrets, tokens and volumes of every pod on the node"
_IMAGES = "the files of all containers and images of the node"
_PATTERN = "kernel settings such as core_pattern, a program that the kernel starts as root"

# A path that ends with /* stands for everything below it, one that ends with = for itself
# only, and any other for both.
_ROWS: tuple[tuple[Part, Severity, Severity, str, str], ...] = (
    (Part.ROOT, _CRITICAL, _CRITICAL, "every file of the node, the kubelet's credentials among them", "/="),
    (Part.ETC, _CRITICAL, _HIGH, "the accounts, keys, services and scheduled jobs of the node", "/etc="),
    (Part.ETC, _HIGH, _MEDIUM, "settings of the node", "/etc/*"),
    (Part.ETC, _CRITICAL, _CRITICAL, _CLUSTER_KEYS, "/etc/kubernetes /etc/rancher"),
    (Part.ETC, _CRITICAL, _HIGH, "the passwords and keys of the node", "/etc/shadow /etc/gshadow /etc/ssh"),
    (Part.ETC, _CRITICAL, _LOW, _ROOT_SETTINGS, "/etc/passwd /etc/sudoers /etc/sudoers.d /etc/crontab "
     "/etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /etc/systemd "
     "/etc/init.d /etc/profile /etc/profile.d /etc/ld.so.preload /etc/pam.d /etc/cni /etc/containerd "
     "/etc/crio /etc/docker"),
    (Part.ETC, _HIGH, _LOW, "the certificate authorities that the node trusts",
     "/etc/ssl /etc/pki /etc/ca-certificates"),
    (Part.ETC, _MEDIUM, _LOW, "a setting of the node that every process there may read",
     "/etc/localtime /etc/timezone /etc/machine-id /etc/os-release /etc/lsb-release /etc/hostname /etc/hosts "
     "/etc/resolv.conf /etc/nsswitch.conf /etc/group"),
    (Part.PROC, _CRITICAL, _MEDIUM, f"all processes, and {_PATTERN}", "/proc="),
    (Part.PROC, _CRITICAL, _LOW, _PATTERN, "/proc/sys"),
    (Part.PROC, _HIGH, _LOW, "the switch that crashes or restarts the node", "/proc/sysrq-trigger"),
    (Part.PROC, _MEDIUM, _LOW, "what the node's kernel and processes are doing", "/proc/*"),
    (Part.SYS, _HIGH, _MEDIUM, "the node's kernel and devices, and the cgroups of all containers", "/sys="),
    (Part.SYS, _MEDIUM, _LOW, "what the node's kernel says of its devices", "/sys/*"),
    (Part.SYS, _HIGH, _LOW, "the cgroups of all containers of the node", "/sys/fs/cgroup"),
    (Part.SYS, _HIGH, _MEDIUM, "the tables by which the node's traffic is steered", "/sys/fs/bpf"),
    (Part.SYS, _HIGH, _LOW, "the switches of the node's kernel", "/sys/kernel"),
    (Part.SYS, _HIGH, _MEDIUM, "the inside of the node's kernel", "/sys/kernel/debug /sys/kernel/tracing"),
    (Part.DEVICES, _HIGH, _HIGH, "the node's devices: disks, memory, terminals", "/dev="),
    (Part.DEVICES, _MEDIUM, _MEDIUM, "a device of the node", "/dev/*"),
    (Part.KUBELET, _CRITICAL, _HIGH, f"the kubelet's credentials, and {_POD_SECRETS}",
     "/var/lib/kubelet= /var/lib= /var="),
    (Part.KUBELET, _HIGH, _MEDIUM, "the files and sockets of the kubelet's plugins", "/var/lib/kubelet/*"),
    (Part.KUBELET, _CRITICAL, _HIGH, "the key by which the kubelet speaks to the API server",
     "/var/lib/kubelet/pki"),
    (Part.KUBELET, _CRITICAL, _HIGH, _POD_SECRETS, "/var/lib/kubelet/pods"),
    (Part.KUBELET, _CRITICAL, _CRITICAL, f"{_CLUSTER_KEYS}, and {_POD_SECRETS}",
     "/var/lib/rancher /var/lib/k0s /var/snap/microk8s"),
    (Part.ETCD, _CRITICAL, _CRITICAL, "the database of the cluster with every Secret in it", "/var/lib/etcd"),
    (Part.LOGS, _HIGH, _MEDIUM, "the logs of all pods, among which the kubelet follows links",
     "/var/log= /var/log/pods /var/log/containers"),
    (Part.LOGS, _MEDIUM, _LOW, "logs of the node, among which the kubelet follows links", "/var/log/*"),
    (Part.RUNTIME, _CRITICAL, _HIGH, _IMAGES, "/var/lib/docker /var/lib/containerd /var/lib/containers "
     "/var/lib/crio /run/containers /run/containerd/* /run/docker/* /run/crio/* /run/k3s/* "
     "/var/lib/rancher/k3s/agent/containerd /var/lib/rancher/rke2/agent/containerd"),
    (Part.RUNTIME, _HIGH, _MEDIUM, "the logs and environment variables of all containers",
     "/var/lib/docker/containers"),
    (Part.OTHER, _CRITICAL, _LOW, _ROOT_PROGRAMS, "/usr= /usr/bin /usr/sbin /usr/lib /usr/lib64 /usr/libexec "
     "/usr/local /opt/cni /boot /var/spool/cron"),
    (Part.OTHER, _HIGH, _LOW, f"among others {_ROOT_PROGRAMS}", "/opt="),
    (Part.OTHER, _HIGH, _MEDIUM, "the keys and files of people who log in to the node", "/root /home"),
    (Part.OTHER, _HIGH, _MEDIUM, "sockets that command services", "/run/systemd /run/dbus"),
    (Part.OTHER, _LOW, _LOW, "the lock of the node's firewall rules", "/run/xtables.lock"),
)  # fmt: skip

_SOCKETS = frozenset((
    "docker.sock", "containerd.sock", "containerd.sock.ttrpc", "crio.sock", "podman.sock", "cri-dockerd.sock",
    "dockershim.sock", "docker_engine", "containerd-containerd",
))  # fmt: skip
_SOCKET_FOLDERS = frozenset((
    "/run", "/run/docker", "/run/docker/containerd", "/run/containerd", "/run/crio", "/run/podman",
    "/run/k3s", "/run/k3s/containerd",
))  # fmt: skip
_LINKS = (
    ("/var/run", "/run"),
    ("/bin", "/usr/bin"),
    ("/sbin", "/usr/sbin"),
    ("/lib64", "/usr/lib64"),
    ("/lib", "/usr/lib"),
)
_WHOLE_NODE = re.compile(r"/proc/(?:1|self)/root(?=/|\Z)")
_RAW = re.compile(r"/dev/(?:sd|hd|vd|xvd|nvme|dm-|mapper|disk|block|md|mmcblk|mem|kmem|port)")


def place_of(path: str) -> Place:
    """What is at a path of the node."""
    resolved = resolve(path)
    if posixpath.basename(resolved) in _SOCKETS or resolved in _SOCKET_FOLDERS:
        return SOCKET
    if _RAW.match(resolved):
        return DISK
    if resolved in _HERE:
        return _HERE[resolved]
    above = resolved
    while above != "/":
        above = posixpath.dirname(above)
        if above in _BELOW:
            return _BELOW[above]
    return _ELSEWHERE


def resolve(path: str) -> str:
    """The path without detours and links that every node has; of a Windows path without its drive."""
    if "\\" in path or path[1:2] == ":":
        path = re.sub(r"\A[A-Za-z]:", "", path).replace("\\", "/").lower()
    path = posixpath.normpath("/" + path.lstrip("/"))
    path = _WHOLE_NODE.sub("", path) or "/"
    for link, target in _LINKS:
        if path == link or path.startswith(link + "/"):
            return target + path[len(link) :]
    return path


def _indexed() -> Iterator[tuple[str, bool, bool, Place]]:
    """Each path of the table, whether it stands for itself and for what is below it, and its place."""
    for part, writable, read_only, holds, paths in _ROWS:
        place = Place(part, writable, read_only, holds)
        for path in paths.split():
            yield path.removesuffix("=").removesuffix("/*"), not path.endswith("/*"), path[-1] != "=", place


_HERE = {path: place for path, here, _, place in _indexed() if here}
_BELOW = {path: place for path, _, below, place in _indexed() if below}
