"""NetworkPolicy v1 by what it lets through: every field, and what absent, null and empty mean.

Source: networking/v1 types.go, pkg/apis/networking/validation/validation.go and the conformance tests of Kubernetes.
"""

import pytest

from casemate.analysis.network.network_policies import policies
from casemate.analysis.network.policies import Direction, Notice
from casemate.model.network_policy import NetworkPolicy
from tests.analysis.network.small_cluster import allowed, estate, namespace, network, pod, policy

DB_PORTS = (
    "containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}, "
    "{name: dns, containerPort: 53, protocol: UDP}, {name: dns, containerPort: 5353}]}]"
)
WEB_PORTS = "containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]"
CLUSTER = (
    namespace("shop", "env: prod"),
    namespace("far", "env: dev"),
    pod("shop/db", "app: db", DB_PORTS),
    pod("shop/web", "app: web", WEB_PORTS),
    pod("far/web", "app: web"),
    pod("far/bare"),
)
NEAR, FAR, BARE, NET10, NET11, NET6 = "shop/web", "far/web", "far/bare", "10.0.0.1", "10.0.1.1", "2001:db8::1"
PEERS = {NEAR, FAR, BARE, NET10, NET11, NET6}
PODS = {NEAR, FAR, BARE}
PORTS = {"TCP 80", "TCP 8080", "TCP 5353", "TCP 53", "UDP 53", "UDP 80", "SCTP 80"}

PEER_LISTS = {
    "": set(),
    "ingress: null": set(),
    "ingress: []": set(),
    "ingress: [{}]": PEERS,
    "ingress: [{from: null}]": PEERS,
    "ingress: [{from: []}]": PEERS,
    "ingress: [{from: [{podSelector: {}}]}]": {NEAR},
    "ingress: [{from: [{podSelector: {}, namespaceSelector: null}]}]": {NEAR},
    "ingress: [{from: [{podSelector: null, namespaceSelector: {}}]}]": PODS,
    "ingress: [{from: [{namespaceSelector: {}}]}]": PODS,
    "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]": {NEAR},
    "ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}]}]": {FAR, BARE},
    "ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: far}}}]}]": {
        FAR,
        BARE,
    },
    "ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}, podSelector: {matchLabels: {app: web}}}]}]": {
        FAR
    },
    "ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}, {podSelector: {matchLabels: {app: web}}}]}]": PODS,
    "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: env, operator: In, values: [dev, x]}]}}]}]": {
        FAR,
        BARE,
    },
    "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}}]}]": {
        NEAR
    },
    "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}]}]": PODS,
    "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: Exists}]}}]}]": {
        NEAR,
        FAR,
    },
    "ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}]}]": {
        BARE
    },
    "ingress: [{from: [{podSelector: {matchLabels: {app: x}}}]}]": set(),
    "ingress: [{from: [{podSelector: {matchLabels: {app: x}}}]}, {from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]": {
        NET10
    },
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]": {NET10, NET11},
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: null}}]}]": {NET10, NET11},
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.1.0/24]}}]}]": {NET10},
    "ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.1.0/24]}}, {ipBlock: {cidr: 10.0.1.1/32}}]}]": {
        NET10,
        NET11,
    },
    "ingress: [{from: [{ipBlock: {cidr: '10.0.0.7/24'}}]}]": {NET10},
    "ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]": {NET6},
    "ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]": {NET10, NET11},
}
PORT_LISTS = {
    "": PORTS,
    "ports: null": PORTS,
    "ports: []": PORTS,
    "ports: [{}]": {"TCP 80", "TCP 8080", "TCP 5353", "TCP 53"},
    "ports: [{protocol: UDP}]": {"UDP 53", "UDP 80"},
    "ports: [{protocol: SCTP}]": {"SCTP 80"},
    "ports: [{protocol: SCTP, port: 80}]": {"SCTP 80"},
    "ports: [{port: 80}]": {"TCP 80"},
    "ports: [{port: 80, protocol: null}]": {"TCP 80"},
    "ports: [{port: 53}, {port: 53, protocol: UDP}]": {"TCP 53", "UDP 53"},
    "ports: [{port: 80, endPort: 8080}]": {"TCP 80", "TCP 8080", "TCP 5353"},
    "ports: [{port: 80, endPort: 80}]": {"TCP 80"},
    "ports: [{port: 81, endPort: 65535}]": {"TCP 8080", "TCP 5353"},
    "ports: [{port: http}]": {"TCP 8080"},
    "ports: [{port: dns}]": {"TCP 5353"},
    "ports: [{port: dns, protocol: UDP}]": {"UDP 53"},
    "ports: [{port: dns}, {port: 80}]": {"TCP 5353", "TCP 80"},
    "ports: [{port: absent}]": set(),
    "ports: [{port: a-1, protocol: UDP}]": set(),
    "ports: [{port: a12345678901234}]": set(),
    "ports: [{port: http, protocol: SCTP}]": set(),
}


@pytest.mark.parametrize("spec", PEER_LISTS)
def test_peers(spec: str) -> None:
    found = network(*CLUSTER, policy("shop", f"podSelector: {{matchLabels: {{app: db}}}}, {spec}"))
    assert not found.notices
    assert {peer for peer in PEERS if allowed(found, peer, "shop/db", "TCP 5432")} == PEER_LISTS[spec]
    assert allowed(found, "shop/db", NET10, "TCP 80") is True  # what goes out is not spoken of


@pytest.mark.parametrize("spec", PEER_LISTS)
def test_peers_of_what_goes_out(spec: str) -> None:
    egress = spec.replace("ingress", "egress").replace("from:", "to:")
    types = "podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]"
    found = network(*CLUSTER, policy("shop", f"{types}, {egress}"))
    assert {peer for peer in PEERS if allowed(found, "shop/db", peer, "TCP 5432")} == PEER_LISTS[spec]
    assert allowed(found, NEAR, "shop/db", "TCP 80") is True


@pytest.mark.parametrize("ports", PORT_LISTS)
def test_ports(ports: str) -> None:
    found = network(
        *CLUSTER, policy("shop", f"podSelector: {{matchLabels: {{app: db}}}}, ingress: [{{{ports}}}]")
    )
    assert not found.notices
    assert {at for at in PORTS if allowed(found, FAR, "shop/db", at)} == PORT_LISTS[ports]


@pytest.mark.parametrize("ports", PORT_LISTS)
def test_ports_of_what_goes_out(ports: str) -> None:
    found = network(
        *CLUSTER, policy("far", f"podSelector: {{}}, policyTypes: [Egress], egress: [{{{ports}}}]")
    )
    assert {at for at in PORTS if allowed(found, FAR, "shop/db", at)} == PORT_LISTS[ports]


def test_a_name_means_the_port_of_each_destination() -> None:
    rule = "podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]"
    found = network(*CLUSTER, policy("far", rule))
    for destination, port in (("shop/db", "TCP 8080"), (NEAR, "TCP 80")):
        assert {at for at in PORTS if allowed(found, FAR, destination, at)} == {port}
    for destination in (BARE, NET10):  # which name no port
        assert not any(allowed(found, FAR, destination, at) for at in PORTS)


def test_a_name_means_the_port_of_each_pod_that_is_selected() -> None:
    found = network(*CLUSTER, policy("shop", "podSelector: {}, ingress: [{ports: [{port: http}]}]"))
    for destination, port in (("shop/db", "TCP 8080"), (NEAR, "TCP 80")):
        assert {at for at in PORTS if allowed(found, FAR, destination, at)} == {port}


TYPES = {
    "": {"ingress"},
    "policyTypes: null": {"ingress"},
    "policyTypes: []": {"ingress"},
    "egress: []": {"ingress"},
    "egress: null": {"ingress"},
    "egress: [{}]": {"ingress", "egress"},
    "policyTypes: [Ingress]": {"ingress"},
    "policyTypes: [Ingress], egress: [{}]": {"ingress"},
    "policyTypes: [Egress]": {"egress"},
    "policyTypes: [Egress], ingress: [{}]": {"egress"},
    "policyTypes: [Ingress, Egress]": {"ingress", "egress"},
}


@pytest.mark.parametrize("spec", TYPES)
def test_directions(spec: str) -> None:
    notices: list[Notice] = []
    read = estate(policy("shop", f"podSelector: {{}}, {spec}"))
    (found,) = policies(read.of(NetworkPolicy), notices)
    assert {direction.value for direction in found.isolates} == TYPES[spec]
    assert all(rule.direction.value in TYPES[spec] for rule in found.rules)
    assert found.name == "shop/p"


@pytest.mark.parametrize(
    "selector", ["", "podSelector: null", "podSelector: {}", "podSelector: {matchLabels: {}}"]
)
def test_all_pods_of_its_namespace(selector: str) -> None:
    found = network(*CLUSTER, policy("shop", selector))
    assert not allowed(found, FAR, "shop/db", "TCP 80")
    assert not allowed(found, FAR, NEAR, "TCP 80")
    assert allowed(found, NEAR, FAR, "TCP 80") is True


def test_policies_add_up() -> None:
    found = network(
        *CLUSTER,
        policy("shop", "podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]"),
        policy("shop", "podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 53}]}]", "q"),
    )
    assert {at for at in PORTS if allowed(found, NEAR, "shop/db", at)} == {"TCP 80", "TCP 53"}
    assert {at for at in PORTS if allowed(found, FAR, "shop/db", at)} == {"TCP 53"}
    assert {at for at in PORTS if allowed(found, FAR, NEAR, at)} == set()


def test_without_a_namespace_it_is_in_default() -> None:
    text = "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {podSelector: {}}\n"
    found = network(pod("default/a"), pod("shop/a"), text)
    assert not allowed(found, "shop/a", "default/a", "TCP 80")
    assert allowed(found, "default/a", "shop/a", "TCP 80") is True


IN = "podSelector: {}, ingress: "
REFUSED = {
    IN + "[{from: [{}]}]": ("spec.ingress[0].from[0]", "a peer needs a selector or an ipBlock"),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]": (
        "spec.ingress[0].from[0].ipBlock",
        "an ipBlock must stand alone in a peer",
    ),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}]}]": (
        "spec.ingress[0].from[0].ipBlock",
        "an ipBlock must stand alone in a peer",
    ),
    IN + "[{from: [{ipBlock: {}}]}]": ("spec.ingress[0].from[0].ipBlock.cidr", "an empty text is no range"),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.1}}]}]": (
        "spec.ingress[0].from[0].ipBlock.cidr",
        "10.0.0.1 is no range of addresses",
    ),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]": (
        "spec.ingress[0].from[0].ipBlock.cidr",
        "10.0.0.0/33 is no",
    ),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [x]}}]}]": (
        "spec.ingress[0].from[0].ipBlock.except[0]",
        "x is no range",
    ),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/16, 11.0.0.0/16]}}]}]": (
        "spec.ingress[0].from[0].ipBlock.except[1]",
        "11.0.0.0/16 is no part of 10.0.0.0/8",
    ),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: ['::/64']}}]}]": (
        "spec.ingress[0].from[0].ipBlock.except[0]",
        "::/64 is no part of 10.0.0.0/8",
    ),
    IN + "[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]": (
        "spec.ingress[0].from[0].ipBlock.except[0]",
        "10.0.0.0/8 is no part of 10.0.0.0/8",
    ),
    "podSelector: {}, policyTypes: [ingress]": ("spec.policyTypes[0]", "there is no policy type ingress"),
    "podSelector: {}, policyTypes: [Ingress, Egress, Ingress]": (
        "spec.policyTypes",
        "there are more than two policy types",
    ),
    "podSelector: {matchLabels: {app: 'a b'}}": ("spec.podSelector", "no label is spelt 'a b'"),
    "podSelector: {matchExpressions: [{key: 'a b', operator: Exists}]}": (
        "spec.podSelector",
        "no label is spelt 'a b'",
    ),
    "podSelector: {matchExpressions: [{key: a, operator: NotIn, values: [b, -c]}]}": (
        "spec.podSelector",
        "no label is spelt '-c'",
    ),
    IN + "[{ports: [{port: '80'}]}]": ("spec.ingress[0].ports[0].port", "'80' is no name of a port"),
    IN + "[{ports: [{port: a--b}]}]": ("spec.ingress[0].ports[0].port", "'a--b' is no name of a port"),
    IN + "[{ports: [{port: HTTP}]}]": ("spec.ingress[0].ports[0].port", "'HTTP' is no name of a port"),
    IN + "[{ports: [{port: ''}]}]": ("spec.ingress[0].ports[0].port", "'' is no name of a port"),
    IN + "[{ports: [{port: a123456789012345}]}]": (
        "spec.ingress[0].ports[0].port",
        "'a123456789012345' is no name of a port",
    ),
    IN + "[{ports: [{port: 0}]}]": ("spec.ingress[0].ports[0].port", "0 is no port"),
    IN + "[{ports: [{port: 65536}]}]": ("spec.ingress[0].ports[0].port", "65536 is no port"),
    IN + "[{ports: [{port: 80}, {port: 80, protocol: ICMP}]}]": (
        "spec.ingress[0].ports[1].protocol",
        "there is no protocol ICMP for ports",
    ),
    IN + "[{ports: [{port: 80, protocol: tcp}]}]": (
        "spec.ingress[0].ports[0].protocol",
        "there is no protocol tcp",
    ),
    IN + "[{ports: [{port: http, endPort: 90}]}]": (
        "spec.ingress[0].ports[0].endPort",
        "endPort needs a port that is a number",
    ),
    IN + "[{ports: [{endPort: 90}]}]": ("spec.ingress[0].ports[0].endPort", "endPort needs a port"),
    IN + "[{ports: [{port: 90, endPort: 80}]}]": (
        "spec.ingress[0].ports[0].endPort",
        "80 is no last port for 90",
    ),
    IN + "[{ports: [{port: 90, endPort: 65536}]}]": (
        "spec.ingress[0].ports[0].endPort",
        "65536 is no last port",
    ),
    "podSelector: {matchExpressions: [{key: a, operator: Like, values: [b]}]}": (
        "spec.podSelector",
        "the selector has an operator or values that are not allowed",
    ),
    "podSelector: {matchExpressions: [{key: a, operator: In}]}": ("spec.podSelector", "the selector has"),
    IN + "[{from: [{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}]}]": (
        "spec.ingress[0].from[0].podSelector",
        "the selector has",
    ),
    IN + "[{from: [{namespaceSelector: {matchExpressions: [{operator: Exists}]}}]}]": (
        "spec.ingress[0].from[0].namespaceSelector",
        "the selector has",
    ),
    "podSelector: {}, policyTypes: [Egress], egress: [{to: [{}]}]": (
        "spec.egress[0].to[0]",
        "a peer needs a selector or an ipBlock",
    ),
}


@pytest.mark.parametrize("spec", REFUSED)
def test_what_the_api_server_refuses_is_in_no_cluster(spec: str) -> None:
    found = network(*CLUSTER, policy("shop", spec))
    (notice,) = found.notices
    at, message = REFUSED[spec]
    assert ".".join(map(str, notice.at)).replace(".0", "[0]").replace(".1", "[1]") == at
    assert notice.message.startswith(f"the API server refuses the policy: {message}")
    assert allowed(found, FAR, "shop/db", "TCP 80") is True


def test_one_that_is_refused_leaves_the_others() -> None:
    found = network(*CLUSTER, policy("shop", ""), policy("shop", IN + "[{ports: [{port: 0}]}]", "q"))
    assert [notice.entity.name for notice in found.notices] == ["q"]
    assert not allowed(found, FAR, "shop/db", "TCP 80")


def test_rules_keep_their_place() -> None:
    read = estate(policy("shop", "podSelector: {}, ingress: [{}, {}], egress: [{}]"))
    (found,) = policies(read.of(NetworkPolicy), [])
    assert [(rule.direction, rule.at) for rule in found.rules] == [
        (Direction.INGRESS, ("spec", "ingress", 0)),
        (Direction.INGRESS, ("spec", "ingress", 1)),
        (Direction.EGRESS, ("spec", "egress", 0)),
    ]
