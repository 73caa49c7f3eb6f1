"""Parts of Kubernetes itself, as files start and configure them."""

import msgspec

from casemate.model.estate import Entity
from casemate.model.governance import ReplicatedWorkload
from casemate.model.place import Path
from casemate.model.running import RunningPod

ARGUMENTS = "arguments"
"""Flags are items of a list with their dashes: `--name=value`."""
PAIRS = "pairs"
"""Flags are items of a list without dashes: `name=value` (k3s, RKE2)."""
NAMED = "named"
"""Flags are items of a list with `name` and `value` (kubeadm since v1beta4)."""
MAP = "map"
"""Flags are keys of a map (kubeadm until v1beta3)."""


class Given(msgspec.Struct, frozen=True):
    """A value as somebody wrote it, and its path in the object.

    `by` names the file or section that gives it where that is not the object itself; `alone`
    says that nothing but this one flag with its value stands at the path, so that an edit can
    replace it.
    """

    value: str
    path: Path
    by: str | None = None
    alone: bool = True


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One program of Kubernetes as one object starts it.

    `name` is the program: kube-apiserver, kube-controller-manager, kube-scheduler, etcd,
    kubelet or kube-proxy. `started_by` names what starts it in words: a static pod, kubeadm,
    k3s, RKE2, systemd. `at` is the list or map of its flags, or where that would stand, `form`
    how a flag is written there (one of the words above; empty where no edit can add one), and
    `size` how many items the list has. `flags` holds every value of each flag in the order
    given, under its name without dashes; a flag without a value has "true". `defaults` are
    values that whatever starts the program gives where nobody sets the flag. `version` is the
    release that the image's tag or the file states. `files` maps paths that the program sees
    to the host's (mount path, host path). `gap` says why more flags may be in force than were
    read, such as a variable of the shell: the absence of a flag then says nothing.
    """

    name: str
    started_by: str
    at: Path
    form: str = ARGUMENTS
    size: int = 0
    flags: dict[str, tuple[Given, ...]] = {}
    defaults: dict[str, str] = {}
    version: str | None = None
    files: tuple[tuple[str, str], ...] = ()
    gap: str | None = None


PARTS = {
    "kube-apiserver": "ApiServer",
    "kube-controller-manager": "ControllerManager",
    "kube-scheduler": "Scheduler",
    "etcd": "Etcd",
    "kubelet": "Kubelet",
    "kube-proxy": "KubeProxy",
}
"""The subjects that controls about a program ask about."""


def _parts(components: tuple[Component, ...]) -> tuple[str, ...]:
    return tuple(PARTS[component.name] for component in components if component.name in PARTS)


class ComponentWorkload(RunningPod, frozen=True, kw_only=True, eq=False):
    """A workload whose containers run parts of Kubernetes, most often a static pod of the control plane.

    Only where it is a Pod it has a status.
    """

    components: tuple[Component, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The programs that it runs."""
        return _parts(self.components)


class ReplicatedComponentWorkload(ReplicatedWorkload, frozen=True, kw_only=True, eq=False):
    """A Deployment or StatefulSet that runs parts of Kubernetes, such as a hosted control plane."""

    components: tuple[Component, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The programs that it runs."""
        return _parts(self.components)


class ComponentSettings(Entity, frozen=True, kw_only=True, eq=False):
    """A file that says with which settings something else starts parts of Kubernetes.

    kubeadm's ClusterConfiguration, InitConfiguration and JoinConfiguration, the configuration
    files of k3s and RKE2, a kubelet's systemd unit or environment file.
    """

    components: tuple[Component, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Any program: files beside it may say more of what starts them."""
        return tuple(PARTS.values())


class DistributionSettings(ComponentSettings, frozen=True, kw_only=True, eq=False):
    """A configuration file of a distribution (k3s, RKE2), or a drop-in beside one.

    `options` are its keys as they stand there (`name+` adds to what files before it give); a list
    gives several values. Files of one folder count together, which `components` does not: they are
    what this file alone starts.
    """

    distribution: str
    options: dict[str, tuple[Given, ...]]
