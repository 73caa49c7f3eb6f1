"""Parts of Kubernetes itself, as files start and configure them."""

import msgspec

from casemate.model.estate import Entity, Workload
from casemate.model.place import Path


class Given(msgspec.Struct, frozen=True):
    """A value as somebody wrote it, and its path in the object."""

    value: str
    path: Path


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One program of Kubernetes as one object starts it.

    `name` is the program: kube-apiserver, kube-controller-manager, kube-scheduler, etcd,
    kubelet or kube-proxy. `flags` holds every value of each flag in the order given, under
    its name without dashes; a flag without a value has "true". `defaults` are values that
    whatever starts the program (kubeadm, k3s, RKE2) gives where nobody sets the flag, and
    `started_by` names it. `version` is the release that the image's tag or the file states.
    `files` maps paths that the program sees to the host's (mount path, host path).
    """

    name: str
    started_by: str
    at: Path
    flags: dict[str, tuple[Given, ...]] = {}
    defaults: dict[str, str] = {}
    version: str | None = None
    files: tuple[tuple[str, str], ...] = ()


class ComponentWorkload(Workload, frozen=True, kw_only=True, eq=False):
    """A workload whose containers run parts of Kubernetes, such as a static pod of the control plane."""

    components: tuple[Component, ...]


class ComponentSettings(Entity, frozen=True, kw_only=True, eq=False):
    """A file that says with which settings something else starts parts of Kubernetes.

    kubeadm's ClusterConfiguration, InitConfiguration and JoinConfiguration, the configuration
    files of k3s and RKE2, a kubelet's systemd unit or environment file.
    """

    components: tuple[Component, ...]
