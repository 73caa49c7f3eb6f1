"""Cluster-wide network policies: what they say in the common form, and what of them no cluster has."""

from typing import Any

import pytest

from casemate.analysis.network.cluster_wide.dialect import policies
from casemate.analysis.network.labels import Any as AnyLabels
from casemate.analysis.network.labels import Has, Labels, Not, OneOf
from casemate.analysis.network.policies import (
    ADMIN,
    BASELINE,
    WITH_PORTS,
    Action,
    Direction,
    Endpoints,
    Everything,
    NamedPort,
    Networks,
    Nobody,
    Nodes,
    Notice,
    Perhaps,
    Pods,
    Policy,
    PortRange,
    Union,
    World,
)
from casemate.model.admin_network_policy import ClusterWidePolicy
from casemate.model.place import Document
from casemate.readers.objects import entities

GROUP = "policy.networking.k8s.io"
ALL: dict[str, Any] = {"namespaces": {}}


def read(
    kind: str, spec: dict[str, Any], name: str = "p", version: str = ""
) -> tuple[list[Policy], list[Notice]]:
    """The policies of an object in the common form, and what is noticed."""
    version = version or ("v1alpha2" if kind == "ClusterNetworkPolicy" else "v1alpha1")
    tree = {"apiVersion": f"{GROUP}/{version}", "kind": kind, "metadata": {"name": name}, "spec": spec}
    (entity,) = entities(tree, Document("p.yaml"))
    assert isinstance(entity, ClusterWidePolicy)
    notices: list[Notice] = []
    return list(policies([entity], notices)), notices


def admin(rule: dict[str, Any], direction: str = "egress", **more: Any) -> tuple[list[Policy], list[Notice]]:
    return read("AdminNetworkPolicy", {"priority": 5, "subject": ALL, direction: [rule], **more})


def cluster(
    rule: dict[str, Any], direction: str = "egress", version: str = ""
) -> tuple[list[Policy], list[Notice]]:
    spec = {"tier": "Admin", "priority": 5, "subject": ALL, direction: [rule]}
    return read("ClusterNetworkPolicy", spec, version=version)


def refused(found: tuple[list[Policy], list[Notice]]) -> str:
    """Why the API server does not take a policy, with its place."""
    read_policies, notices = found
    assert read_policies == []
    assert notices[-1].message.startswith("the API server refuses the policy: ")
    where = ".".join(map(str, notices[-1].at))
    return f"{where}: {notices[-1].message.removeprefix('the API server refuses the policy: ')}"


def only(found: tuple[list[Policy], list[Notice]]) -> Policy:
    assert found[1] == []
    return found[0][0]


def labelled(key: str, value: str) -> Labels:
    return OneOf(key, (value,))


def test_tiers_and_orders() -> None:
    policy = only(read("AdminNetworkPolicy", {"priority": 0, "subject": ALL}, "first"))
    assert (policy.tier, policy.order, policy.name, policy.rules) == (ADMIN, 0, "first", ())
    assert policy.isolates == frozenset()
    assert policy.subjects == Pods()
    assert only(read("BaselineAdminNetworkPolicy", {"subject": ALL}, "default")).tier == BASELINE
    for word, tier in (("Admin", ADMIN), ("Baseline", BASELINE)):
        spec = {"tier": word, "priority": 1000, "subject": ALL, "ingress": [], "egress": None}
        policy = only(read("ClusterNetworkPolicy", spec))
        assert (policy.tier, policy.order) == (tier, 1000)
    assert ADMIN.ties
    assert BASELINE.ties


@pytest.mark.parametrize("priority", [-1, 1001, None])
@pytest.mark.parametrize("kind", ["AdminNetworkPolicy", "ClusterNetworkPolicy"])
def test_a_priority_is_needed_and_bounded(kind: str, priority: int | None) -> None:
    spec = {"tier": "Admin", "priority": priority, "subject": ALL}
    assert refused(read(kind, spec)) == "spec.priority: its priority must be from 0 to 1000"


def test_what_the_api_server_refuses_of_a_policy() -> None:
    assert refused(read("BaselineAdminNetworkPolicy", {"subject": ALL}, "other")) == (
        "metadata.name: its name must be default"
    )
    for tier in ("admin", None):
        spec = {"tier": tier, "priority": 1, "subject": ALL}
        assert refused(read("ClusterNetworkPolicy", spec)) == (
            "spec.tier: its tier must be one of Admin, Baseline"
        )
    assert refused(read("AdminNetworkPolicy", {"priority": 1})) == "spec.subject: it has no subject"
    both: dict[str, Any] = {"namespaces": {}, "pods": {"namespaceSelector": {}, "podSelector": {}}}
    for subject in ({}, both):
        assert refused(read("AdminNetworkPolicy", {"priority": 1, "subject": subject})) == (
            "spec.subject: exactly one must be set of namespaces, pods"
        )
    rules = [{"action": "Allow", "from": [ALL]}] * 101
    assert refused(read("AdminNetworkPolicy", {"priority": 1, "subject": ALL, "ingress": rules})) == (
        "spec.ingress: it may have 100 entries, not 101"
    )
    rules = [{"action": "Accept", "from": [ALL]}] * 26
    many: dict[str, Any] = {"tier": "Admin", "priority": 1, "subject": ALL, "ingress": rules}
    assert refused(read("ClusterNetworkPolicy", many)) == "spec.ingress: it may have 25 entries, not 26"


def test_subjects() -> None:
    pods = {"namespaceSelector": {"matchLabels": {"a": "1"}}, "podSelector": {"matchLabels": {"b": "2"}}}
    policy = only(read("AdminNetworkPolicy", {"priority": 1, "subject": {"pods": pods}}))
    assert policy.subjects == Pods(namespaces=labelled("a", "1"), pods=labelled("b", "2"))
    spec = {"tier": "Admin", "priority": 1, "subject": {"pods": {"podSelector": {}}}}
    assert only(read("ClusterNetworkPolicy", spec)).subjects == Pods(AnyLabels(), AnyLabels())


def test_selectors_that_must_be_there_are_taken_to_be_empty() -> None:
    found, notices = read("AdminNetworkPolicy", {"priority": 1, "subject": {"pods": {}}})
    assert found[0].subjects == Pods()
    assert [(n.at[-1], n.message.partition(":")[0]) for n in notices] == [
        ("namespaceSelector", "namespaceSelector must be set"),
        ("podSelector", "podSelector must be set"),
    ]


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ({"accounts": {}}, "there is no field accounts here"),
        ({"namespaces": {"namespaceSelector": {}}}, "there is no field namespaceSelector here"),
        (
            {"namespaces": {"matchExpressions": [{"key": "a", "operator": "Near"}]}},
            "the selector has an operator or values that are not allowed",
        ),
    ],
)
def test_a_subject_that_is_not_understood_selects_nothing(subject: dict[str, Any], told: str) -> None:
    found, notices = read("AdminNetworkPolicy", {"priority": 1, "subject": subject})
    assert found[0].subjects == Nobody()
    assert [notice.message for notice in notices] == [f"{told}: the policy is taken to select nothing"]


@pytest.mark.parametrize(
    ("action", "meant"), [("Allow", Action.ALLOW), ("Deny", Action.DENY), ("Pass", Action.PASS)]
)
def test_actions(action: str, meant: Action) -> None:
    (rule,) = only(admin({"name": "x", "action": action, "from": [ALL]}, "ingress")).rules
    assert (rule.action, rule.direction, rule.peers, rule.ports) == (meant, Direction.INGRESS, Pods(), None)
    assert rule.at == ("spec", "ingress", 0)
    newer = "Accept" if action == "Allow" else action
    (rule,) = only(cluster({"action": newer, "to": [ALL]})).rules
    assert (rule.action, rule.direction, rule.at) == (meant, Direction.EGRESS, ("spec", "egress", 0))


def test_actions_that_there_are_not() -> None:
    needed = "spec.egress.0.action: its action must be one of"
    assert refused(admin({"action": "Accept", "to": [ALL]})) == f"{needed} Allow, Deny, Pass"
    assert refused(cluster({"action": "Allow", "to": [ALL]})) == f"{needed} Accept, Deny, Pass"
    assert refused(cluster({"to": [ALL]})) == f"{needed} Accept, Deny, Pass"
    spec = {"subject": ALL, "egress": [{"action": "Pass", "to": [ALL]}]}
    assert refused(read("BaselineAdminNetworkPolicy", spec, "default")) == f"{needed} Allow, Deny"


@pytest.mark.parametrize(
    ("peer", "meant"),
    [
        ({"namespaces": {"matchLabels": {"a": "1"}}}, Pods(namespaces=labelled("a", "1"))),
        (
            {"pods": {"namespaceSelector": {}, "podSelector": {"matchLabels": {"b": "2"}}}},
            Pods(pods=labelled("b", "2")),
        ),
        (
            {"nodes": {"matchExpressions": [{"key": "c", "operator": "DoesNotExist"}]}},
            Nodes(Not(Has("c"))),
        ),
        (
            {"networks": ["10.0.0.1/8", "fd00::/8"]},
            Networks(("10.0.0.1/8", "fd00::/8"), pods=True, nodes=True),
        ),
        (
            {"domainNames": ["*.example.com", "example.org."]},
            Perhaps(World(), "which addresses *.example.com, example.org. resolves to"),
        ),
    ],
)
def test_peers(peer: dict[str, Any], meant: Endpoints) -> None:
    assert only(admin({"action": "Allow", "to": [peer]})).rules[0].peers == meant
    assert only(cluster({"action": "Accept", "to": [peer]})).rules[0].peers == meant
    both = Union((meant, Pods()))
    assert only(admin({"action": "Allow", "to": [peer, ALL]})).rules[0].peers == both


def test_what_the_api_server_refuses_of_a_rule() -> None:
    assert refused(admin({"action": "Allow"})) == "spec.egress.0.to: to must name a peer"
    assert refused(admin({"action": "Allow", "to": [ALL]}, "ingress")) == (
        "spec.ingress.0.from: from must name a peer"
    )
    assert refused(admin({"action": "Allow", "to": [ALL], "name": "x" * 101})) == (
        "spec.egress.0.name: a name has at most 100 characters"
    )
    assert refused(cluster({"action": "Deny", "to": [ALL] * 26})) == (
        "spec.egress.0.to: it may have 25 entries, not 26"
    )
    assert refused(admin({"action": "Allow", "to": [{}]})) == (
        "spec.egress.0.to.0: exactly one must be set of namespaces, pods, nodes, networks, domainNames"
    )
    assert refused(admin({"action": "Allow", "from": [{}]}, "ingress")) == (
        "spec.ingress.0.from.0: exactly one must be set of namespaces, pods"
    )


@pytest.mark.parametrize(
    ("networks", "told"),
    [
        ([], "it must have 1 to 25 entries, not 0"),
        ([f"10.0.0.{n}/32" for n in range(26)], "it must have 1 to 25 entries, not 26"),
        (["10.0.0.0/8", "10.0.0.0/8"], "an entry is given twice"),
        (["10.0.0.0"], "10.0.0.0 is no range of addresses (CIDR)"),
    ],
)
def test_networks_that_the_api_server_refuses(networks: list[str], told: str) -> None:
    assert refused(cluster({"action": "Deny", "to": [{"networks": networks}]})).endswith(told)


def test_bits_behind_a_prefix_are_refused_since_v1beta1() -> None:
    rule = {"action": "Deny", "to": [{"networks": ["10.0.0.0/8", "10.0.0.1/8"]}]}
    assert len(only(cluster(rule)).rules) == 1
    assert refused(cluster(rule, version="v1beta1")) == (
        "spec.egress.0.to.0.networks.1: 10.0.0.1/8 has bits behind its prefix"
    )


def test_domain_names() -> None:
    rule = {"action": "Accept", "to": [{"domainNames": ["a.*.com"]}]}
    assert refused(cluster(rule)) == "spec.egress.0.to.0.domainNames.0: a.*.com is no domain name"
    found, notices = cluster({"action": "Deny", "to": [ALL, {"domainNames": ["a.com"]}]})
    assert [(notice.at, notice.message) for notice in notices] == [
        (("spec", "egress", 0, "to", 1, "domainNames"), "domainNames are for rules that allow")
    ]
    assert found[0].rules[0].action is Action.DENY


@pytest.mark.parametrize(
    ("peer", "direction", "told"),
    [
        ({"fqdns": ["a.com"]}, "to", "there is no field fqdns here"),
        ({"namespaces": {}, "fqdns": ["a.com"]}, "to", "there is no field fqdns here"),
        ({"": 1}, "to", "there is no field  here"),
        ({"networks": ["10.0.0.0/8"]}, "from", "there is no field networks here"),
        ({"nodes": {"namespaceSelector": {}}}, "to", "there is no field namespaceSelector here"),
        (
            {"namespaces": {"matchExpressions": [{"key": "a", "operator": "In"}]}},
            "from",
            "the selector has an operator or values that are not allowed",
        ),
    ],
)
def test_a_rule_that_is_not_understood_is_closed(peer: dict[str, Any], direction: str, told: str) -> None:
    where = "ingress" if direction == "from" else "egress"
    port = {"portNumber": {"port": 80}}
    for action in ("Allow", "Deny", "Pass"):
        rule = {"action": action, direction: [ALL, peer, peer], "ports": [port]}
        found, notices = admin(rule, where)
        end = "matches nothing" if action == "Allow" else "denies everything"
        assert [notice.message for notice in notices] == [f"{told}: the rule is closed and {end}"]
        (read_rule,) = found[0].rules
        assert read_rule.ports is None
        assert read_rule.peers == (Nobody() if action == "Allow" else Everything())
        assert read_rule.action is (Action.ALLOW if action == "Allow" else Action.DENY)


def test_a_baseline_has_no_domain_names() -> None:
    spec = {"subject": ALL, "egress": [{"action": "Deny", "to": [{"domainNames": ["a.com"]}]}]}
    found, notices = read("BaselineAdminNetworkPolicy", spec, "default")
    assert found[0].rules[0].peers == Everything()
    assert notices[0].message.startswith("there is no field domainNames here")


@pytest.mark.parametrize(
    ("ports", "meant"),
    [
        ([{"portNumber": {"protocol": "UDP", "port": 53}}], (PortRange("UDP", 53, 53),)),
        ([{"portNumber": {"port": 53}}], (PortRange("TCP", 53, 53),)),
        ([{"portRange": {"start": 1, "end": 65535}}], (PortRange("TCP", 1, 65535),)),
        ([{"portRange": {"protocol": "SCTP", "start": 7, "end": 7}}], (PortRange("SCTP", 7, 7),)),
        ([{"namedPort": "web"}], tuple(NamedPort(known, "web") for known in WITH_PORTS)),
    ],
)
def test_ports_of_v1alpha1(ports: list[Any], meant: tuple[Any, ...]) -> None:
    assert only(admin({"action": "Allow", "to": [ALL], "ports": ports})).rules[0].ports == meant


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ([], "spec.egress.0.ports: ports must have an entry"),
        ([{}], "spec.egress.0.ports.0: exactly one must be set of portNumber, portRange, namedPort"),
        ([{"portNumber": {}}], "spec.egress.0.ports.0.portNumber: a port from 1 to 65535 must be set"),
        ([{"portNumber": {"port": 0}}], "spec.egress.0.ports.0.portNumber: 0 is no port"),
        ([{"portRange": {"start": 1, "end": 65536}}], "spec.egress.0.ports.0.portRange: 65536 is no port"),
        ([{"namedPort": "a"}] * 101, "spec.egress.0.ports: it may have 100 entries, not 101"),
    ],
)
def test_ports_of_v1alpha1_that_are_refused(ports: list[Any], told: str) -> None:
    assert refused(admin({"action": "Allow", "to": [ALL], "ports": ports})) == told


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"portNumber": {"protocol": "ICMP", "port": 8}}, "there is no protocol ICMP for ports"),
        ({"portRange": {"start": 9, "end": 8}}, "8 is no last port for 9"),
        ({"icmp": {}}, "there is no field icmp here"),
    ],
)
def test_ports_that_are_not_understood_close_the_rule(entry: dict[str, Any], told: str) -> None:
    found, notices = admin({"action": "Pass", "to": [ALL], "ports": [entry]})
    assert found[0].rules[0].action is Action.DENY
    assert [notice.message for notice in notices] == [f"{told}: the rule is closed and denies everything"]
    strange = {"action": "Pass", "to": [{"fqdns": []}], "ports": [entry]}
    assert admin(strange)[1][0].message.startswith("there is no field fqdns here")


@pytest.mark.parametrize(
    ("protocols", "meant"),
    [
        ([{"tcp": {"destinationPort": {"number": 80}}}], (PortRange("TCP", 80, 80),)),
        ([{"udp": {"destinationPort": {"range": {"start": 5, "end": 6}}}}], (PortRange("UDP", 5, 6),)),
        ([{"sctp": {"destinationPort": {"number": 9}}}], (PortRange("SCTP", 9, 9),)),
        ([{"destinationNamedPort": "web"}], tuple(NamedPort(known, "web") for known in WITH_PORTS)),
    ],
)
def test_protocols_since_v1alpha2(protocols: list[Any], meant: tuple[Any, ...]) -> None:
    rule = {"action": "Accept", "to": [ALL], "protocols": protocols}
    assert only(cluster(rule)).rules[0].ports == meant
    assert only(cluster(rule, version="v1beta1")).rules[0].ports == meant


@pytest.mark.parametrize(
    ("protocols", "told"),
    [
        ([], "spec.egress.0.protocols: protocols must have an entry"),
        ([{"tcp": {}}], "spec.egress.0.protocols.0.tcp: destinationPort must be set"),
        (
            [{"tcp": {"destinationPort": {}}}],
            "spec.egress.0.protocols.0.tcp.destinationPort: exactly one must be set of number, range",
        ),
        (
            [{"udp": {"destinationPort": {"range": {"start": 5, "end": 5}}}}],
            "spec.egress.0.protocols.0.udp.destinationPort.range: start must be less than end",
        ),
    ],
)
def test_protocols_that_are_refused(protocols: list[Any], told: str) -> None:
    assert refused(cluster({"action": "Accept", "to": [ALL], "protocols": protocols})) == told


def test_named_ports_match_nothing_on_what_has_none() -> None:
    peer = {"networks": ["10.0.0.0/8"]}
    found, notices = cluster(
        {"action": "Accept", "to": [ALL, peer], "protocols": [{"destinationNamedPort": "web"}]}
    )
    assert found[0].rules[0].ports == tuple(NamedPort(known, "web") for known in WITH_PORTS)
    assert [notice.at for notice in notices] == [("spec", "egress", 0, "to", 1, "networks")]
    assert notices[0].message.startswith("networks have no named ports")


def test_ports_under_the_name_of_another_version_are_left_out_and_told() -> None:
    found, notices = cluster({"action": "Accept", "to": [ALL], "ports": [{"namedPort": "web"}]})
    assert found[0].rules[0].ports is None
    assert [notice.message for notice in notices] == [
        "ClusterNetworkPolicy has no ports: the rule holds for all ports"
    ]
    found, notices = admin({"action": "Allow", "to": [ALL], "protocols": []})
    assert found[0].rules[0].ports is None
    assert notices[0].at == ("spec", "egress", 0, "protocols")
