"""The answers about drawn clusters with Calico are those of a naive evaluator, packet by packet."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.cluster import network_of
from tests.analysis.network.calico_objects import Tree, estate_of, thing
from tests.analysis.network.calico_reference import Packet, World

PLACES = [("shop", "10.0.0.1"), ("shop", "10.0.0.2"), ("bank", "10.0.1.1"), ("bank", "10.0.1.2")]
OUTSIDE = ["192.0.2.1", "198.51.100.1", "10.0.2.1"]
LABELS = st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"]), max_size=2)
SELECTORS = st.sampled_from(
    ["all()", "all()", "a == 'x'", "a != 'x'", "has(b)", "!has(b)", "a in {'x','y'} && b == 'y'", "a == 'x' || pcns.a == 'x'",
     "projectcalico.org/namespace == 'shop'", "!(pcns.a == 'x' && has(a))", "projectcalico.org/serviceaccount == 'one'",
     "projectcalico.org/orchestrator == 'nomad' || a starts with 'x'"]
)  # fmt: skip
SPACES = st.sampled_from(["all()", "global()", "a == 'x'", "a != 'x'", "projectcalico.org/name == 'bank'"])
NETS = st.lists(
    st.sampled_from(["10.0.0.0/24", "10.0.0.0/16", "10.0.0.1", "192.0.2.0/24", "0.0.0.0/0", "10.0.1.2/31"]),
    min_size=1,
    max_size=2,
)
PORTS = st.lists(st.sampled_from([80, "80:90", "85:443", "http", 443]), min_size=1, max_size=2)
NUMBERS = st.lists(st.sampled_from([80, "80:90", 443]), min_size=1, max_size=2)


@st.composite
def ends(draw: st.DrawFn) -> Tree:
    """One end of a rule; what a container calls its ports is not excepted, which no single answer has."""
    parts: dict[str, st.SearchStrategy[Any]] = {
        "selector": SELECTORS,
        "notSelector": SELECTORS,
        "namespaceSelector": SPACES,
        "nets": NETS,
        "notNets": NETS,
        "serviceAccounts": st.sampled_from([{"names": ["one"]}, {"names": ["two", "one"]}]),
    }
    return {
        name: draw(parts[name])
        for name in draw(st.sets(st.sampled_from(sorted(parts)), min_size=1, max_size=2))
    }


@st.composite
def rules(draw: st.DrawFn) -> Tree:
    rule: Tree = {"action": draw(st.sampled_from(["Allow", "Allow", "Deny", "Pass", "Log"]))}
    for end in ("source", "destination"):
        if draw(st.integers(0, 2)):
            rule[end] = draw(ends())
    protocol = draw(st.sampled_from([None, None, "TCP", 17, "SCTP"]))
    if protocol is not None:
        rule["protocol"] = protocol
        if draw(st.booleans()):
            kind = draw(st.sampled_from(["ports", "notPorts"]))
            end = rule.setdefault("destination", {})
            end[kind] = draw(PORTS if kind == "ports" else NUMBERS)
    elif draw(st.booleans()):
        rule["notProtocol"] = draw(st.sampled_from(["TCP", 17]))
    if draw(st.integers(0, 5)) == 0:
        rule["ipVersion"] = draw(st.sampled_from([4, 6]))
    return rule


@st.composite
def policies(draw: st.DrawFn, number: int) -> Tree:
    spec: Tree = {"selector": draw(SELECTORS)}
    for key, values in (
        ("order", st.sampled_from([1, 1.5, 20])),
        ("types", st.sampled_from([["Ingress"], ["Egress"], ["Ingress", "Egress"]])),
        ("tier", st.sampled_from(["first", "passing", "default", "last"])),
    ):
        if draw(st.booleans()):
            spec[key] = draw(values)
    for key in draw(st.sampled_from([["ingress"], ["egress"], ["ingress", "egress"], []])):
        spec[key] = draw(st.lists(rules(), min_size=1, max_size=3))
    if draw(st.booleans()):
        return thing("NetworkPolicy", f"p{number}", spec, namespace=draw(st.sampled_from(["shop", "bank"])))
    if draw(st.booleans()):
        spec["namespaceSelector"] = draw(SPACES.filter(lambda text: text != "global()"))
    return thing("GlobalNetworkPolicy", f"p{number}", spec)


@st.composite
def clusters(draw: st.DrawFn) -> list[Tree]:
    trees = [
        thing("Namespace", "shop", labels=draw(LABELS), version="v1"),
        thing("Tier", "first", {"order": 5}),
        thing("Tier", "passing", {"order": 7, "defaultAction": "Pass"}),
        thing("Tier", "last"),
        thing("NetworkSet", "near", {"nets": draw(NETS)}, namespace="shop", labels=draw(LABELS)),
        thing("GlobalNetworkSet", "far", {"nets": draw(NETS)}, labels=draw(LABELS)),
    ]
    for number, (namespace, address) in enumerate(PLACES):
        port = {"name": draw(st.sampled_from(["http", "web"])), "containerPort": 80, "protocol": "TCP"}
        spec = {
            "serviceAccountName": draw(st.sampled_from(["one", "two"])),
            "containers": [{"name": "a", "ports": [port]}],
        }
        pod = thing("Pod", f"n{number}", spec, namespace=namespace, labels=draw(LABELS), version="v1")
        trees.append({**pod, "status": {"podIP": address}})
    return [*trees, *(draw(policies(number)) for number in range(draw(st.integers(1, 3))))]


@settings(deadline=None)  # a cluster is many packets, and machines are busy
@given(clusters())
def test_every_packet_has_the_answer_of_the_naive_evaluator(trees: list[Tree]) -> None:
    world = World(trees)
    network = network_of(estate_of(*trees))
    assert network.notices == ()
    reach = network.reach
    number = {address: reach.number_of(address) for address in [*(place for _, place in PLACES), *OUTSIDE]}
    for source, one in number.items():
        for destination, other in number.items():
            if source == destination or (source in OUTSIDE and destination in OUTSIDE):
                continue
            assert one is not None
            assert other is not None
            sure, upper = reach.between(one, other)
            assert sure == upper
            for protocol, port in (("TCP", 80), ("TCP", 86), ("TCP", 443), ("UDP", 80), ("SCTP", 9)):
                ranges = reach.atoms.ranges(sure)
                found = any(item.protocol == protocol and item.low <= port <= item.high for item in ranges)
                meant = world.allowed(Packet(source, destination, protocol, port))
                assert found == meant, (source, destination, protocol, port)
