"""What flows show to be needed, and what they only ask for."""

from typing import Any

from casemate.analysis.network.tighten.ranges import widened
from casemate.engine.network_tightening import Plan
from casemate.model.flows import Conversation, FlowEnd, FlowLog, FlowsSeen
from tests.analysis.network.tighten.plans import deployment, needs_of, plan_of, proof_of

CART = FlowEnd(namespace="shop", workload="cart")
WORLD = FlowEnd(address="203.0.113.7")


def seen(**counts: Any) -> FlowsSeen:
    return FlowsSeen("f", 1, **counts) if counts else FlowsSeen("f", 1, delivered=1)


def log(*ends: tuple[FlowEnd, FlowEnd], port: int = 8080, service: str = "", **counts: Any) -> FlowLog:
    return FlowLog(
        files=("f",),
        conversations={
            Conversation(source, destination, "TCP", port, service): seen(**counts)
            for source, destination in ends
        },
    )


def plan(found: FlowLog, text: str = "", *, form: str = "networkpolicy") -> Plan:
    return plan_of(deployment("cart") + deployment("db", "data") + text, found, form=form, only_flows=True)


def shown(*ends: tuple[FlowEnd, FlowEnd], text: str = "", port: int = 8080) -> list[str]:
    return needs_of(plan(log(*ends, port=port), text))


def passed_over(*ends: tuple[FlowEnd, FlowEnd], text: str = "") -> dict[str, int]:
    found = plan(log(*ends), text).seen
    assert found is not None
    return found.passed_over


def test_ends_by_workload_pod_labels_and_address() -> None:
    twin = deployment("cart", kind="StatefulSet").replace("app: cart", "run: cart")
    running = """
---
apiVersion: v1
kind: Pod
metadata: {name: odd, namespace: shop, labels: {app: odd}, ownerReferences: [{kind: Foo, name: owner}]}
spec: {automountServiceAccountToken: false, containers: [{name: a, image: a}]}
status: {podIP: 10.0.0.5}
"""
    db = FlowEnd(namespace="data", workload="db")
    found = ["shop/cart -> data/db TCP 8080"]
    assert shown((CART, db)) == found
    assert shown((FlowEnd(namespace="shop", pod="cart-5b8f-x1"), db)) == found
    assert shown((FlowEnd(namespace="shop", pod="cart"), db)) == found
    assert (
        shown((FlowEnd(namespace="shop", workload="cart-5b8f", pod="p", labels=(("app", "cart"),)), db))
        == found
    )
    set_of = plan(log((FlowEnd(namespace="shop", workload="cart", kind="StatefulSet"), db)), twin)
    assert [need.source.group for need, why in set_of.needs.reasoned() if why[0].kind == "flow"] == [  # type: ignore[attr-defined] # a member
        "shop/cart[StatefulSet]"
    ]
    unknown_kind = FlowEnd(namespace="shop", workload="cart", kind="Odd")
    assert shown((unknown_kind, db), text=twin) == found
    assert shown((FlowEnd(address="10.0.0.5"), db), text=running) == ["shop/owner -> data/db TCP 8080"]
    assert shown((FlowEnd(namespace="shop", pod="odd"), db), text=running) == [
        "shop/owner -> data/db TCP 8080"
    ]


def test_strangers() -> None:
    stranger = FlowEnd(
        namespace="web", workload="proxy", labels=(("app", "proxy"), ("pod-template-hash", "x"))
    )
    assert shown((stranger, CART)) == ["pods app=proxy in web -> shop/cart TCP 8080"]
    bare = FlowEnd(namespace="web", pod="proxy-1")
    found = plan(log((stranger, CART), (bare, CART)))
    assert needs_of(found) == ["pods app=proxy in web -> shop/cart TCP 8080"]
    alone = plan(log((bare, CART)))
    assert needs_of(alone) == ["all pods in web -> shop/cart TCP 8080"]
    assert [item for item in alone.needs.open if "all pods of web are allowed" in item.words]
    assert needs_of(plan(log((FlowEnd(namespace="web"), CART)))) == ["all pods in web -> shop/cart TCP 8080"]
    inside = plan(log((FlowEnd(namespace="shop", workload="lost"), FlowEnd(namespace="data", workload="db"))))
    assert [item for item in inside.needs.open if "default-deny cuts it off" in item.words]
    assert len(proof_of(inside).lost) == 1
    labelled = FlowEnd(namespace="shop", workload="new", labels=(("app", "new"),))
    more = plan(log((labelled, FlowEnd(namespace="data", workload="db"))))
    assert "shop/new[?]" in more.covered
    assert proof_of(more).holds


SERVICES = """
---
apiVersion: v1
kind: Service
metadata: {name: store, namespace: data}
spec: {clusterIP: 10.96.0.5, selector: {app: db}, ports: [{port: 80, targetPort: http}, {port: 53, protocol: UDP}]}
"""


def test_services_are_followed_to_their_pods() -> None:
    called = ["shop/cart -> data/db TCP 8080"]
    assert shown((CART, FlowEnd(address="10.96.0.5")), text=SERVICES, port=80) == called
    assert shown((CART, FlowEnd(namespace="data", workload="store")), text=SERVICES, port=80) == called
    assert shown((CART, FlowEnd(address="10.96.0.5")), text=SERVICES, port=53) == []
    host = FlowEnd(address="10.9.0.1", special="host")
    assert shown((host, FlowEnd(address="10.96.0.5")), text=SERVICES, port=80) == []


def test_what_needs_no_policy() -> None:
    host = FlowEnd(address="10.9.0.1", special="host")
    assert "calls from a pod's own node, which no policy keeps out" in passed_over((host, CART))
    assert "calls between ends that are no pods" in passed_over((WORLD, WORLD))
    assert "calls with an end that is neither named nor has an address" in passed_over((CART, FlowEnd()))


def test_ends_outside() -> None:
    assert shown((CART, WORLD)) == ["shop/cart -> 203.0.113.7/32 TCP 8080"]
    assert shown((WORLD, CART)) == ["203.0.113.7/32 -> shop/cart TCP 8080"]
    assert shown((CART, FlowEnd(address="10.9.0.2", special="remote-node"))) == [
        "shop/cart -> 10.9.0.2/32 TCP 8080"
    ]
    assert "shop/cart -> 0.0.0.0/0 TCP 8080" in shown((CART, FlowEnd(names=("pub",))))
    assert "10.0.0.0/8" in shown((CART, FlowEnd(names=("pvt",))))[0]
    api = FlowEnd(address="10.9.0.1", special="kube-apiserver")
    found = plan(log((CART, api), port=6443))
    assert needs_of(found) == ["shop/cart -> the API server TCP 6443"]
    assert [item.remedy for item in found.needs.open if item.subject == "the API server"] == [
        "Say them: --api-server 10.9.0.1/32, which was seen, and all others"
    ]


def test_names_of_hosts() -> None:
    named = FlowEnd(address="203.0.113.7", names=("api.example.com.",))
    assert needs_of(plan(log((CART, named)), form="cilium")) == ["shop/cart -> api.example.com TCP 8080"]
    assert needs_of(plan(log((named, CART)), form="cilium")) == ["203.0.113.7/32 -> shop/cart TCP 8080"]
    inside = FlowEnd(address="203.0.113.7", names=("x.svc.cluster.local",))
    assert needs_of(plan(log((CART, inside)), form="cilium")) == ["shop/cart -> 203.0.113.7/32 TCP 8080"]
    text = deployment("cart", env={"U": "https://api.example.com"})
    both = plan_of(text, log((CART, named), port=443))
    assert needs_of(both) == ["shop/cart -> api.example.com TCP 443"]
    assert both.seen is not None
    assert both.seen.unseen == ()


def test_many_addresses_become_ranges() -> None:
    near = [(CART, FlowEnd(address=f"203.0.113.{number}")) for number in range(20)]
    found = plan(log(*near))
    assert needs_of(found) == ["shop/cart -> 203.0.113.0/24 TCP 8080"]
    assert [item for item in found.needs.open if "20 addresses were seen" in item.words]
    far = [(FlowEnd(address=f"203.0.{number}.1"), CART) for number in range(20)]
    found = plan(log(*far))
    assert needs_of(found) == ["every address -> shop/cart TCP 8080"]
    assert "as every address" in found.needs.open[-2].words + found.needs.open[0].words
    assert proof_of(found).lost == ()
    assert widened(["2001:db8::1/128"] * 3) == ("2001:db8::1/128",)
    assert widened([f"2001:db8::{number}/128" for number in range(1, 10)]) == ("2001:db8::/64",)
    assert widened([f"10.{number}.0.0/16" for number in range(9)]) == ()


def test_addresses_that_are_open_to_all_anyway() -> None:
    opened = "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: o, namespace: shop}\n"
    opened += "spec: {type: LoadBalancer, selector: {app: cart}, ports: [{port: 8080}]}\n"
    found = plan(log((WORLD, CART)), opened)
    spec = next(made.tree["spec"] for made in found.made if made.tree["metadata"]["name"] == "cart")
    assert len(spec["ingress"]) == 1
    assert proof_of(found).lost == ()
    other = plan(log((WORLD, CART), port=9), opened)
    spec = next(made.tree["spec"] for made in other.made if made.tree["metadata"]["name"] == "cart")
    assert len(spec["ingress"]) == 2


def test_demands_are_told_and_not_granted() -> None:
    db = FlowEnd(namespace="data", workload="db")
    labelled = FlowEnd(namespace="data", workload="db", labels=(("app", "db"),))
    both = FlowLog(
        files=("f",),
        conversations={
            Conversation(CART, db, "TCP", 8080): FlowsSeen(
                "f", 1, "2026-01-01T00:00:00Z", "2026-01-02", forwarded=1
            ),
            Conversation(CART, labelled, "TCP", 8080): FlowsSeen(
                "f", 2, "2025-01-01T00:00:00Z", "2026-01-01", refused=1
            ),
        },
    )
    found = plan(both)
    assert needs_of(found) == []
    assert found.seen is not None
    (demand,) = found.seen.demands
    assert (demand.source, demand.destination, demand.refused, demand.needed) == (
        "shop/cart",
        "data/db",
        1,
        False,
    )
    needed = plan_of(deployment("cart", env={"U": "http://db.data"}) + deployment("db", "data"), both)
    assert needed.seen is not None
    assert needed.seen.demands[0].needed
    assert len(needed.seen.unseen) == 1


def test_flows_beside_workloads_that_only_services_name() -> None:
    text = deployment("cart", env={"U": "http://gone"})
    text += "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: gone, namespace: shop}\n"
    text += "spec: {selector: {app: gone}, ports: [{port: 80}]}\n"
    gone = FlowEnd(namespace="shop", pod="gone-1", labels=(("app", "gone"),))
    found = plan_of(text, log((CART, gone), port=80))
    assert needs_of(found) == ["shop/cart -> pods app=gone in shop TCP 80"]
    assert found.seen is not None
    assert found.seen.unseen == ()


def test_hosts_that_call_in_are_addresses() -> None:
    text = deployment("cart", env={"U": "https://api.example.com"})
    named = FlowEnd(address="203.0.113.7", names=("api.example.com",))
    found = plan_of(text, log((named, CART), port=443), form="cilium")
    assert "203.0.113.7/32 -> shop/cart TCP 443" in needs_of(found)
