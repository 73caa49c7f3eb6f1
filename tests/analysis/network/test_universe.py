"""What sets of endpoints hold: classes of pods, nodes and addresses, and what is not known of them."""

import pytest

from casemate.analysis.network.addresses import AddressRange
from casemate.analysis.network.cluster import labels_of
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.label_index import Span
from casemate.analysis.network.labels import Any, Has, Not, OneOf, namespace_named
from casemate.analysis.network.mentions import Mentions
from casemate.analysis.network.policies import (
    Action,
    Complement,
    Direction,
    Endpoints,
    Everything,
    Intersection,
    Networks,
    Nobody,
    Nodes,
    Perhaps,
    Pods,
    Policy,
    Rule,
    Tier,
    Union,
    World,
)
from casemate.analysis.network.universe import STRANGER, Assumptions, Universe
from casemate.model.estate import Entity, Ref
from casemate.model.place import Document, Origin
from tests.analysis.network.small_cluster import estate, namespace, pod

ENTITY = Entity(ref=Ref("v1", "Policy", None, "p"), origin=Origin(Document("a.yaml")))
NODE = """---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {zone: a}}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
"""
BARE_NODE = "---\napiVersion: v1\nkind: Node\nmetadata: {name: n2}\n"
ACCOUNT = """---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop, labels: {role: bot}}
"""
TEXTS = (
    namespace("shop", "env: prod"),
    ACCOUNT,
    NODE,
    BARE_NODE,
    pod("shop/a", "app: a", "serviceAccountName: robot, containers: []", status="podIP: 10.0.0.1"),
    pod("shop/b", "app: b", status="podIP: 10.0.1.1, podIPs: [{ip: 10.0.1.1}, {ip: '2001:db8::1'}]"),
    pod("far/c", "app: a"),
    pod("far/h", "app: a", "hostNetwork: true, containers: []", status="podIP: 192.168.0.9"),
    pod("far/i", "app: a", "hostNetwork: true, containers: []"),
)
RUNNING = Assumptions(addresses_known=True)


def universe(wanted: Endpoints, assumed: Assumptions = RUNNING) -> Universe:
    """That of the texts, of which a policy asks for a set."""
    read = estate(*TEXTS)
    rule = Rule(action=Action.ALLOW, direction=Direction.INGRESS, peers=wanted)
    policy = Policy(entity=ENTITY, tier=Tier(1, "t"), subjects=Nobody(), rules=(rule, rule))
    mentions = Mentions([policy], with_addresses=assumed.networks_hold_pods is not False)
    return Universe(pods_of(read), list(nodes_of(read)), labels_of(read), mentions, assumed)


def names(found: Universe, numbers: Span) -> tuple[set[str], set[str]]:
    """What is sure, and what is possible beyond that, by the names of pods and nodes and by first addresses."""
    words = {found.stranger: {STRANGER}}
    for name, number in found.names.items():
        words.setdefault(number, set()).add(name)
    words |= {number: {node.name} for number, node in enumerate(found.nodes, len(found.pods))}
    for number, atom in enumerate(found.outside, found.first_outside):
        words[number] = {str(atom).partition("-")[0]}
    sure, upper = (set().union(*(words[number] for number in part)) for part in numbers)
    assert sure <= upper
    return sure, upper - sure


def where(wanted: Endpoints, assumed: Assumptions = RUNNING) -> tuple[set[str], set[str]]:
    """What a set holds for sure, and what it may hold."""
    found = universe(wanted, assumed)
    return names(found, found.where(wanted))


PODS = {"shop/a", "shop/b", "far/c", STRANGER}
HOSTS = {"n1", "n2", "far/h", "far/i"}
FIRST = "0.0.0.0"  # noqa: S104 # an address of a question; nothing listens there
OUT = {FIRST, "::"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Everything(), PODS | HOSTS | OUT),
        (Nobody(), set()),
        (World(), OUT),
        (Pods(), PODS),
        (Pods(pods=OneOf("app", ("a",))), {"shop/a", "far/c"}),
        (Pods(namespaces=namespace_named("shop")), {"shop/a", "shop/b"}),
        (Pods(namespaces=OneOf("env", ("prod",))), {"shop/a", "shop/b"}),
        (Pods(namespaces=Not(Has("env"))), {"far/c", STRANGER}),
        (Pods(accounts=Has("role")), {"shop/a"}),
        (Pods(accounts=namespace_named("default")), {"shop/b", "far/c"}),
        (Nodes(), HOSTS),
        (Complement(Pods()), HOSTS | OUT),
        (Union((World(), Nodes())), HOSTS | OUT),
        (Intersection((Pods(), Pods(pods=Has("app")))), {"shop/a", "shop/b", "far/c"}),
        (Intersection((Pods(), Nodes())), set()),
    ],
)
def test_what_is_known(wanted: Endpoints, found: set[str]) -> None:
    assert where(wanted) == (found, set())


def test_what_runs_on_a_host_may_have_any_labels_of_a_node() -> None:
    assert where(Nodes(Has("zone"))) == ({"n1"}, {"far/h", "far/i"})
    assert where(Nodes(Not(Has("zone")))) == ({"n2"}, {"far/h", "far/i"})


def test_perhaps() -> None:
    assert where(Perhaps(World(), "why")) == (set(), OUT)
    assert where(Complement(Perhaps(World(), "why"))) == (PODS | HOSTS, OUT)
    assert where(Union((Perhaps(World(), "why"), World()))) == (OUT, set())
    assert where(Intersection((Perhaps(World(), "why"), Everything()))) == (set(), OUT)


def test_a_namespace_that_was_not_read() -> None:
    unknown = Assumptions(bare_namespaces=False)
    assert universe(Nobody()).unread == set()
    assert universe(Nobody(), unknown).unread == {"far"}
    assert where(Pods(namespaces=Has("env")), unknown) == ({"shop/a", "shop/b"}, {"far/c"})
    assert where(Pods(namespaces=Not(Has("env"))), unknown) == ({STRANGER}, {"far/c"})
    assert where(Pods(namespaces=Has("env"), pods=OneOf("app", ("b",))), unknown) == ({"shop/b"}, set())
    assert where(Pods(namespaces=namespace_named("far")), unknown) == ({"far/c"}, set())


TEN = Networks(("10.0.0.0/24",))
ALL = Networks(("0.0.0.0/0",))
NET = {"10.0.0.0"}


def test_ranges_that_mean_no_pods() -> None:
    assert where(TEN) == (NET, set())
    assert where(ALL) == ({FIRST}, set())
    assert where(Networks(("10.0.0.0/23",), ("10.0.1.0/24",))) == (NET, set())
    assert where(Networks(("nonsense",), ("nonsense",))) == (set(), set())
    assert where(Networks(("::/0",))) == ({"::"}, set())


def test_ranges_that_mean_pods() -> None:
    hold = Assumptions(networks_hold_pods=True, addresses_known=True)
    may = Assumptions(networks_hold_pods=None, addresses_known=True)
    assert where(TEN, hold) == (NET | {"shop/a"}, {"far/c", STRANGER})
    assert where(TEN, may) == (NET, {"shop/a", "far/c", STRANGER})
    assert where(Networks(("10.0.0.0/24",), pods=True)) == (NET | {"shop/a"}, {"far/c", STRANGER})
    assert where(Networks(("10.0.0.0/24",), pods=False), hold) == (NET, set())
    assert where(Networks(("10.0.0.0/23",), ("10.0.1.0/24",)), hold) == (
        NET | {"shop/a"},
        {"far/c", STRANGER},
    )


def test_all_addresses_need_not_be_known() -> None:
    hold = Assumptions(networks_hold_pods=True, addresses_known=True)
    assert where(ALL, hold) == ({FIRST} | PODS, set())
    assert where(Networks(("::/0",)), hold) == ({"::", "shop/b", "far/c", STRANGER}, set())


def test_pods_in_files_are_in_a_range_of_all_addresses_only() -> None:
    files = Assumptions(networks_hold_pods=True)
    assert where(TEN, files) == (NET | {"shop/a"}, set())
    assert where(Networks(("0.0.0.0/0",), ("10.0.0.0/24",)), files) == (
        {FIRST, "10.0.1.0", "shop/b", "far/c", STRANGER},
        set(),
    )


def test_a_pod_with_two_addresses_is_in_a_range_by_either() -> None:
    hold = Assumptions(networks_hold_pods=True, addresses_known=True)
    assert where(Networks(("2001:db8::/64",)), hold)[0] == {"2001:db8::", "shop/b"}
    assert where(Networks(("0.0.0.0/0", "::/0"), ("10.0.1.0/24",)), hold)[0] >= {"shop/b", "shop/a"}


def test_ranges_that_mean_nodes() -> None:
    near = Networks(("192.168.0.0/30",))
    hold = Assumptions(networks_hold_nodes=True, addresses_known=True)
    may = Assumptions(networks_hold_nodes=None, addresses_known=True)
    assert where(near, hold) == ({"192.168.0.0", "n1"}, {"n2", "far/i"})
    assert where(near, may) == ({"192.168.0.0"}, {"n1", "n2", "far/i"})
    assert where(Networks(("192.168.0.0/30",), nodes=True)) == ({"192.168.0.0", "n1"}, {"n2", "far/i"})
    assert where(ALL, hold) == ({FIRST} | HOSTS, set())
    assert where(Networks(("192.168.0.8/29",)), hold) == ({"192.168.0.8", "far/h"}, {"n2", "far/i"})


def test_addresses_have_owners() -> None:
    found = universe(Pods(pods=Has("app")))
    own = {address for address, number in found.owners.items() if number == found.names["shop/b"]}
    assert own == {"10.0.1.1", "2001:db8::1"}
    assert found.owners["192.168.0.1"] == len(found.pods)
    assert "192.168.0.9" not in found.owners


def test_pods_are_told_apart_only_by_what_is_asked_for() -> None:
    plain = universe(Pods())
    assert plain.names["shop/a"] == plain.names["shop/b"] != plain.names["far/c"]
    by_label = universe(Pods(pods=Has("app")))
    assert by_label.names["shop/a"] != by_label.names["shop/b"]
    by_account = universe(Pods(accounts=Not(Any())))
    assert by_account.names["shop/a"] != by_account.names["shop/b"]


@pytest.mark.parametrize("more", [0, 20])
def test_pods_are_told_apart_by_few_labels_and_by_many(more: int) -> None:
    unasked = tuple(Pods(pods=Has(f"key-{number}")) for number in range(more))
    found = universe(Union((Pods(pods=OneOf("app", ("a",))), *unasked)))
    assert found.names["shop/a"] != found.names["shop/b"]
    assert len({found.names[name] for name in ("shop/a", "shop/b", "far/c")}) == 3
    assert len(found.pods) == 6


def test_the_class_of_a_pod() -> None:
    found = universe(Pods(pods=Has("app")))
    for item in pods_of(estate(*TEXTS)):
        assert found.class_of(item) == found.names[item.name]
    (other,) = pods_of(estate(pod("other/a")))
    assert found.class_of(other) is None


def test_addresses_outside_have_a_class_each() -> None:
    found = universe(TEN)
    for number, atom in enumerate(found.outside, found.first_outside):
        for value in (atom.low, (atom.low + atom.high) // 2, atom.high):
            assert found.number_outside(AddressRange(atom.family, value, value)) == number
