"""What the two ends, protocols and ports of Calico's rules mean."""

from typing import Any as Value

import pytest

from casemate.analysis.network.calico.labels import pods_where
from casemate.analysis.network.calico.ports import interval, protocol_of
from casemate.analysis.network.labels import (
    NAME_LABEL,
    AllOf,
    Any,
    AnyOf,
    Has,
    Matches,
    Not,
    Nothing,
    OneOf,
)
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Everything,
    Intersection,
    NamedPort,
    Networks,
    Nobody,
    Perhaps,
    Pods,
    PortRange,
    Union,
)
from tests.analysis.network.calico_objects import (
    everywhere,
    global_policy,
    ingress,
    policy,
    read,
    rules,
    thing,
)

SHOP = OneOf(NAME_LABEL, ("shop",))
WEB = OneOf("app", ("web",))
PROD = OneOf("env", ("prod",))


def nets(*ranges: str, without: tuple[str, ...] = ()) -> Networks:
    return Networks(ranges, without, pods=True, nodes=True)


@pytest.mark.parametrize(
    ("source", "here", "anywhere"),
    [
        ({}, Everything(), Everything()),
        ({"serviceAccounts": {}}, Everything(), Everything()),
        ({"selector": "app == 'web'"}, Pods(SHOP, WEB), Pods(pods=WEB)),
        ({"selector": "all()"}, Pods(SHOP), Pods()),
        ({"namespaceSelector": "env == 'prod'"}, Pods(PROD), Pods(PROD)),
        ({"namespaceSelector": "all()"}, Pods(), Pods()),
        ({"namespaceSelector": "projectcalico.org/name == 'shop'"}, Pods(SHOP), Pods(SHOP)),
        ({"namespaceSelector": "env == 'prod'", "selector": "app == 'web'"}, Pods(PROD, WEB), Pods(PROD, WEB)),
        ({"namespaceSelector": "global()", "selector": "app == 'web'"}, Nobody(), Nobody()),
        ({"notSelector": "app == 'web'"}, Pods(SHOP, Not(WEB)), Complement(Pods(pods=WEB))),
        ({"selector": "has(app)", "notSelector": "app == 'web'"}, Pods(SHOP, AllOf((Has("app"), Not(WEB)))), Pods(pods=AllOf((Has("app"), Not(WEB))))),
        ({"serviceAccounts": {"names": ["b", "a"]}}, Pods(SHOP, accounts=OneOf(NAME_LABEL, ("a", "b"))), Pods(accounts=OneOf(NAME_LABEL, ("a", "b")))),
        ({"serviceAccounts": {"selector": "team == 'x'"}}, Pods(SHOP, accounts=OneOf("team", ("x",))), Pods(accounts=OneOf("team", ("x",)))),
        ({"nets": ["10.0.0.0/8", "192.0.2.1"]}, nets("10.0.0.0/8", "192.0.2.1/32"), nets("10.0.0.0/8", "192.0.2.1/32")),
        ({"nets": ["2001:db8::1"]}, nets("2001:db8::1/128"), nets("2001:db8::1/128")),
        ({"notNets": ["10.0.0.0/8"]}, nets("0.0.0.0/0", without=("10.0.0.0/8",)), nets("0.0.0.0/0", without=("10.0.0.0/8",))),
        ({"nets": ["10.0.0.0/8", "2001:db8::/32"], "notNets": ["10.1.0.0/16"]}, nets("10.0.0.0/8", without=("10.1.0.0/16",)), nets("10.0.0.0/8", without=("10.1.0.0/16",))),
        ({"nets": ["10.0.0.0/8"], "notNets": ["2001:db8::/32"]}, Nobody(), Nobody()),
        ({"domains": ["example.com"]}, Perhaps(Everything(), "the addresses of domain names"), Perhaps(Everything(), "the addresses of domain names")),
        ({"selector": "app == 'web'", "nets": ["10.0.0.0/8"]}, Intersection((Pods(SHOP, WEB), nets("10.0.0.0/8"))), Intersection((Pods(pods=WEB), nets("10.0.0.0/8")))),
    ],
)  # fmt: skip
def test_ends_of_rules_in_both_kinds_of_policies(
    source: dict[str, Value], here: Endpoints, anywhere: Endpoints
) -> None:
    assert ingress({"source": source}).peers == here
    assert everywhere({"source": source}).peers == anywhere


def test_the_ip_version_binds_the_peers() -> None:
    assert ingress({"ipVersion": 4}).peers == nets("0.0.0.0/0")
    assert ingress({"ipVersion": 6, "source": {"selector": "all()"}}).peers == Intersection(
        (Pods(SHOP), nets("::/0"))
    )


SETS = (
    thing("NetworkSet", "near", {"nets": ["10.1.0.0/16"]}, namespace="shop", labels={"app": "web"}),
    thing("NetworkSet", "home", {"nets": ["10.2.0.0/16"]}, labels={"app": "web"}),
    thing("GlobalNetworkSet", "far", {"nets": ["192.0.2.0/24", "198.51.100.7"]}, labels={"app": "web"}),
    thing("GlobalNetworkSet", "other", {"nets": ["203.0.113.0/24"]}, labels={"app": "db"}),
    thing(
        "HostEndpoint",
        "eth0",
        {"expectedIPs": ["10.9.0.1"], "profiles": ["projectcalico-default-allow"]},
        labels={"app": "web"},
    ),
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"env": "prod"}}},
)


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ({"selector": "app == 'web'"}, Union((Pods(SHOP, WEB), nets("10.1.0.0/16")))),
        ({"selector": "app == 'web'", "namespaceSelector": "all()"}, Union((Pods(pods=WEB), nets("10.1.0.0/16", "10.2.0.0/16")))),
        ({"selector": "app == 'web'", "namespaceSelector": "global()"}, nets("10.9.0.1/32", "192.0.2.0/24", "198.51.100.7/32")),
        ({"selector": "app == 'web'", "namespaceSelector": "env == 'prod'"}, Union((Pods(PROD, WEB), nets("10.1.0.0/16")))),
        ({"selector": "app == 'db'", "namespaceSelector": "env != 'prod'"}, Union((Pods(Not(PROD), OneOf("app", ("db",))), nets("203.0.113.0/24")))),
        ({"selector": "app == 'none'"}, Pods(SHOP, OneOf("app", ("none",)))),
        ({"selector": "app == 'web'", "serviceAccounts": {"names": ["a"]}}, Pods(SHOP, WEB, OneOf(NAME_LABEL, ("a",)))),
    ],
)  # fmt: skip
def test_network_sets_and_host_endpoints_are_found_by_labels(
    source: dict[str, Value], meant: Endpoints
) -> None:
    assert ingress({"source": source}, *SETS).peers == meant


def test_a_set_with_a_wrong_range_is_refused() -> None:
    odd = thing("GlobalNetworkSet", "odd", {"nets": ["10.0.0.0/8", "no", ""]}, labels={"app": "web"})
    (found,), notices = read(
        global_policy({"ingress": [{"action": "Allow", "source": {"selector": "has(app)"}}]}), odd
    )
    assert found.rules[0].peers == Pods(pods=Has("app"))
    assert [(item.at, item.message) for item in notices] == [
        (("spec", "nets", 1), "Calico refuses the set: no is no range of addresses"),
        (("spec", "nets", 2), "Calico refuses the set: an empty text is no range of addresses"),
    ]


NS, KEY = "projectcalico.org/namespace", OneOf("a", ("b",))
PLACE = OneOf(NS, ("shop",))


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        (Any(), Pods()),
        (Nothing(), Nobody()),
        (Has(NS), Pods()),
        (Not(Has(NS)), Nobody()),
        (Not(Nothing()), Pods()),
        (OneOf("projectcalico.org/orchestrator", ("k8s",)), Pods()),
        (Matches("projectcalico.org/orchestrator", "contains", "nomad"), Nobody()),
        (Matches("pcns.tier", "starts with", "x"), Pods(Matches("tier", "starts with", "x"))),
        (OneOf("pcsa.team", ("x",)), Pods(accounts=OneOf("team", ("x",)))),
        (OneOf("pcsa.projectcalico.org/name", ("x",)), Pods(accounts=OneOf(NAME_LABEL, ("x",)))),
        (OneOf("projectcalico.org/serviceaccount", ("x",)), Pods(accounts=OneOf(NAME_LABEL, ("x",)))),
        (AnyOf((PLACE, Any())), Pods()),
        (AnyOf((PLACE, Nothing())), Pods(SHOP)),
        (AnyOf((Nothing(), Nothing())), Nobody()),
        (AnyOf((KEY, Has("c"))), Pods(pods=AnyOf((KEY, Has("c"))))),
        (AnyOf((PLACE, KEY)), Union((Pods(SHOP), Pods(pods=KEY)))),
        (Not(AnyOf((PLACE, KEY))), Intersection((Pods(), Complement(Union((Pods(SHOP), Pods(pods=KEY))))))),
        (AllOf((Has("c"), AnyOf((PLACE, KEY)))), Intersection((Pods(pods=Has("c")), Union((Pods(SHOP), Pods(pods=KEY)))))),
        (AllOf((AnyOf((PLACE, KEY)), AnyOf((PLACE, Has("c"))))), Intersection((Union((Pods(SHOP), Pods(pods=KEY))), Union((Pods(SHOP), Pods(pods=Has("c"))))))),
        (AllOf((PLACE, KEY, Has("c"))), Pods(SHOP, AllOf((KEY, Has("c"))))),
    ],
)  # fmt: skip
def test_one_condition_on_all_labels_becomes_sets_of_pods(condition: Value, meant: Endpoints) -> None:
    assert pods_where(condition) == meant


TCP, UDP, SCTP = (PortRange(name, 1, 65_535) for name in ("TCP", "UDP", "SCTP"))
ICMP, ICMPV6, OTHER = PortRange("ICMP", 0, 255), PortRange("ICMPv6", 0, 255), PortRange("other", 0, 0)


def icmp(*ranges: tuple[int, int]) -> tuple[PortRange, ...]:
    return tuple(PortRange("ICMP", low, high) for low, high in ranges)


def tcp(*ranges: tuple[int, int]) -> tuple[PortRange, ...]:
    return tuple(PortRange("TCP", low, high) for low, high in ranges)


WHICH, CODE = "which protocol of IP it is", "the code of the ICMP message"


@pytest.mark.parametrize(
    ("rule", "sure", "perhaps"),
    [
        ({"protocol": "TCP"}, (TCP,), ()),
        ({"protocol": "tcp"}, (TCP,), ()),
        ({"protocol": 132}, (SCTP,), ()),
        ({"protocol": "17"}, (UDP,), ()),
        ({"protocol": "ICMPv6"}, (ICMPV6,), ()),
        ({"protocol": "UDPLite"}, None, ((OTHER,), WHICH)),
        ({"protocol": 47}, None, ((OTHER,), WHICH)),
        ({"notProtocol": "TCP"}, (UDP, SCTP, ICMP, ICMPV6, OTHER), ()),
        ({"notProtocol": 47}, (TCP, UDP, SCTP, ICMP, ICMPV6), ((OTHER,), WHICH)),
        ({"protocol": "TCP", "notProtocol": 47}, (TCP,), ()),
        ({"protocol": "TCP", "notProtocol": "UDP"}, (TCP,), ()),
        ({"protocol": "TCP", "notProtocol": 6}, None, None),
        ({"protocol": "ICMP", "icmp": {}}, (ICMP,), ()),
        ({"protocol": "ICMP", "icmp": {"type": 8}}, icmp((8, 8)), ()),
        ({"protocol": "ICMP", "icmp": {"type": 8, "code": 1}}, None, (icmp((8, 8)), CODE)),
        ({"protocol": "ICMP", "notICMP": {"type": 8}}, icmp((0, 7), (9, 255)), ()),
        ({"protocol": "ICMP", "notICMP": {"type": 8, "code": 1}}, icmp((0, 7), (9, 255)), (icmp((8, 8)), CODE)),
        ({"protocol": "ICMP", "icmp": {"type": 8}, "notICMP": {"type": 9, "code": 1}}, icmp((8, 8)), ()),
        ({"protocol": "ICMP", "icmp": {"type": 8, "code": 1}, "notICMP": {"type": 8}}, None, None),
        ({"protocol": "ICMP", "icmp": {"type": 8, "code": 1}, "notICMP": {"type": 8, "code": 2}}, None, (icmp((8, 8)), CODE)),
        ({"notICMP": {"type": 0}}, (TCP, UDP, SCTP, *icmp((1, 255)), PortRange("ICMPv6", 1, 255), OTHER), ()),
        ({"protocol": "TCP", "destination": {"ports": [80, "90:99", "http"]}}, (*tcp((80, 80), (90, 99)), NamedPort("TCP", "http")), ()),
        ({"protocol": "TCP", "destination": {"ports": ["http"]}}, (NamedPort("TCP", "http"),), ()),
        ({"protocol": "TCP", "destination": {"notPorts": [1, "80:90"]}}, tcp((2, 79), (91, 65_535)), ()),
        ({"protocol": "TCP", "destination": {"ports": ["80:90"], "notPorts": [85]}}, tcp((80, 84), (86, 90)), ()),
        ({"protocol": "TCP", "destination": {"ports": [80], "notPorts": [80]}}, None, None),
        ({"protocol": "TCP", "destination": {"notPorts": ["http"]}}, None, ((TCP,), "which ports the containers give the names that the rule excepts")),
        ({"protocol": "TCP", "destination": {"ports": [80, "web"], "notPorts": [81]}}, tcp((80, 80)), ((NamedPort("TCP", "web"),), "whether the port of that name is one that the rule excepts")),
    ],
)  # fmt: skip
def test_protocols_ports_and_types_of_icmp(rule: dict[str, Value], sure: Value, perhaps: Value) -> None:
    found = rules(policy({"ingress": [{"action": "Allow", **rule}]}))
    assert [item.ports for item in found if not item.depends] == ([sure] if sure else [])
    assert [(item.ports, item.depends) for item in found if item.depends] == ([perhaps] if perhaps else [])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (80, (80, 80)),
        ("80", (80, 80)),
        ("1:65535", (1, 65_535)),
        ("http", None),
        ("a:b", (0, 0)),
        (0, (0, 0)),
        ("5:1", (0, 0)),
        (65_536, (0, 0)),
        (-1, None),
        ("9" * 5_000, (0, 0)),
        ("", (0, 0)),
    ],
)
def test_ports(said: int | str, meant: object) -> None:
    assert interval(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"), [("GRE", None), (0, None), (256, None), ("255", "other"), (1, "ICMP")]
)
def test_protocols(said: int | str, meant: str | None) -> None:
    assert protocol_of(said) == meant


def service(name: str, spec: dict[str, Value]) -> dict[str, Value]:
    return thing("Service", name, spec, namespace="shop", version="v1")


PORTS = [
    {"port": 80, "targetPort": "http"},
    {"port": 53, "targetPort": 5353, "protocol": "UDP"},
    {"port": 443},
]
MEANT = (NamedPort("TCP", "http"), PortRange("UDP", 5353, 5353), PortRange("TCP", 443, 443))
CART = service("cart", {"selector": {"app": "web"}, "ports": PORTS})


def to_service(match: dict[str, str], *beside: dict[str, Value], **more: Value) -> list[Value]:
    return rules(
        policy({"egress": [{"action": "Allow", **more, "destination": {"services": match}}]}), *beside
    )


def test_a_service_means_its_pods_at_their_own_ports() -> None:
    (found,) = to_service({"name": "cart"}, CART)
    assert (found.peers, found.ports) == (Pods(SHOP, WEB), MEANT)
    (found,) = to_service({"name": "cart", "namespace": "shop"}, CART, protocol="UDP")
    assert found.ports == (PortRange("UDP", 5353, 5353),)
    assert to_service({"name": "cart"}, CART, protocol="SCTP") == []


def test_a_service_as_a_source_means_its_pods() -> None:
    found = ingress({"source": {"services": {"name": "cart"}}}, CART)
    assert (found.peers, found.ports) == (Pods(SHOP, WEB), None)


def test_services_whose_endpoints_are_not_known() -> None:
    (found,) = to_service({"name": "cart"})
    assert found.peers == Perhaps(Everything(), "the endpoints of the Service shop/cart, which was not read")
    assert found.ports is None
    (found,) = to_service({"name": "bare"}, service("bare", {"ports": PORTS}))
    assert found.peers == Perhaps(
        Everything(), "the endpoints of the Service shop/bare, which selects no pods"
    )
    (found,) = to_service({"name": "out"}, service("out", {"type": "ExternalName"}))
    assert found.peers == Nobody()
