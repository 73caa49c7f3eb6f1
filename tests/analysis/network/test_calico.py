"""Calico's policies in the common form: whom they are for, when they are asked, and what their rules mean."""

import math

import msgspec
import pytest

from casemate.analysis.network import network_policies
from casemate.analysis.network.calico.dialect import Beside, in_calicos_tiers, set_aside
from casemate.analysis.network.calico.tiers import BUILT_IN, DEFAULT, KUBE_ADMIN, KUBE_BASELINE
from casemate.analysis.network.labels import NAME_LABEL, AllOf, Has, Not, OneOf
from casemate.analysis.network.policies import (
    ADMIN,
    BASELINE,
    Action,
    Direction,
    Everything,
    Intersection,
    Networks,
    Nodes,
    Notice,
    Perhaps,
    Pods,
    Tier,
    Union,
)
from casemate.model.network_policy import NetworkPolicy
from tests.analysis.network.calico_objects import (
    STORED,
    V3,
    Tree,
    estate_of,
    global_policy,
    policy,
    read,
    rules,
    thing,
)

IN, OUT = Direction.INGRESS, Direction.EGRESS
ALLOW = {"action": "Allow"}
SHOP = OneOf(NAME_LABEL, ("shop",))
DB = OneOf("role", ("db",))


@pytest.mark.parametrize(
    ("spec", "version", "meant"),
    [
        ({}, V3, {IN}),
        ({"ingress": [ALLOW]}, V3, {IN}),
        ({"egress": [ALLOW]}, V3, {OUT}),
        ({"ingress": [ALLOW], "egress": [ALLOW]}, V3, {IN, OUT}),
        ({"types": ["Ingress"], "egress": [ALLOW]}, V3, {IN}),
        ({"types": ["Egress"]}, V3, {OUT}),
        ({"types": [], "egress": [ALLOW]}, V3, {OUT}),
        ({}, STORED, {IN, OUT}),
        ({"types": ["Egress"]}, STORED, {OUT}),
    ],
)
def test_directions_and_their_default(spec: Tree, version: str, meant: set[Direction]) -> None:
    (found,), _ = read(policy(spec, version=version))
    assert found.isolates == meant
    assert {rule.direction for rule in found.rules} <= meant


def test_order_is_infinite_where_none_is_said_and_ties_go_by_name() -> None:
    found, _ = read(
        policy({}, name="b"),
        policy({"order": 10}, name="z"),
        policy({"order": 10.5}, name="a"),
        global_policy({"order": 10}, name="y"),
        policy({"order": 10}, name="z", namespace=None),
    )
    asked = sorted(found, key=lambda item: (item.tier, item.order, item.name))
    assert [(item.name, item.order) for item in asked] == [
        ("y//GlobalNetworkPolicy", 10),
        ("z/default/NetworkPolicy", 10),
        ("z/shop/NetworkPolicy", 10),
        ("a/shop/NetworkPolicy", 10.5),
        ("b/shop/NetworkPolicy", math.inf),
    ]


def test_subjects_of_a_namespaced_policy_are_in_its_namespace() -> None:
    (found,), _ = read(policy({"selector": "role == 'db'", "serviceAccountSelector": "team == 'a'"}))
    assert found.subjects == Pods(SHOP, DB, OneOf("team", ("a",)))
    (found,), _ = read(policy({}))
    assert found.subjects == Pods(SHOP)
    (found,), _ = read(policy({"namespaceSelector": "env == 'prod'"}, namespace=None))
    assert found.subjects == Pods(OneOf(NAME_LABEL, ("default",)))


def test_subjects_of_a_global_policy_are_everywhere() -> None:
    (found,), _ = read(global_policy({}))
    assert found.subjects == Pods()
    (found,), _ = read(global_policy({"namespaceSelector": "all()", "serviceAccountSelector": "all()"}))
    assert found.subjects == Pods()
    (found,), _ = read(global_policy({"namespaceSelector": "env != 'prod'", "selector": "has(role)"}))
    assert found.subjects == Pods(Not(OneOf("env", ("prod",))), Has("role"))


def test_tiers_that_were_read_and_those_that_are_always_there() -> None:
    found, notices = read(
        thing("Tier", "security", {"order": 5, "defaultAction": "Pass"}),
        thing("Tier", "last"),
        thing("Tier", "default", {"order": 3, "defaultAction": "Pass"}),
        *(
            global_policy({"tier": name})
            for name in ("security", "last", "default", "", "kube-admin", "kube-baseline")
        ),
    )
    assert notices == []
    security, last = Tier(5, "security", ends_in_pass=True), Tier(math.inf, "last")
    assert [item.tier for item in found] == [security, last, DEFAULT, DEFAULT, KUBE_ADMIN, KUBE_BASELINE]
    assert min(BUILT_IN.values()).order == 1_000


def test_a_refused_tier_is_none() -> None:
    _, notices = read(thing("Tier", "odd", {"defaultAction": "Allow"}), global_policy({"tier": "odd"}))
    assert [(item.at, item.message) for item in notices] == [
        (("spec", "defaultAction"), "Calico refuses the tier: its default action is Deny or Pass"),
        (("spec", "tier"), "the tier odd was not read; without it, Calico does not enforce the policy"),
    ]


def test_a_policy_whose_tier_was_not_read_is_unsure_from_the_start() -> None:
    (found,), notices = read(global_policy({"tier": "far"}))
    assert found.tier.order == -math.inf
    assert found.subjects == Perhaps(Pods(), "the tier far, which was not read")
    assert len(notices) == 1


def test_a_policy_whose_tier_is_not_there_is_not_enforced() -> None:
    found, notices = read(global_policy({"tier": "far"}), complete=frozenset({"Tier"}))
    assert found == []
    assert [item.at for item in notices] == [("spec", "tier")]


def test_actions_and_logging() -> None:
    found = rules(policy({"ingress": [{"action": name} for name in ("Log", "Pass", "Deny", "Allow")]}))
    assert [(rule.action, rule.at) for rule in found] == [
        (Action.PASS, ("spec", "ingress", 1)),
        (Action.DENY, ("spec", "ingress", 2)),
        (Action.ALLOW, ("spec", "ingress", 3)),
    ]
    assert {(rule.peers, rule.ports, rule.depends) for rule in found} == {(Everything(), None, "")}


def test_what_cannot_be_known_from_the_policy_is_said() -> None:
    http = {"http": {"methods": ["GET"]}, "protocol": "TCP"}
    sources = {"protocol": "TCP", "source": {"ports": [53]}}
    found = rules(
        policy({"ingress": [{**ALLOW, **http}, {**ALLOW, **sources}, {**ALLOW, **http, **sources}]})
    )
    looks, comes = (
        "the HTTP request, which only Calico's application layer policy looks at",
        "the port that the connection comes from",
    )
    assert [rule.depends for rule in found] == [looks, comes, f"{looks} and {comes}"]


def test_rules_for_some_subjects_cut_the_policy_in_order() -> None:
    own = {"destination": {"selector": "role == 'db'"}}
    found, _ = read(
        policy({"ingress": [ALLOW, {**ALLOW, **own}, {"action": "Pass", **own}, {"action": "Deny"}]})
    )
    assert [item.subjects for item in found] == [
        Pods(SHOP),
        Intersection((Pods(SHOP), Pods(SHOP, DB))),
        Pods(SHOP),
    ]
    assert [[rule.at[-1] for rule in item.rules] for item in found] == [[0], [1, 2], [3]]
    assert [item.isolates for item in found] == [{IN}, set(), set()]
    assert sorted(item.name for item in found) == [item.name for item in found]


def test_a_policy_that_begins_with_a_rule_for_some_still_isolates_all() -> None:
    found, _ = read(policy({"egress": [{**ALLOW, "source": {"nets": ["10.0.0.0/8"]}}]}))
    ten = Networks(("10.0.0.0/8",), pods=True, nodes=True)
    assert [(item.subjects, len(item.rules), set(item.isolates)) for item in found] == [
        (Pods(SHOP), 0, {OUT}),
        (Intersection((Pods(SHOP), ten)), 1, set()),
    ]


@pytest.mark.parametrize("field", ["doNotTrack", "preDNAT"])
def test_policies_for_host_endpoints_only_have_no_effect_on_pods(field: str) -> None:
    found, notices = read(global_policy({field: True, "applyOnForward": True}))
    assert found == []
    assert [(item.at, item.message) for item in notices] == [
        (("spec", field), "the policy is for host endpoints only and has no effect on pods")
    ]
    assert len(read(global_policy({"applyOnForward": True}))[0]) == 1


def test_a_refused_policy_is_left_out_and_said() -> None:
    found, notices = read(policy({"selector": "role = 'db'"}), policy({}, name="right"))
    assert [item.entity.name for item in found] == ["right"]
    assert [(item.entity.name, item.at, item.message) for item in notices] == [
        (
            "p",
            ("spec", "selector"),
            "Calico refuses the policy: the selector cannot be read: \"= 'db'\" is no operator",
        )
    ]


def test_what_has_no_part_in_the_answer_is_said() -> None:
    notices: list[Notice] = []
    kinds = ["StagedNetworkPolicy", "StagedGlobalNetworkPolicy", "StagedKubernetesNetworkPolicy"]
    set_aside(estate_of(*map(thing, kinds), thing("Profile"), thing("HostEndpoint")), notices)
    assert [item.entity.ref.kind for item in notices] == [*kinds, "Profile", "HostEndpoint"]
    assert read(*map(thing, kinds)) == ([], [])


def test_a_host_endpoint_makes_its_node_unsure() -> None:
    host = thing("HostEndpoint", "eth0", {"node": "n1", "expectedIPs": ["10.0.0.1"]}, labels={"role": "db"})
    found, _ = read(host, global_policy({"selector": "role == 'db'"}))
    node = Perhaps(
        Intersection((Nodes(), Networks(("10.0.0.1/32",), pods=False, nodes=True))),
        "what applies to the host endpoint eth0",
    )
    assert [item.subjects for item in found] == [Union((Pods(pods=DB), node)), node]
    assert (set(found[1].isolates), found[1].tier.order) == ({IN, OUT}, math.inf)
    found, _ = read(thing("HostEndpoint", "all", {"node": "n1", "profiles": ["projectcalico-default-allow"]}))
    assert found == []
    (only,), _ = read(thing("HostEndpoint", "all", {"node": "n1"}))
    assert only.subjects == Perhaps(Nodes(), "what applies to the host endpoint all")


def test_policies_of_kubernetes_have_places_among_calicos() -> None:
    spec = {"podSelector": {"matchLabels": {"role": "db"}}}
    estate = estate_of(thing("NetworkPolicy", "k", spec, version="networking.k8s.io/v1"))
    notices: list[Notice] = []
    (plain,) = network_policies.policies(estate.of(NetworkPolicy), notices)
    (own,), _ = read(policy({}))
    others = [msgspec.structs.replace(plain, tier=tier, order=7) for tier in (ADMIN, BASELINE)]
    found = list(in_calicos_tiers([plain, *others, own]))
    assert [(item.tier, item.order, item.name) for item in found] == [
        (DEFAULT, 1_000, "k/default/KubernetesNetworkPolicy"),
        (KUBE_ADMIN, 7, "k//KubernetesClusterNetworkPolicy"),
        (KUBE_BASELINE, 7, "k//KubernetesClusterNetworkPolicy"),
        (DEFAULT, math.inf, "p/shop/NetworkPolicy"),
    ]
    assert found[3] is own
    assert found[0].subjects == plain.subjects


def test_what_stands_beside_policies_is_read_once() -> None:
    beside = Beside.of(estate_of(thing("Tier"), thing("NetworkSet"), complete=frozenset({"*"})))
    assert (len(beside.tiers), beside.all_tiers, len(beside.sets), beside.hosts) == (1, True, 1, ())


def test_conditions_of_several_parts_stay_one() -> None:
    (found,), _ = read(policy({"selector": "role == 'db' && has(tier)"}))
    assert found.subjects == Pods(SHOP, AllOf((DB, Has("tier"))))
