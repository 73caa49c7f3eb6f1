"""Connections as they are listed: by workload, joined, restricted to what is asked for."""

from casemate.analysis.network.connections import Connection, Only, connections, number_of_pairs
from casemate.analysis.network.policies import Direction
from casemate.analysis.network.queries import classes_of
from casemate.engine.reachability import reachability
from tests.analysis.network.small_cluster import namespace, network, pod, policy

CLUSTER = (
    namespace("shop"),
    pod(
        "shop/web", "app: web", "containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]"
    ),
    pod("shop/db", "app: db"),
)
ONLY_WEB = "podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]"
INGRESS = """---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 8080, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 8080}}}}
---
apiVersion: v1
kind: Service
metadata: {name: outside, namespace: shop}
spec: {type: NodePort, selector: {app: db}, ports: [{port: 5432}]}
"""
WEB, DB, CONTROLLER = "shop/web[Pod]", "shop/db[Pod]", "{ingress-controller}"
IPV4, IPV6 = "0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"


def _whole(source: str, destination: str) -> list[Connection]:
    return [Connection(source, destination, name, 1, 65_535) for name in ("SCTP", "TCP", "UDP")]


def test_what_nothing_isolates_reaches_everything() -> None:
    found = list(connections(network(*CLUSTER).reach))
    expected = [
        item
        for source in (WEB, DB)
        for destination in (WEB, DB, IPV4, IPV6)
        if source != destination
        for item in _whole(source, destination)
    ]
    expected += [item for source in (IPV4, IPV6) for name in (WEB, DB) for item in _whole(source, name)]
    assert sorted(found) == sorted(expected)


def test_ranges_with_one_answer_are_joined() -> None:
    block = "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/9}}, {ipBlock: {cidr: 10.128.0.0/9}}, {ipBlock: {cidr: '::/1'}}], ports: [{port: 80}]}]"
    found = network(*CLUSTER, policy("shop", block)).reach
    assert [item for item in connections(found) if item.destination == DB] == [
        Connection("10.0.0.0-10.255.255.255", DB, "TCP", 80, 80),
        Connection("::-7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", DB, "TCP", 80, 80),
    ]


def test_ranges_with_different_answers_are_not() -> None:
    block = "podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/1}}]}, {ports: [{port: 53}]}]"
    found = network(*CLUSTER, policy("shop", block)).reach
    own = [item for item in connections(found) if item.source == DB and item.destination != WEB]
    assert sorted(own) == sorted(
        [
            *_whole(DB, "0.0.0.0-127.255.255.255"),
            Connection(DB, "128.0.0.0-255.255.255.255", "TCP", 53, 53),
            Connection(DB, IPV6, "TCP", 53, 53),
        ]
    )


def test_only_what_is_asked_for() -> None:
    found = network(*CLUSTER, policy("shop", ONLY_WEB))
    reach = found.reach
    web, db = (tuple(classes_of(reach, name)) for name in ("shop/web", "shop/db"))
    into = list(connections(reach, only=Only(destinations=db)))
    assert into == [Connection(WEB, DB, "TCP", 5432, 5432)]
    out = list(connections(reach, only=Only(sources=web)))
    assert {item.destination for item in out} == {DB, IPV4, IPV6}
    assert list(connections(reach, only=Only(sources=web, destinations=db))) == into
    at = reach.atoms.containing("TCP", 5432)
    assert [
        item for item in connections(reach, only=Only(sources=web, ports=at)) if item.destination == DB
    ] == into
    assert not list(
        connections(reach, only=Only(sources=web, destinations=db, ports=reach.atoms.containing("UDP", 53)))
    )


def test_what_is_asked_for_is_told_apart_from_what_is_like_it() -> None:
    db = pod(
        "shop/db-0",
        "",
        metadata=", ownerReferences: [{kind: StatefulSet, name: db}]",
        status="podIP: 10.0.0.1",
    )
    texts = (*CLUSTER[:2], db, pod("shop/cache"))
    for name in ("shop/db", "shop/db[StatefulSet]", "shop/db-0", "10.0.0.1"):
        reach = network(*texts, apart=(name,)).reach
        only = Only(destinations=tuple(classes_of(reach, name)))
        assert {item.destination for item in connections(reach, only=only)} == {"shop/db[StatefulSet]"}
    reach = network(*texts).reach
    assert len(classes_of(reach, "shop/db") + classes_of(reach, "shop/cache")) == 2
    assert classes_of(reach, "shop/db") == classes_of(reach, "shop/cache")


def test_a_controller_that_was_not_read() -> None:
    found = network(*CLUSTER, INGRESS, apart=("shop/web",))
    mine = [
        item
        for item in connections(found.reach, found.ways_in)
        if CONTROLLER in (item.source, item.destination)
    ]
    assert mine == [Connection(CONTROLLER, WEB, "TCP", 80, 80)]
    web = tuple(classes_of(found.reach, "shop/web"))
    asked = connections(found.reach, found.ways_in, only=Only(sources=web))
    assert all(item.source == WEB for item in asked)
    closed = network(*CLUSTER, INGRESS, policy("shop", "podSelector: {}"))
    assert not list(
        connections(
            closed.reach, closed.ways_in, only=Only(destinations=tuple(classes_of(closed.reach, "shop/web")))
        )
    )


def test_a_controller_reaches_only_the_workloads_that_are_asked_for() -> None:
    found = network(*CLUSTER, INGRESS, apart=("shop/db[Pod]",))
    db = tuple(classes_of(found.reach, "shop/db"))
    asked = list(connections(found.reach, found.ways_in, only=Only(destinations=db)))
    assert all(item.destination == DB for item in asked)


def test_the_number_of_pairs() -> None:
    assert number_of_pairs(network(*CLUSTER).reach) == (2 + 2) ** 2
    assert (
        number_of_pairs(
            network(*CLUSTER, policy("shop", "podSelector: {}, policyTypes: [Ingress, Egress]")).reach
        )
        == 4
    )


def test_what_is_known_of_all() -> None:
    found = reachability(network(*CLUSTER, policy("shop", ONLY_WEB)), Only(), ("so it is",))
    assert found.possible == ()
    assert found.assumed == ("so it is",)
    assert found.workloads == (WEB, DB)
    assert found.isolated == {Direction.INGRESS: frozenset({DB}), Direction.EGRESS: frozenset()}
    assert Connection(WEB, DB, "TCP", 5432, 5432) in found.certain


def test_what_depends_on_a_namespace_that_was_not_read() -> None:
    prod = "podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {env: prod}}}], ports: [{port: 5432}]}, {from: [{namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}], ports: [{port: 80}]}]"
    read = network(*CLUSTER, pod("far/web"), policy("shop", prod))
    assert reachability(read, Only()).possible == ()


def test_an_answer_that_depends_is_listed_apart() -> None:
    name = """---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: q, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: db}}, egress: [{toFQDNs: [{matchName: example.com}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]}
"""
    found = reachability(network(*CLUSTER, name), Only())
    assert not [item for item in found.certain if item.source == DB]
    assert {(item.source, item.low) for item in found.possible} == {(DB, 443)}
    assert found.isolated[Direction.EGRESS] == {DB}
