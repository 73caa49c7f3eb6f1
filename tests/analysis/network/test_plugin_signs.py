"""Which network plugin a cluster has, by what was read."""

import json
from typing import Any

import pytest

from casemate.analysis.network.plugins.enforcement import profile
from casemate.analysis.network.plugins.profiles import PROFILES
from casemate.analysis.network.plugins.signs import RecognisedPlugin, recognised
from casemate.model.estate import Entity, Estate
from casemate.model.settings import Settings
from casemate.readers.manifests import read_text


def estate(*trees: dict[str, Any]) -> Estate:
    found = [item for tree in trees for item in read_text("a.json", json.dumps(tree).encode())]
    return Estate(entities=tuple(item for item in found if isinstance(item, Entity)))


def daemon(name: str, *containers: dict[str, Any], kind: str = "DaemonSet") -> dict[str, Any]:
    pods = {"spec": {"containers": list(containers) or [{"name": name, "image": "x"}]}}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": {"template": pods}}


def thing(api: str, kind: str, name: str, **metadata: Any) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, **metadata}}


NPC = {"name": "weave-npc", "image": "weaveworks/weave-npc:2.8.1"}


@pytest.mark.parametrize(
    ("tree", "name"),
    [
        (daemon("calico-node"), "calico"),
        (daemon("canal"), "calico"),
        (
            daemon(
                "cilium",
                {"name": "cilium-agent", "image": "quay.io/cilium/cilium:v1.16.5@sha256:" + "a" * 64},
            ),
            "cilium@1.16.5",
        ),
        (daemon("cilium", {"name": "cilium-agent", "image": "quay.io/cilium/cilium:latest"}), "cilium"),
        (daemon("cilium", {"name": "cilium-agent", "image": "::"}), "cilium"),
        (daemon("kube-router"), "kube-router"),
        (daemon("kube-router", {"name": "kube-router", "args": ["--run-firewall=false"]}), "none"),
        (daemon("romana-agent"), "romana"),
        (daemon("weave-net", {"name": "weave", "image": "weaveworks/weave-kube:2.8.1"}, NPC), "weave@2.8.1"),
        (daemon("weave-net", {"name": "weave"}), "none"),
        (daemon("kube-flannel-ds", {"name": "kube-flannel", "image": "flannel:v0.27.0"}), "flannel@0.27.0"),
        (
            daemon("kube-flannel-ds", {"name": "kube-flannel"}, {"name": "kube-network-policies"}),
            "kube-network-policies",
        ),
        (daemon("antrea-agent"), "antrea"),
        (daemon("aws-node"), "none"),
        (
            daemon("aws-node", {"name": "aws-eks-nodeagent", "args": ["--enable-network-policy=false"]}),
            "none",
        ),
        (
            daemon("aws-node", {"name": "aws-eks-nodeagent", "args": ["--enable-network-policy=true"]}),
            "aws-vpc",
        ),
        (daemon("azure-npm"), "azure"),
        (daemon("anetd"), "gke-dataplane-v2"),
        (daemon("ovnkube-node"), "ovn-kubernetes"),
        (daemon("kube-network-policies"), "kube-network-policies"),
        (daemon("kindnet"), "kindnet"),
        (thing("operator.tigera.io/v1", "Installation", "default"), "calico"),
        (thing("v1", "ConfigMap", "cilium-config"), "cilium"),
        (thing("v1", "ConfigMap", "other"), None),
        (
            thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "tiers.crd.projectcalico.org"),
            "calico",
        ),
        (thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "a.example.com"), None),
        (
            thing(
                "v1", "Node", "a", annotations={"flannel.alpha.coreos.com/backend-type": "vxlan", "a": "b"}
            ),
            "flannel",
        ),
        (thing("v1", "Node", "a"), None),
        (daemon("cilium", kind="Deployment"), None),
    ],
)
def test_signs(tree: dict[str, Any], name: str | None) -> None:
    assert recognised(estate(tree)) == name
    if name is not None:
        assert profile(name).name in PROFILES


def test_a_daemon_without_containers_is_what_its_name_says() -> None:
    tree = daemon("calico-node")
    tree["spec"]["template"]["spec"]["containers"] = []
    assert recognised(estate(tree)) == "calico"


def test_a_plugin_for_policies_beside_one_for_the_network() -> None:
    assert recognised(estate(daemon("kube-flannel-ds"), daemon("calico-node"))) == "calico"
    assert recognised(estate(daemon("aws-node"), daemon("calico-node"))) == "calico"
    assert recognised(estate(daemon("kube-flannel-ds"), daemon("kube-network-policies"))) == (
        "kube-network-policies"
    )
    nodes = {"projectcalico.org/IPv4Address": "1", "flannel.alpha.coreos.com/backend-type": "vxlan"}
    assert recognised(estate(thing("v1", "Node", "a", annotations=nodes))) == "calico"


def test_many_clusters_in_one_folder_tell_of_none() -> None:
    assert recognised(estate(daemon("cilium"), daemon("calico-node"))) is None
    assert recognised(estate()) is None


def test_a_daemon_counts_before_what_another_plugin_left_behind() -> None:
    left = thing("v1", "ConfigMap", "kube-flannel-cfg"), thing("v1", "ConfigMap", "calico-config")
    assert recognised(estate(*left, daemon("antrea-agent"))) == "antrea"


def test_one_plugin_in_two_versions_has_none() -> None:
    one = daemon("cilium", {"name": "cilium-agent", "image": "quay.io/cilium/cilium:v1.16.5"})
    other = daemon("cilium", {"name": "cilium-agent", "image": "quay.io/cilium/cilium:v1.17.0"})
    assert recognised(estate(one, one)) == "cilium@1.16.5"
    assert recognised(estate(one, other)) == "cilium"


def test_settings_count_before_what_is_recognised() -> None:
    known = RecognisedPlugin.of(estate(daemon("cilium")))
    found = known.plugin(Settings())
    assert found is not None
    assert (found.name, known.why(Settings())) == (
        "cilium",
        "the plugin was recognised by what was read of it",
    )
    given = known.plugin(Settings(cni="weave"))
    assert given is not None
    assert (given.name, known.why(Settings(cni="weave"))) == ("weave", "the plugin is given")
    assert RecognisedPlugin.of(estate()).plugin(Settings()) is None
