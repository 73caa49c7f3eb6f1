"""What network plugins make of policies: what they ignore, and the policy as each understands it."""

from typing import Any

import pytest

from casemate.analysis.network.labels import NAME_LABEL, holds, of_selector
from casemate.analysis.network.network_policies import policies
from casemate.analysis.network.plugins.enforcement import as_enforced, ignored, profile
from casemate.analysis.network.plugins.forms import Effect, Part
from casemate.analysis.network.plugins.profiles import PROFILES
from casemate.model.errors import UsageError
from casemate.model.network_policy import NetworkPolicy, Peer, PolicyPort
from casemate.model.place import Document, path_text
from casemate.model.selectors import LabelSelector
from casemate.readers.objects import entities

FULL = {
    "podSelector": {"matchLabels": {"app": "a"}},
    "policyTypes": ["Ingress", "Egress"],
    "ingress": [
        {
            "from": [
                {"podSelector": {}, "namespaceSelector": {}},
                {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}},
            ],
            "ports": [{"port": "http"}, {"port": 1, "endPort": 9, "protocol": "SCTP"}],
        }
    ],
    "egress": [{"to": [{"ipBlock": {"cidr": "fd00::/8"}}]}, {"ports": [{"port": "dns", "protocol": "UDP"}]}],
}
OUT = {"podSelector": {}, "policyTypes": ["Egress"]}
SEGMENT = {"matchLabels": {"romana.io/segment": "front"}}


def policy(spec: dict[str, Any]) -> NetworkPolicy:
    tree = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": "n"},
        "spec": spec,
    }
    (found,) = entities(tree, Document("p.yaml"))
    assert isinstance(found, NetworkPolicy)
    return found


def told(spec: dict[str, Any], plugin: str) -> dict[str, str]:
    """What a plugin ignores of a policy, by place."""
    return {path_text(at): text for at, text in ignored(policy(spec), profile(plugin))}


def seen(spec: dict[str, Any], plugin: str) -> NetworkPolicy:
    found = as_enforced(policy(spec), profile(plugin))
    assert found is not None
    assert list(policies([found], [])), "the API server takes what a plugin understands"
    return found


def matches_nobody(peer: Peer) -> bool:
    assert peer.pod_selector is not None
    condition = of_selector(peer.pod_selector)
    return not holds(condition, {}) and not holds(condition, {NAME_LABEL: "x"})


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_every_profile_has_sources_and_says_what_it_is(name: str) -> None:
    plugin = profile(name)
    assert plugin.name == name
    assert plugin.sources
    assert all(gap.source and gap.text and not gap.text.endswith(".") for gap in plugin.gaps)
    assert len({gap.part for gap in plugin.gaps}) == len(plugin.gaps)


def test_the_plugins_that_people_name_are_there() -> None:
    wanted = "calico cilium kube-router romana weave flannel antrea aws-vpc azure gke-dataplane-v2 none"
    assert set(wanted.split()) <= set(PROFILES)


def test_names() -> None:
    assert profile("Cilium").version == ""
    assert profile("cilium@v1.16.4").version == "v1.16.4"
    with pytest.raises(UsageError, match=r"there is no network plugin celium; did you mean cilium\?"):
        profile("celium")
    with pytest.raises(UsageError, match=r"there is no network plugin x; they are calico, cilium, "):
        profile("x")


@pytest.mark.parametrize("name", ["calico", "antrea", "ovn-kubernetes", "kube-network-policies", "kindnet"])
def test_plugins_that_follow_everything(name: str) -> None:
    full = policy(FULL)
    assert told(FULL, name) == {}
    assert as_enforced(full, profile(name)) is full


@pytest.mark.parametrize("name", ["flannel", "none"])
def test_plugins_that_enforce_nothing(name: str) -> None:
    assert list(told(FULL, name)) == ["spec"]
    assert told(FULL, name)["spec"].endswith("enforces no policies")
    assert as_enforced(policy(FULL), profile(name)) is None


def test_weave_rejects_a_policy_with_a_port_by_name() -> None:
    assert told(FULL, "weave") == {
        "spec.ingress[0].ports[0].port": "Weave Net rejects the whole policy for a port by name",
        "spec.ingress[0].ports[1].endPort": "Weave Net ignores endPort: only the first port is open",
        "spec.egress[0].to[0].ipBlock.cidr": (
            "Weave Net has no IPv6: a range of IPv6 addresses opens nothing"
        ),
        "spec.egress[1].ports[0].port": "Weave Net rejects the whole policy for a port by name",
    }
    assert as_enforced(policy(FULL), profile("weave")) is None


def test_weave_opens_the_first_port_of_a_range_and_no_ipv6() -> None:
    blocks = [{"ipBlock": {"cidr": "fd00::/8"}}, {"ipBlock": {"cidr": "10.0.0.0/8"}}]
    ports = [{"port": 1, "endPort": 9, "protocol": "SCTP"}, {"port": 80}]
    found = seen({"podSelector": {}, "egress": [{"to": blocks, "ports": ports}]}, "weave")
    assert found.spec.policy_types == ("Ingress", "Egress")
    assert found.spec.egress is not None
    (rule,) = found.spec.egress
    assert rule.ports == (PolicyPort(protocol="SCTP", port=1), PolicyPort(port=80))
    assert rule.to is not None
    assert matches_nobody(rule.to[0])
    assert rule.to[1].ip_block is not None
    assert found.spec.ingress == ()


def test_rules_of_a_direction_that_the_policy_is_not_for_do_not_count() -> None:
    ingress = [{"ports": [{"port": "http"}]}]
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "ingress": ingress}
    assert told(spec, "weave") == {}
    spec = {"podSelector": {}, "policyTypes": ["Ingress"], "egress": ingress}
    assert told(spec, "weave") == {}


def test_cilium_knows_ranges_of_ports_since_1_17() -> None:
    spec = {"podSelector": {}, "ingress": [{"ports": [{"port": 1, "endPort": 9}]}]}
    for name in ("cilium", "cilium@1.17", "cilium@1.17.0", "cilium@v1.20.1", "cilium@latest"):
        assert told(spec, name) == {}
    for name in ("cilium@1.16", "cilium@v1.9.4", "cilium@1.16.5-cee.1"):
        assert list(told(spec, name)) == ["spec.ingress[0].ports[0].endPort"]
        rules = seen(spec, name).spec.ingress
        assert rules is not None
        assert rules[0].ports == (PolicyPort(port=1),)
        assert rules[0].from_ is None


def test_an_ip_block_means_no_pods_for_cilium() -> None:
    for name in ("cilium", "gke-dataplane-v2"):
        assert (profile(name).blocks_hold_pods, profile(name).blocks_hold_nodes) == (False, False)
    assert profile("calico").blocks_hold_pods is True
    assert profile("romana").blocks_hold_pods is None


def test_what_is_not_certain_is_told_and_kept() -> None:
    full = policy(FULL)
    assert list(told(FULL, "cilium")) == ["spec.ingress[0].ports[1].protocol"]
    assert as_enforced(full, profile("cilium")) is full
    assert list(told(FULL, "aws-vpc")) == ["spec.ingress[0].ports[0].port"]
    assert as_enforced(full, profile("aws-vpc")) is full


def test_kube_router_opens_the_number_of_a_port_name_to_everyone() -> None:
    assert list(told(FULL, "kube-router")) == [
        "spec.ingress[0].ports[1].protocol",
        "spec.egress[1].ports[0].port",
    ]
    with_peers = {"podSelector": {}, "egress": [{"to": [{"podSelector": {}}], "ports": [{"port": "dns"}]}]}
    assert told(with_peers, "kube-router") == {}
    assert seen(FULL, "kube-router").spec == policy(FULL).spec


def test_azure_has_no_ipv6() -> None:
    assert list(told(FULL, "azure")) == ["spec.egress[0].to[0].ipBlock.cidr"]


def test_romana_knows_ingress_only() -> None:
    text = "Romana knows ingress only: nothing limits what goes out"
    assert told(OUT, "romana") == {"spec.policyTypes": text}
    assert as_enforced(policy(OUT), profile("romana")) is None
    spec = {"podSelector": {}, "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]}
    assert told(spec, "romana") == {"spec.egress": text}
    found = seen(spec, "romana")
    assert found.spec.policy_types == ("Ingress",)
    assert (found.spec.egress, found.spec.ingress) == (None, ())


@pytest.mark.parametrize(
    ("peer", "at"),
    [
        ({"ipBlock": {"cidr": "10.0.0.0/8"}}, "ipBlock"),
        ({"podSelector": {}, "namespaceSelector": {"matchLabels": {"namespace": "x"}}}, ""),
        ({"podSelector": {"matchLabels": {"app": "a"}}}, "podSelector.matchLabels"),
        ({"namespaceSelector": {}}, "namespaceSelector"),
    ],
)
def test_romana_rejects_policies_with_what_it_does_not_know(peer: dict[str, Any], at: str) -> None:
    spec = {"podSelector": {}, "ingress": [{"from": [peer]}]}
    assert list(told(spec, "romana")) == [f"spec.ingress[0].from[0]{'.' if at else ''}{at}"]
    assert as_enforced(policy(spec), profile("romana")) is None
    assert as_enforced(policy({"podSelector": {"matchLabels": {"a": "b"}}}), profile("romana")) is None


def test_romana_looks_at_one_label() -> None:
    labels = {"romana.io/segment": "front", "app": "a"}
    wide = {"matchLabels": labels, "matchExpressions": [{"key": "b", "operator": "Exists"}]}
    spec = {
        "podSelector": wide,
        "ingress": [
            {
                "from": [
                    {"namespaceSelector": {"matchLabels": {"namespace": "x", "a": "b"}}},
                    {"podSelector": SEGMENT},
                ],
                "ports": [{"port": "http"}, {"port": 1, "endPort": 9}],
            },
            {"from": [{"podSelector": {}}], "ports": [{"port": "http"}]},
        ],
    }
    assert list(told(spec, "romana")) == [
        "spec.podSelector.matchLabels",
        "spec.podSelector.matchExpressions",
        "spec.ingress[0].from[0].namespaceSelector.matchLabels",
        "spec.ingress[0].ports[0].port",
        "spec.ingress[0].ports[1].endPort",
        "spec.ingress[1].ports[0].port",
    ]
    found = seen(spec, "romana").spec
    front = LabelSelector(match_labels={"romana.io/segment": "front"})
    assert found.pod_selector == front
    assert found.ingress is not None
    assert found.ingress[0].from_ == (
        Peer(namespace_selector=LabelSelector(match_labels={NAME_LABEL: "x"})),
        Peer(pod_selector=front),
    )
    assert found.ingress[0].ports == (PolicyPort(port=1),)
    assert found.ingress[1].from_ is not None
    assert matches_nobody(found.ingress[1].from_[0]), "a rule whose ports are all unknown opens nothing"
    assert found.ingress[1].ports is None


def test_an_egress_rule_whose_ports_are_not_seen_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec  # noqa: PLC0415 # for this one plugin, which there is not

    gap = next(gap for gap in PROFILES["romana"].gaps if gap.part is Part.NAMED_PORT)
    assert gap.effect is Effect.CLOSED
    plugin = msgspec.structs.replace(PROFILES["calico"], name="made-up", gaps=(gap,))
    monkeypatch.setitem(PROFILES, "made-up", plugin)
    rules = seen(FULL, "made-up").spec.egress
    assert rules is not None
    assert rules[1].to is not None
    assert matches_nobody(rules[1].to[0])
