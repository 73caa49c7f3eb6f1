"""How Cilium is set up: its ConfigMap is known by its name and one of its keys."""

from casemate.analysis.network.cilium.settings import ALWAYS, DEFAULT, NEVER, CiliumSettings
from casemate.analysis.network.policies import Direction, Nodes, Pods, Union
from tests.analysis.network.cilium_objects import Tree, config, estate_of, policy, read, taken


def settings(*trees: Tree) -> CiliumSettings:
    return CiliumSettings.of(estate_of(*trees))


def test_without_a_config_map_defaults_hold_and_the_rest_is_not_known() -> None:
    assert settings() == CiliumSettings()
    other = config()
    other["metadata"]["name"] = "cilium-config-old"
    assert settings(other) == CiliumSettings()
    foreign = config()
    foreign["data"] = {"colour": "blue"}
    assert settings(foreign) == CiliumSettings()
    del foreign["data"]
    assert settings(foreign) == CiliumSettings()


def test_what_a_config_map_says() -> None:
    found = settings(
        config(
            enable_policy="Always",
            policy_cidr_match_mode=" nodes pods",
            enable_host_firewall="true",
            enable_node_selector_labels="false",
            policy_default_local_cluster="true",
            enable_non_default_deny_policies="false",
            labels="k8s:app",
        )
    )
    assert (found.enforcement, found.cidr_nodes, found.cidr_pods) == (ALWAYS, True, True)
    assert (found.host_firewall, found.node_labels, found.local_cluster) == (True, False, True)
    assert (found.cluster, found.default_deny_is_optional, found.own_labels) == ("default", False, True)
    plain = settings(config(enable_policy="odd"))
    assert (plain.enforcement, plain.cidr_nodes, plain.cidr_pods) == (DEFAULT, False, False)
    assert (plain.host_firewall, plain.node_labels, plain.local_cluster) == (False, False, False)
    assert (plain.default_deny_is_optional, plain.own_labels) == (True, False)


ALLOW: Tree = {"endpointSelector": {}, "ingress": [{"fromEntities": ["all"]}]}


def test_no_policy_counts_where_none_is_enforced() -> None:
    found, messages = read(policy(ALLOW), config(enable_policy=NEVER))
    assert found == []
    assert messages == [
        "Cilium is set to enforce no policies (enable-policy: never), so this one is without effect"
    ]


def test_always_denies_what_no_policy_allows() -> None:
    own, always = taken(policy(ALLOW), config(enable_policy=ALWAYS))
    assert own.entity.name == "p"
    assert (always.entity.name, always.subjects, always.rules) == ("cilium-config", Pods(), ())
    assert always.isolates == frozenset(Direction)
    _, always = taken(policy(ALLOW), config(enable_policy=ALWAYS, enable_host_firewall="true"))
    assert always.subjects == Union((Pods(), Nodes()))


def test_default_deny_may_not_be_optional() -> None:
    spec: Tree = ALLOW | {"enableDefaultDeny": {"ingress": False}}
    (found,) = taken(policy(spec), config(enable_non_default_deny_policies="false"))
    assert found.isolates == {Direction.INGRESS}
    (found,) = taken(policy(spec))
    assert found.isolates == frozenset()
