"""Cilium's policies as a whole: sections, default deny, deny before allow, several specifications.

The facts are those of Cilium's pkg/policy/repository_test.go, repository_deny_test.go and documentation (intro.rst).
"""

import pytest

from casemate.analysis.network.cilium.dialect import (
    ALLOWS,
    DENIES,
    HOST_FIREWALL,
    NODE_LABELS,
    TIER,
    policies,
)
from casemate.analysis.network.policies import (
    NETWORK_POLICY,
    Action,
    Direction,
    Everything,
    Nodes,
    Notice,
    Perhaps,
    World,
)
from casemate.model.cilium import CiliumPolicy
from tests.analysis.network.cilium_objects import (
    Tree,
    clusterwide,
    config,
    estate_of,
    label,
    pods_in,
    policy,
    read,
    refused,
    taken,
)

IN, OUT = Direction.INGRESS, Direction.EGRESS
ALL: Tree = {"fromEntities": ["all"]}
TO_ALL: Tree = {"toEntities": ["all"]}


def isolates(spec: Tree) -> frozenset[Direction]:
    (found,) = taken(policy({"endpointSelector": {}, **spec}))
    return found.isolates


@pytest.mark.parametrize(
    ("spec", "directions"),
    [
        ({"ingress": [{}]}, {IN}),
        ({"egress": [{}]}, {OUT}),
        ({"ingress": [ALL], "egress": [TO_ALL]}, {IN, OUT}),
        ({"ingress": [], "egress": [TO_ALL]}, {OUT}),
        ({"ingressDeny": [{"fromEntities": ["world"]}]}, {IN}),
        ({"egressDeny": [{"toEntities": ["world"]}]}, {OUT}),
        ({"ingress": [ALL], "enableDefaultDeny": {"ingress": True}}, {IN}),
        ({"ingress": [ALL], "enableDefaultDeny": {"ingress": False}}, set()),
        ({"ingress": [ALL], "enableDefaultDeny": {"egress": False}}, {IN}),
        ({"ingress": [ALL], "egress": [TO_ALL], "enableDefaultDeny": {"egress": False}}, {IN}),
    ],
)
def test_a_direction_with_rules_denies_the_rest(spec: Tree, directions: set[Direction]) -> None:
    assert isolates(spec) == directions


def test_a_deny_rule_without_peers_denies_the_rest_only() -> None:
    (found,) = taken(policy({"endpointSelector": {}, "ingressDeny": [{}]}))
    assert (found.order, found.rules, found.isolates) == (ALLOWS, (), frozenset({IN}))


def test_without_rules_default_deny_has_no_effect() -> None:
    spec: Tree = {"endpointSelector": {}, "ingress": [ALL], "enableDefaultDeny": {"egress": True}}
    (found,), messages = read(policy(spec))
    assert found.isolates == {IN}
    assert messages == ["without rules for egress there is no default deny of it"]


def test_deny_comes_before_allow_in_the_tier_of_network_policies() -> None:
    spec: Tree = {
        "endpointSelector": {"matchLabels": {"role": "frontend"}},
        "egress": [TO_ALL],
        "egressDeny": [{"toEndpoints": [{"matchLabels": {"role": "backend"}}]}],
    }
    denies, allows = taken(policy(spec))
    assert TIER == NETWORK_POLICY
    assert (denies.order, allows.order) == (DENIES, ALLOWS)
    assert denies.order < 0 == allows.order
    assert {denies.tier, allows.tier} == {TIER}
    assert {denies.subjects, allows.subjects} == {pods_in("shop", label("role", "frontend"))}
    (no,), (yes,) = denies.rules, allows.rules
    assert (no.action, no.direction, no.peers) == (
        Action.DENY,
        OUT,
        pods_in("shop", label("role", "backend")),
    )
    assert (yes.action, yes.direction, yes.peers, yes.ports) == (Action.ALLOW, OUT, Everything(), None)
    assert (no.at, yes.at) == (("spec", "egressDeny", 0), ("spec", "egress", 0))
    assert denies.name == allows.name == "shop/p"


def test_outsiders_can_be_locked_out() -> None:
    spec: Tree = {"endpointSelector": {}, "ingress": [ALL], "ingressDeny": [{"fromEntities": ["world"]}]}
    allows, denies = sorted(taken(clusterwide(spec, name="lock")), key=lambda item: -item.order)
    assert [rule.peers for rule in denies.rules] == [World()]
    assert [rule.peers for rule in allows.rules] == [Everything()]
    assert denies.name == "lock"


def test_each_specification_is_a_policy() -> None:
    one: Tree = {"endpointSelector": {"matchLabels": {"app": "a"}}, "ingress": [ALL]}
    other: Tree = {"endpointSelector": {"matchLabels": {"app": "b"}}, "egress": [TO_ALL]}
    first, second = taken(policy(one, other))
    assert first.subjects == pods_in("shop", label("app", "a"))
    assert second.subjects == pods_in("shop", label("app", "b"))
    assert [rule.at for item in (first, second) for rule in item.rules] == [
        ("specs", 0, "ingress", 0),
        ("specs", 1, "egress", 0),
    ]
    both = policy(one)
    both["specs"] = [other]
    assert len(taken(both)) == len([one, other])


def test_a_refused_policy_is_left_out_whole() -> None:
    good: Tree = {"endpointSelector": {}, "ingress": [ALL]}
    bad: Tree = {"ingress": [ALL]}
    assert "it needs an endpointSelector or a nodeSelector" in refused(policy(good, bad))


def test_policies_of_nodes_need_the_host_firewall() -> None:
    host = clusterwide({"nodeSelector": {"matchLabels": {"type": "worker"}}, "ingress": [ALL]})
    workers = Nodes(label("type", "worker"))
    (found,) = taken(host, config(enable_host_firewall="true"))
    assert found.subjects == workers
    (found,) = taken(host)
    assert found.subjects == Perhaps(workers, HOST_FIREWALL)
    none, (message,) = read(host, config())
    assert none == []
    assert "host firewall is off" in message


def test_peers_by_the_labels_of_nodes_need_a_setting() -> None:
    nodes = policy({"endpointSelector": {}, "egress": [{"toNodes": [{}]}], "ingress": [{}]})
    (found,) = taken(nodes)
    assert found.subjects == Perhaps(pods_in("shop"), NODE_LABELS)
    (found,) = taken(nodes, config(enable_node_selector_labels="true"))
    assert found.subjects == pods_in("shop")
    assert (
        refused(nodes, config())
        == "Cilium rejects the policy: toNodes needs the setting enable-node-selector-labels"
    )


def test_surroundings_may_be_left_out() -> None:
    notices: list[Notice] = []
    estate = estate_of(policy({"endpointSelector": {}, "ingress": [ALL]}))
    assert len(list(policies(estate.of(CiliumPolicy), notices))) == 1
    assert notices == []
