"""Which network plugin a cluster has: by its DaemonSet, else by what it leaves behind.

Sources: the manifests and charts of the plugins for the names, and their documentation for annotations.
"""

from collections.abc import Iterator

from casemate.analysis.images import parse
from casemate.analysis.images.reference import Reference
from casemate.analysis.network.plugins.enforcement import profile
from casemate.analysis.network.plugins.forms import Plugin
from casemate.model.estate import Entity, Estate, Workload
from casemate.model.pods import Container, PodSpec
from casemate.model.settings import Settings

_DAEMONS = {
    "calico-node": "calico",
    "canal": "calico",
    "cilium": "cilium",
    "kube-router": "kube-router",
    "romana-agent": "romana",
    "weave-net": "weave",
    "kube-flannel-ds": "flannel",
    "kube-flannel-ds-amd64": "flannel",
    "antrea-agent": "antrea",
    "aws-node": "aws-vpc",
    "azure-npm": "azure",
    "anetd": "gke-dataplane-v2",
    "ovnkube-node": "ovn-kubernetes",
    "kube-network-policies": "kube-network-policies",
    "kindnet": "kindnet",
}
"""DaemonSets by their names."""
_NETWORKS_ONLY = ("flannel", "none")
"""Plugins beside which another one may enforce policies."""
_OBJECTS = {
    ("ConfigMap", "calico-config"): "calico",
    ("ConfigMap", "canal-config"): "calico",
    ("ConfigMap", "cilium-config"): "cilium",
    ("ConfigMap", "kube-router-cfg"): "kube-router",
    ("ConfigMap", "kube-flannel-cfg"): "flannel",
    ("ConfigMap", "antrea-config"): "antrea",
}
_OPERATORS = {
    ("operator.tigera.io", "Installation"): "calico",
    ("operator.antrea.io", "AntreaInstall"): "antrea",
}
_DEFINITIONS = {
    ".cilium.io": "cilium",
    ".crd.projectcalico.org": "calico",
    ".crd.antrea.io": "antrea",
}
"""How the names of CustomResourceDefinitions end."""
_ANNOTATIONS = {
    "projectcalico.org/": "calico",
    "network.cilium.io/": "cilium",
    "io.cilium.network.": "cilium",
    "kube-router.io/": "kube-router",
    "flannel.alpha.coreos.com/": "flannel",
    "k8s.ovn.org/": "ovn-kubernetes",
    "node.antrea.io/": "antrea",
}
"""How annotations of nodes begin."""


class RecognisedPlugin:
    """The network plugin that was recognised, unless settings name one."""

    def __init__(self, name: str | None) -> None:
        self.name = name

    @classmethod
    def of(cls, estate: Estate) -> "RecognisedPlugin":
        """The plugin of an estate."""
        return cls(recognised(estate))

    def plugin(self, settings: Settings) -> Plugin | None:
        """The plugin that the settings name, else the recognised one; None where neither tells."""
        name = settings.cni or self.name
        return None if name is None else profile(name)

    def why(self, settings: Settings) -> str:
        """How the plugin is known."""
        return "the plugin is given" if settings.cni else "the plugin was recognised by what was read of it"


def recognised(estate: Estate) -> str | None:
    """The name of the plugin, with its version where its image tells (`cilium@1.17.3`).

    None where nothing tells, or where what was read tells of several that enforce policies, as a collection
    of manifests for many clusters does.
    """
    found = dict.fromkeys(_daemons(estate)) or dict.fromkeys(_traces(estate))
    names = {name.partition("@")[0] for name in found}
    enforcing = names - set(_NETWORKS_ONLY)
    if len(enforcing) > 1:
        return None
    wanted = next(iter(enforcing or names), None)
    versions = [name for name in found if name.partition("@")[0] == wanted]
    return versions[0] if len(versions) == 1 else wanted


def _daemons(estate: Estate) -> Iterator[str]:
    for workload in estate.of(Workload):
        name = _DAEMONS.get(workload.ref.name or "") if workload.ref.kind == "DaemonSet" else None
        if name is not None:
            for template in workload.templates:
                yield from _daemon(name, workload.ref.name or "", template.spec)
    yield from (
        _OPERATORS[entity.ref.group, entity.ref.kind]
        for entity in estate.entities
        if (entity.ref.group, entity.ref.kind) in _OPERATORS
    )


def _daemon(name: str, daemon: str, spec: PodSpec) -> Iterator[str]:
    """The plugin of a DaemonSet, or what it is without the part that enforces policies."""
    containers = {container.name or "": container for container in spec.containers or ()}
    if name == "aws-vpc":
        agent = containers.get("aws-eks-nodeagent")
        enforced = agent is not None and "--enable-network-policy=true" in _words(agent)
        yield name if enforced else "none"
        return
    if name == "flannel" and "kube-network-policies" in containers:
        yield "kube-network-policies"
        return
    if name == "weave" and "weave-npc" not in containers:
        yield "none"
        return
    if name == "kube-router" and any("--run-firewall=false" in _words(item) for item in containers.values()):
        yield "none"
        return
    main = containers.get(daemon) or next(iter(containers.values()), Container())
    image = parse(main.image or "")
    tag = image.tag if isinstance(image, Reference) else None
    is_version = tag is not None and tag.removeprefix("v")[:1].isdigit()
    yield f"{name}@{(tag or '').removeprefix('v')}" if is_version else name


def _words(container: Container) -> tuple[str, ...]:
    return (*(container.command or ()), *(container.args or ()))


def _traces(estate: Estate) -> Iterator[str]:
    """What plugins leave behind: their settings, kinds, and annotations of nodes."""
    for entity in estate.entities:
        yield from _traces_in(entity)


def _traces_in(entity: Entity) -> Iterator[str]:
    kind, name = entity.ref.kind, entity.ref.name or ""
    if (kind, name) in _OBJECTS:
        yield _OBJECTS[kind, name]
    elif kind == "CustomResourceDefinition":
        yield from (plugin for end, plugin in _DEFINITIONS.items() if name.endswith(end))
    elif kind == "Node":
        for key in entity.annotations:
            yield from (plugin for begin, plugin in _ANNOTATIONS.items() if key.startswith(begin))
