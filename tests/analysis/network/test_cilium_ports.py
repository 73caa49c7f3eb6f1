"""Ports, types of ICMP and conditions on content in Cilium's rules.

The facts are those of Cilium's pkg/policy/api/rule_validation_test.go, icmp_test.go, pkg/policy/portrange_test.go
and pkg/iana/svcname_test.go.
"""

from typing import Any

import pytest

from casemate.analysis.network.cilium.ports import TYPES_V4, TYPES_V6, is_name, number_of, type_of
from casemate.analysis.network.policies import ICMP, ICMPV6, OTHER, Action, NamedPort, PortRange, Rule
from casemate.model.cilium import IcmpField
from tests.analysis.network.cilium_objects import Tree, policy, read, rules, taken


def ports(*given: Tree, **more: Any) -> Tree:
    return {"toPorts": [{"ports": list(given), **more}]}


def ingress(rule: Tree) -> list[Rule]:
    return rules(policy({"endpointSelector": {}, "ingress": [rule]}))


def egress(rule: Tree) -> list[Rule]:
    return rules(policy({"endpointSelector": {}, "egress": [rule]}))


def means(*given: Tree) -> Any:
    (found,) = ingress(ports(*given))
    assert found.depends == ""
    return found.ports


@pytest.mark.parametrize(
    ("text", "number"),
    [("80", 80), ("0", 0), ("65535", 65535), ("65536", None), ("010", 8), ("08", None), ("00", 0), ("", None),
     ("http", None), ("0x10", None), ("1a", None), ("-1", None), ("1 ", None), ("٣", None)],
)  # fmt: skip
def test_numbers_are_read_as_go_reads_them(text: str, number: int | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "named"),
    [("http", True), ("HTTP", True), ("http-8080", True), ("1a", True), ("0x10", True), ("a-1-b", True), ("80", False),
     ("-a", False), ("a-", False), ("a--b", False), ("1-2", False), ("", False), ("a" * 15, True), ("a" * 16, False),
     ("a.b", False), ("ä", False)],
)  # fmt: skip
def test_names_are_those_of_iana(text: str, named: bool) -> None:  # columns of the table
    assert is_name(text) is named


def test_ports_and_protocols() -> None:
    assert means({"port": "80", "protocol": "TCP"}) == (PortRange("TCP", 80, 80),)
    every = tuple(PortRange(protocol, 80, 80) for protocol in ("TCP", "UDP", "SCTP"))
    assert means({"port": "80"}) == means({"port": "80", "protocol": "ANY"}) == every
    assert means({"port": "0", "protocol": "UDP"}) == (PortRange("UDP", 1, 65535),)
    assert means({"port": "HTTP", "protocol": "TCP"}) == (NamedPort("TCP", "http"),)
    assert means({"port": "http"}) == tuple(
        NamedPort(protocol, "http") for protocol in ("TCP", "UDP", "SCTP")
    )


def test_ranges() -> None:
    assert means({"port": "80", "endPort": 444, "protocol": "TCP"}) == (PortRange("TCP", 80, 444),)
    assert means({"port": "80", "endPort": 79, "protocol": "TCP"}) == (PortRange("TCP", 80, 80),)
    assert means({"port": "80", "endPort": 0, "protocol": "TCP"}) == (PortRange("TCP", 80, 80),)
    assert means({"port": "0", "endPort": 500, "protocol": "TCP"}) == (PortRange("TCP", 1, 65535),)


def test_entries_stand_for_themselves() -> None:
    two: Tree = {
        "toPorts": [
            {"ports": [{"port": "80", "protocol": "TCP"}]},
            {"ports": [{"port": "81", "protocol": "TCP"}]},
        ]
    }
    assert [(rule.ports, rule.at[-2:]) for rule in ingress(two)] == [
        ((PortRange("TCP", 80, 80),), ("toPorts", 0)),
        ((PortRange("TCP", 81, 81),), ("toPorts", 1)),
    ]


@pytest.mark.parametrize("entry", [{}, {"ports": []}])
def test_an_entry_without_ports_means_nothing(entry: Tree) -> None:
    assert ingress({"fromEntities": ["all"], "toPorts": [entry]}) == []
    assert ingress({"fromEntities": ["all"], "icmps": [{}]}) == []


def test_no_entries_mean_every_protocol() -> None:
    assert [rule.ports for rule in ingress({"fromEntities": ["all"]})] == [None]
    assert [rule.ports for rule in ingress({"fromEntities": ["all"], "toPorts": []})] == [None]


def test_protocols_without_ports_are_some_of_the_others() -> None:
    one, other = egress(ports({"protocol": "GRE"}, {"protocol": "VRRP", "port": "0"}))
    assert (one.ports, one.depends) == ((PortRange(OTHER, 0, 0),), "whether the protocol is GRE")
    assert (other.ports, other.depends) == ((PortRange(OTHER, 0, 0),), "whether the protocol is VRRP")


def test_types_of_icmp() -> None:
    fields = [
        {"type": 8},
        {"type": "EchoRequest", "family": "IPv6"},
        {"type": "9", "family": "IPv4"},
        {"type": 0},
    ]
    (found,) = egress({"icmps": [{"fields": fields}]})
    assert found.ports == (
        PortRange(ICMP, 8, 8),
        PortRange(ICMPV6, 128, 128),
        PortRange(ICMP, 9, 9),
        PortRange(ICMP, 0, 255),
    )


def test_names_of_types_depend_on_the_family() -> None:
    assert type_of(IcmpField(type="EchoReply")) == TYPES_V4["EchoReply"] == 0
    assert type_of(IcmpField(type="EchoReply", family="IPv6")) == TYPES_V6["EchoReply"]
    assert type_of(IcmpField(type="PacketTooBig")) is None
    assert type_of(IcmpField(type=256)) is None
    assert type_of(IcmpField(type=-1)) is None
    assert type_of(IcmpField()) is None
    assert type_of(IcmpField(type="255")) == 255


@pytest.mark.parametrize(
    ("more", "depends"),
    [
        ({"rules": {"http": [{"method": "GET", "path": "/public"}]}}, "whether the request is GET /public"),
        ({"rules": {"http": [{"host": "a.example"}, {}]}}, "whether the request is a.example or HTTP"),
        (
            {"rules": {"http": [{"path": f"/{n}"} for n in range(5)]}},
            "whether the request is /0 or /1 or /2 or one of 2 more",
        ),
        ({"rules": {"http": []}}, ""),
        ({"rules": {}}, ""),
        (
            {"rules": {"kafka": [{"topic": "a"}]}},
            "whether the rules for kafka allow the request (before Cilium 1.20)",
        ),
        ({"rules": {"l7proto": "r2d2"}}, "whether the rules for r2d2 allow the request (before Cilium 1.20)"),
        ({"serverNames": ["one.one.one.one"]}, "whether TLS names the server one.one.one.one"),
        (
            {"listener": {"name": "l", "envoyConfig": {"name": "e"}}},
            "what the listener l of Envoy does with it",
        ),
        ({"terminatingTLS": {"secret": {"name": "s"}}}, "whether it is TLS"),
        ({"originatingTLS": {"secret": {"name": "s"}}}, "whether it is TLS"),
    ],
)
def test_content_depends(more: Tree, depends: str) -> None:
    (found,) = egress(ports({"port": "80", "protocol": "TCP"}, **more))
    assert found.depends == depends


@pytest.mark.parametrize(
    ("names", "depends"),
    [
        ([{"matchPattern": "*"}], ""),
        ([{"matchName": "a.example"}, {"matchPattern": "*"}], ""),
        ([{"matchName": "a.example"}, {"matchPattern": "*.b"}], "whether DNS is asked for a.example or *.b"),
        ([{}], "whether DNS is asked for "),
    ],
)
def test_requests_of_dns(names: list[Tree], depends: str) -> None:
    (found,) = egress(ports({"port": "53", "protocol": "ANY"}, rules={"dns": names}))
    assert found.depends == depends


def test_authentication() -> None:
    for mode, depends in (
        ("disabled", ""),
        ("required", "whether both ends prove who they are (mutual authentication)"),
        ("test-always-fail", "an authentication that always fails, for tests"),
    ):
        (found,) = ingress({"fromEntities": ["all"], "authentication": {"mode": mode}})
        assert found.depends == depends
    both = ports({"port": "80", "protocol": "TCP"}, rules={"http": [{"path": "/a"}]})
    (found,) = ingress({**both, "authentication": {"mode": "required"}})
    assert (
        found.depends
        == "whether both ends prove who they are (mutual authentication) and whether the request is /a"
    )


def test_deny_rules_look_at_ports_only() -> None:
    spec: Tree = {
        "endpointSelector": {},
        "ingressDeny": [
            ports({"port": "80", "protocol": "TCP"}, rules={"http": [{}], "dns": [{}]})
            | {"authentication": {"mode": "x"}}
        ],
    }
    (only,) = taken(policy(spec))
    (found,) = only.rules
    assert (found.action, found.depends, found.ports) == (Action.DENY, "", (PortRange("TCP", 80, 80),))


def test_what_the_proxy_refuses_is_refused_without_default_deny_as_well() -> None:
    spec: Tree = {
        "endpointSelector": {},
        "enableDefaultDeny": {"ingress": False},
        "ingress": [
            ports({"port": "80", "protocol": "TCP"}, rules={"http": [{"path": "/a"}]}),
            ports({"port": "81", "protocol": "TCP"}),
        ],
    }
    found, messages = read(policy(spec))
    assert messages == []
    allows, left_over = found
    assert [rule.action for rule in allows.rules] == [Action.ALLOW, Action.ALLOW]
    (refuses,) = left_over.rules
    assert (refuses.action, refuses.ports, refuses.depends) == (
        Action.DENY,
        (PortRange("TCP", 80, 80),),
        "whether the request is /a",
    )
    assert left_over.order > allows.order
    assert not allows.isolates
