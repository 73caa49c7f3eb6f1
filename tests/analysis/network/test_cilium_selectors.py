"""Cilium's selectors: sources of labels, the labels of an identity, and what a selector is bound to.

The facts are those of Cilium's own tests: pkg/k8s/apis/cilium.io/utils/utils_test.go, pkg/labelsfilter/filter_test.go
and the examples of its documentation (examples/policies/kubernetes).
"""

from typing import Any

import pytest

from casemate.analysis.network.cilium.selectors import (
    API_SERVER,
    BEFORE_1_19,
    LABELS_UNKNOWN,
    OTHER_NODE,
    OWN_NODE,
    is_counted,
    split_key,
)
from casemate.analysis.network.labels import NAME_LABEL, AllOf, Has, Not, namespace_named
from casemate.analysis.network.policies import Endpoints, Nobody, Nodes, Perhaps, Pods, Union, World
from tests.analysis.network.cilium_objects import (
    Tree,
    clusterwide,
    config,
    label,
    peers_in,
    peers_of_all,
    pods_in,
    policy,
    read,
    rules,
    taken,
)

MODERN = config(policy_default_local_cluster="true")
OLD = config(cluster_name="blue")


def where(key: str, operator: str, *values: str) -> Tree:
    return {
        "matchExpressions": [
            {"key": key, "operator": operator} | ({"values": list(values)} if values else {})
        ]
    }


def selected(selector: Tree, *others: Tree) -> Endpoints:
    """Whom a selector of peers finds in a policy of the namespace `shop`."""
    return peers_in({"fromEndpoints": [selector]}, *others)


def anywhere(selector: Tree, *others: Tree) -> Endpoints:
    """Whom a selector of peers finds in a policy of the cluster."""
    return peers_of_all({"fromEndpoints": [selector]}, *others)


@pytest.mark.parametrize(
    ("key", "counted"),
    [
        ("app", True),
        ("app.kubernetes.io/name", True),
        ("io.kubernetes.pod.namespace", True),
        ("io.kubernetes.pod.name", False),
        ("io.kubernetes.container.name", False),
        ("io.cilium.k8s.policy.serviceaccount", True),
        ("io.cilium.k8s.policy.cluster", True),
        ("io.cilium.k8s.namespace.labels.team", True),
        ("io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name", True),
        ("io.cilium.k8s.namespace.labels.beta.kubernetes.io/arch", False),
        ("kubernetes.io/arch", False),
        ("beta.kubernetes.io/arch", False),
        ("k8s.io/cluster", False),
        ("k8s-app", True),
        ("pod-template-hash", False),
        ("pod-template-generation", False),
        ("controller-revision-hash", False),
        ("controller-uid", False),
        ("statefulset.kubernetes.io/pod-name", False),
        ("apps.kubernetes.io/pod-index", False),
        ("batch.kubernetes.io/job-completion-index", False),
        ("batch.kubernetes.io/controller-uid", False),
        ("batch.kubernetes.io/job-name", True),
        ("annotation.x", False),
        ("etcd_node", False),
        ("topology.kubernetes.io/zone", False),
    ],
)
def test_which_labels_make_an_identity(key: str, counted: bool) -> None:  # columns of the table
    assert is_counted(key) is counted


@pytest.mark.parametrize(
    ("key", "source", "name"),
    [
        ("app", "any", "app"),
        ("k8s:app", "k8s", "app"),
        ("any:app", "any", "app"),
        ("reserved:host", "reserved", "host"),
        ("$host", "reserved", "host"),
        (":app", "any", "app"),
        ("container:a:b", "container", "a:b"),
    ],
)
def test_sources_of_labels(key: str, source: str, name: str) -> None:
    assert split_key(key) == (source, name)


@pytest.mark.parametrize("key", ["app", "k8s:app", "any:app"])
def test_labels_of_pods_with_every_operator(key: str) -> None:
    assert selected({"matchLabels": {key: "a"}}) == pods_in("shop", label("app", "a"))
    assert selected(where(key, "In", "a", "b")) == pods_in("shop", label("app", "a", "b"))
    assert selected(where(key, "NotIn", "a")) == pods_in("shop", Not(label("app", "a")))
    assert selected(where(key, "Exists")) == pods_in("shop", Has("app"))
    assert selected(where(key, "DoesNotExist")) == pods_in("shop", Not(Has("app")))


def test_all_that_a_selector_asks_must_hold() -> None:
    both = {"matchLabels": {"b": "1", "a": "2"}, **where("c", "Exists")}
    assert selected(both) == pods_in("shop", AllOf((label("a", "2"), label("b", "1"), Has("c"))))


def test_an_empty_selector_means_the_namespace_or_all_pods() -> None:
    assert selected({}) == pods_in("shop")
    assert anywhere({}) == Pods()


def test_a_selector_that_names_namespaces_is_not_bound_to_the_policys() -> None:
    for key in ("io.kubernetes.pod.namespace", "k8s:io.kubernetes.pod.namespace"):
        assert selected({"matchLabels": {key: "dns"}}, MODERN) == pods_in("dns")
        assert selected(where(key, "In", "a", "b"), MODERN) == Pods(namespaces=namespace_named("a", "b"))
        assert selected(where(key, "Exists"), MODERN) == Pods()
        assert selected(where(key, "NotIn", "a"), MODERN) == Pods(namespaces=Not(namespace_named("a")))


def test_a_selector_that_names_labels_of_namespaces_is_not_bound_to_the_policys() -> None:
    team = {"matchLabels": {"io.cilium.k8s.namespace.labels.team": "x"}}
    assert selected(team) == Pods(namespaces=label("team", "x"))
    assert anywhere(team) == Pods(namespaces=label("team", "x"))
    named = {"matchLabels": {"k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name": "x"}}
    assert selected(named) == pods_in("x")
    without = where("io.cilium.k8s.namespace.labels.team", "DoesNotExist")
    assert selected(without, MODERN) == Pods(namespaces=Not(Has("team")))


def test_service_accounts() -> None:
    account = {"matchLabels": {"io.cilium.k8s.policy.serviceaccount": "leia"}}
    assert selected(account) == Pods(namespaces=namespace_named("shop"), accounts=label(NAME_LABEL, "leia"))
    assert selected(where("io.cilium.k8s.policy.serviceaccount", "Exists")) == pods_in("shop")
    none: list[Any] = rules_of(where("io.cilium.k8s.policy.serviceaccount", "DoesNotExist"))
    assert none == []


def rules_of(selector: Tree, *others: Tree) -> list[Any]:
    found = policy({"endpointSelector": {}, "ingress": [{"fromEndpoints": [selector]}]})
    return rules(found, *others)


def test_clusters() -> None:
    blue = {"matchLabels": {"io.cilium.k8s.policy.cluster": "blue"}}
    assert selected(blue) == Perhaps(pods_in("shop"), "whether this cluster is blue")
    assert selected(blue, OLD) == pods_in("shop")
    assert selected(where("io.cilium.k8s.policy.cluster", "In", "blue", "green"), OLD) == pods_in("shop")
    assert rules_of(where("io.cilium.k8s.policy.cluster", "In", "green"), OLD) == []
    assert selected(where("io.cilium.k8s.policy.cluster", "NotIn", "green"), OLD) == pods_in("shop")
    assert selected(where("io.cilium.k8s.policy.cluster", "Exists")) == pods_in("shop")
    assert rules_of(where("io.cilium.k8s.policy.cluster", "DoesNotExist")) == []


def test_labels_from_elsewhere_are_not_on_pods() -> None:
    assert rules_of({"matchLabels": {"container:app": "a"}}) == []
    assert selected(where("container:app", "NotIn", "a")) == pods_in("shop")


def test_reserved_labels() -> None:
    assert selected({"matchLabels": {"reserved:host": ""}}) == Perhaps(Nodes(), OWN_NODE)
    assert selected({"matchLabels": {"reserved:remote-node": ""}}) == Perhaps(Nodes(), OTHER_NODE)
    assert selected({"matchLabels": {"reserved:world": ""}}) == World()
    assert selected(where("reserved:world", "Exists")) == World()
    assert rules_of({"matchLabels": {"reserved:host": "x"}}) == []
    assert rules_of({"matchLabels": {"reserved:init": ""}}) == []
    assert rules_of({"matchLabels": {"reserved:world": "", "app": "a"}}) == []
    unknown = Union((Perhaps(Nodes(), API_SERVER), Perhaps(World(), API_SERVER)))
    assert selected({"matchLabels": {"reserved:kube-apiserver": ""}}) == unknown
    assert selected({"matchLabels": {"reserved:world-ipv4": ""}}) == Perhaps(World(), LABELS_UNKNOWN)


def test_a_reserved_label_frees_a_selector_from_the_namespace() -> None:
    everybody = Union((Pods(), Nodes(), World()))
    assert selected(where("reserved:init", "DoesNotExist")) == everybody
    assert selected(where("reserved:init", "NotIn", "")) == everybody
    near = Union((Pods(), Nodes()))
    assert selected(where("reserved:world", "DoesNotExist")) == near
    ranges = {"matchExpressions": [*where("reserved:init", "DoesNotExist")["matchExpressions"]]}
    ranges["matchExpressions"] += where("cidr:10.0.0.0/8", "DoesNotExist")["matchExpressions"]
    assert selected(ranges) == Union((Pods(), Nodes(), Perhaps(World(), LABELS_UNKNOWN)))


def test_not_in_a_namespace_meant_everything_outside_before_1_19() -> None:
    others = where("io.kubernetes.pod.namespace", "NotIn", "a")
    pods = Pods(namespaces=Not(namespace_named("a")))
    assert selected(others, MODERN) == pods
    assert selected(others, OLD) == Union((pods, Nodes(), World()))
    doubtful = Perhaps(Nodes(), BEFORE_1_19), Perhaps(World(), BEFORE_1_19)
    assert selected(others) == Union((pods, *doubtful))
    assert anywhere(others, OLD) == Union((pods, Nodes(), World()))
    cluster = where("io.cilium.k8s.policy.cluster", "NotIn", "x")["matchExpressions"]
    elsewhere = {"matchExpressions": [*others["matchExpressions"], *cluster]}
    assert selected(elsewhere, MODERN) == Union((pods, Nodes(), World()))


def subjects_of(tree: Tree, *others: Tree) -> Endpoints:
    (only,) = taken(tree, *others)
    return only.subjects


def for_whom(selector: Tree, *others: Tree) -> Endpoints:
    return subjects_of(policy({"endpointSelector": selector, "ingress": [{}]}), *others)


def test_a_policy_is_for_pods_of_its_namespace() -> None:
    assert for_whom({}) == pods_in("shop")
    assert for_whom({"matchLabels": {"app": "a"}}) == pods_in("shop", label("app", "a"))
    assert subjects_of(policy({"endpointSelector": {}, "ingress": [{}]}, namespace=None)) == pods_in(
        "default"
    )
    assert for_whom({"matchLabels": {"k8s:io.kubernetes.pod.namespace": "shop"}}) == pods_in("shop")


def test_another_namespace_in_the_selector_gives_way_or_selects_nothing() -> None:
    said = {"endpointSelector": {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "dns"}}, "ingress": [{}]}
    (found,), (message,) = read(policy(said))
    assert found.subjects == pods_in("shop")
    assert "own namespace shop, not for dns" in message
    both = for_whom({"matchLabels": {"io.kubernetes.pod.namespace": "dns"}})
    assert both == Pods(namespaces=AllOf((namespace_named("dns"), namespace_named("shop"))))


def test_a_policy_of_the_cluster_is_for_all_pods_or_for_nodes() -> None:
    on = config(enable_host_firewall="true")

    def of_all(spec: Tree, *others: Tree) -> Endpoints:
        return subjects_of(clusterwide({**spec, "ingress": [{}]}), *others)

    assert of_all({"endpointSelector": {}}) == Pods()
    dns = {"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns"}}
    assert of_all({"endpointSelector": dns}) == pods_in("kube-system", label("k8s-app", "kube-dns"))
    assert of_all({"nodeSelector": {}}, on) == Nodes()
    assert of_all({"nodeSelector": {"matchLabels": {"zone": "a"}}}, on) == Nodes(label("zone", "a"))
    assert of_all({"nodeSelector": {"matchLabels": {"reserved:host": ""}}}, on) == Nodes()
    nothing = of_all({"nodeSelector": where("reserved:host", "DoesNotExist")}, on)
    assert isinstance(nothing, Nodes)
    assert nothing != Nodes()
    assert of_all({"nodeSelector": where("reserved:init", "DoesNotExist")}, on) == Nodes()


def test_labels_that_no_identity_has_are_told() -> None:
    spec: Tree = {
        "endpointSelector": {"matchLabels": {"statefulset.kubernetes.io/pod-name": "db-0"}},
        "ingress": [{"fromEndpoints": [where("pod-template-hash", "DoesNotExist")]}],
    }
    found, messages = read(policy(spec))
    assert [item.subjects for item in found] == [Nobody()]
    assert [rule.peers for item in found for rule in item.rules] == [pods_in("shop")]
    assert len(messages) == len(spec)
    assert "the label statefulset.kubernetes.io/pod-name is not part of the identity" in messages[0]
    own = config(labels="k8s:statefulset")
    (one,) = taken(policy({**spec, "ingress": [{}]}), own)
    assert one.subjects == pods_in("shop", label("statefulset.kubernetes.io/pod-name", "db-0"))
