"""The map of a network says what the network says, and draws only the lines that say something."""

from pathlib import Path
from typing import Any

import pytest

from casemate.analysis.network.addresses import AddressRange
from casemate.analysis.network.connections import Only, connections
from casemate.analysis.network.policies import Direction, PortRange
from casemate.analysis.network.queries import classes_of
from casemate.engine.network_map import NetworkMap, map_of
from casemate.engine.network_units import Kind, State, Unit, ranges_text
from tests.network_maps import ANY_NAMESPACE, DEPENDS, SHOP, app, drawn, many, pods, policy, service, thing

EVERYWHERE = PortRange("TCP", 1, 65_535)


def unit(found: NetworkMap, name: str) -> tuple[int, Unit]:
    return next((n, u) for n, u in enumerate(found.units) if u.name.startswith(name))


def lines(found: NetworkMap, **how: bool) -> dict[tuple[str, str], tuple[PortRange, ...]]:
    names = [u.short for u in found.units]
    return {(names[e.source], names[e.destination]): e.ports for e in found.edges(**how)}


def states(found: NetworkMap) -> dict[str, tuple[State, State]]:
    return {found.units[n].short: (found.ingress[n], found.egress[n]) for n in found.workloads}


def tcp(*ports: int) -> tuple[PortRange, ...]:
    return tuple(PortRange("TCP", port, port) for port in ports)


@pytest.fixture
def shop(tmp_path: Path) -> NetworkMap:
    return drawn(tmp_path, *SHOP)[0]


def test_states_say_how_far_a_workload_is_open(shop: NetworkMap) -> None:
    assert states(shop) == {
        "db": (State.LIMITED, State.OPEN),
        "queue": (State.INSIDE, State.OPEN),
        "agent": (State.OPEN, State.OPEN),
        "cart": (State.CLOSED, State.OPEN),
        "jobs": (State.OPEN, State.LIMITED),
        "web": (State.OPEN, State.OPEN),
    }
    assert unit(shop, "shop/jobs")[1].isolated == {Direction.EGRESS}


def test_lines_are_what_policies_say_and_ways_in(shop: NetworkMap) -> None:
    assert lines(shop) == {
        ("cart", "db"): tcp(5432),
        ("192.0.2.0/24", "db"): tcp(9187),
        ("ingress controller", "web"): tcp(8080),
        ("jobs", "web"): tcp(8080),
        ("jobs", "198.51.100.0-198.51.100.6, 198.51.100.8-198.51.100.255"): (PortRange("TCP", 443, 445),),
    }


def test_callers_are_counted_at_known_ports_or_at_all(shop: NetworkMap) -> None:
    web, _ = unit(shop, "shop/web")
    names = {shop.units[n].short for n in shop.callers(web)[0]}
    assert {"db", "queue", "agent", "cart", "jobs", "ingress controller"} <= names
    jobs, found = unit(shop, "shop/jobs")
    assert found.listening == ()
    assert not shop.callers(jobs)[0]
    assert shop.callers(jobs, everything=True)[0]
    assert EVERYWHERE in lines(shop, everything=True)["db", "jobs"]


@pytest.mark.parametrize(
    "objects",
    [SHOP, DEPENDS, many(40, 4, limited=True), many(9, 2, limited=False)],
    ids=("shop", "depends", "limited", "open"),
)
def test_every_connection_of_the_list_is_in_the_map(
    objects: tuple[dict[str, Any], ...], tmp_path: Path
) -> None:
    found, network = drawn(tmp_path, *objects)
    names = {u.name: n for n, u in enumerate(found.units) if u.kind is not Kind.OUTSIDE}
    said = {
        (found.units[edge.source].name, found.units[edge.destination].name, port)
        for edge in found.edges(everything=True)
        for port in edge.ports
        if edge.sure
    }
    listed = {
        (c.source, c.destination, PortRange(c.protocol, c.low, c.high))
        for c in connections(network.reach, network.ways_in)
        if c.source in names and c.destination in names
    }
    assert {item for item in said if item[0] in names and item[1] in names} == listed


def test_a_part_of_the_map_holds_only_what_was_asked(tmp_path: Path) -> None:
    _, network = drawn(tmp_path, *SHOP)
    to_db = map_of(network, only=Only(destinations=tuple(classes_of(network.reach, "data/db"))))
    assert not to_db.is_whole
    assert {u.short for u in to_db.units if u.pod} == {"cart", "db"}
    db, _ = unit(to_db, "data/db")
    assert list(to_db.called) == [db]
    assert not to_db.calling
    from_jobs = map_of(network, only=Only(sources=tuple(classes_of(network.reach, "shop/jobs"))))
    assert {u.short for u in from_jobs.units if u.pod} == {"jobs", "web"}
    at = network.reach.atoms.containing("TCP", 9187)
    at_9187 = map_of(network, only=Only(ports=at))
    assert ("cart", "db") not in lines(at_9187)
    assert at_9187.total == 6


def test_what_depends_is_told_from_what_is_sure(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *DEPENDS)
    (edge,) = [e for e in found.edges() if found.units[e.destination].short == "b"]
    assert (found.units[edge.source].short, edge.ports, edge.sure) == ("a", tcp(80), False)
    b, _ = unit(found, "x/b")
    sure, maybe = found.callers(b)
    assert (len(sure), len(maybe)) == (0, 1)


def test_services_name_the_ports_that_they_lead_to(tmp_path: Path) -> None:
    objects = (app("web", "a"), service("web", "a", 80, 8080), app("api", "a", 0))
    found, network = drawn(tmp_path, *objects)
    assert [(p.port, p.names) for p in unit(found, "a/web")[1].listening] == [(8080, ("Service web",))]
    assert unit(map_of(network), "a/web")[1].listening == ()
    sidecar = app("b", "b")
    sidecar["spec"]["template"]["spec"]["initContainers"] = [
        {"name": "proxy", "restartPolicy": "Always", "ports": [{"containerPort": 15001, "name": "proxy"}]},
        {"name": "once", "ports": [{"containerPort": 1, "name": "once"}]},
    ]
    found, _ = drawn(tmp_path, sidecar)
    assert [(p.port, p.names) for p in unit(found, "b/b")[1].listening] == [(15001, ("proxy",))]


def test_ports_that_others_name_count_where_a_workload_declares_none(tmp_path: Path) -> None:
    found, _ = drawn(
        tmp_path,
        app("caller", "a"),
        app("silent", "a"),
        app("other", "a", 80),
        policy("out", "a", {"app": "caller"}, policyTypes=["Egress"], egress=[
            {"to": [pods(app="silent")], "ports": [{"port": 7000}]},
            {"to": [ANY_NAMESPACE], "ports": [{"port": 53}]},
            {"to": [pods(app="other")]},
        ]),
    )  # fmt: skip
    assert lines(found) == {("caller", "silent"): tcp(7000), ("caller", "other"): tcp(80)}


def test_what_lets_every_pod_in_is_open_inside_only(tmp_path: Path) -> None:
    found, _ = drawn(
        tmp_path,
        app("a", "x", 80),
        app("b", "x", 80, 81),
        app("c", "x", 80),
        policy("all", "x", {"app": "a"}, ingress=[{"from": [ANY_NAMESPACE], "ports": [{"port": 80}]}]),
        policy("one", "x", {"app": "b"}, ingress=[{"from": [ANY_NAMESPACE], "ports": [{"port": 80}]}]),
        policy("but", "x", {"app": "c"}, ingress=[{"from": [{"ipBlock": {"cidr": "0.0.0.0/1"}}]}, {"ports": [{"port": 80}]}]),
    )  # fmt: skip
    assert [state[0] for state in states(found).values()] == [State.INSIDE, State.LIMITED, State.INSIDE]


def test_what_rules_deny_leaves_a_workload_wide_open(tmp_path: Path) -> None:
    namespaces: dict[str, Any] = {"namespaceSelector": {}}
    deny = thing("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "no", spec={
        "priority": 1, "subject": {"namespaces": {}},
        "egress": [{"action": "Deny", "to": [{"networks": ["192.0.2.0/24"]}]}],
        "ingress": [{"action": "Deny", "from": [{"pods": namespaces | {"podSelector": {"matchLabels": {"app": "a"}}}}]}],
    })  # fmt: skip
    found, _ = drawn(tmp_path, *(app(name, "x", 80) for name in "abcd"), deny)
    assert set(states(found).values()) == {(State.WIDE, State.WIDE)}
    assert lines(found) == {}
    a, _ = unit(found, "x/a")
    b, _ = unit(found, "x/b")
    assert [len(found.callers(n)[0] & found.workloads) for n in (a, b)] == [3, 2]
    none = thing("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "none", spec={
        "priority": 1, "subject": {"namespaces": {}}, "ingress": [{"action": "Deny", "from": [{"namespaces": {}}]}],
    })  # fmt: skip
    found, _ = drawn(tmp_path, *(app(name, "x", 80) for name in "abcd"), none)
    assert set(states(found).values()) == {(State.LIMITED, State.OPEN)}


def test_replicas_of_one_name_are_one_unit(tmp_path: Path) -> None:
    one, other = app("web", "a", 80, track="stable"), app("web", "a", 80, track="canary")
    other["kind"] = "ReplicaSet"
    other["metadata"]["name"] = "web-2"
    other["metadata"]["ownerReferences"] = [{"kind": "Deployment", "name": "web", "controller": True}]
    only = policy("canary", "a", {"track": "canary"}, ingress=[])
    found, _ = drawn(tmp_path, one, other, only, app("c", "a"))
    number, web = unit(found, "a/web")
    assert len(web.classes) == 2
    assert web.isolated == set()
    assert found.ingress[number] is State.OPEN


def test_a_map_of_nothing_holds_what_is_outside(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path)
    assert [(u.kind, u.sort) for u in found.units] == [(Kind.OUTSIDE, "outside")]
    assert list(found.edges()) == []
    assert found.namespaces == {}


def test_ranges_are_said_as_people_write_them(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *SHOP)
    texts = {u.name for u in found.units if u.kind is Kind.OUTSIDE}
    assert {"everywhere else outside", "192.0.2.0/24"} <= texts
    assert ranges_text([AddressRange(4, 5, 5), AddressRange(6, 0, 2**128 - 1)], 1) == "0.0.0.5 and 1 more"
    assert ranges_text([AddressRange(6, 0, 2**128 - 1), AddressRange(4, 1, 2)]) == "::/0, 0.0.0.1-0.0.0.2"


def test_a_thousand_open_workloads_hold_no_more_than_their_names(tmp_path: Path) -> None:
    found, _ = drawn(tmp_path, *many(300, 10, limited=False))
    assert list(found.edges()) == []
    assert sum(len(openings) for openings in found.openings) <= 2 * len(found.units)
