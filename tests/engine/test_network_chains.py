"""Chains from outside inward, the ways to stores, and what policies leave of what is reachable."""

from textwrap import dedent

from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.chains import Line, State, chains
from casemate.analysis.network.entries import INTERNET, NODES
from casemate.cli.network_tighten import read_back
from casemate.engine.network_chains import NetworkChains, Outside, Radius, network_chains
from casemate.engine.network_tightening import worlds
from tests.analysis.network.tighten.plans import deployment, plan_of

DENY = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: deny, namespace: {space}}}
spec: {{podSelector: {{}}, policyTypes: [{way}]}}
"""
OPENED = """
---
apiVersion: v1
kind: Service
metadata: {{name: {name}-open, namespace: shop}}
spec: {{type: {kind}, selector: {{app: {name}}}, ports: [{{port: 443, targetPort: http}}], {more}}}
"""
POSTGRES = """
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: postgres, namespace: data}
spec:
  selector: {matchLabels: {app: postgres}}
  template:
    metadata: {labels: {app: postgres}}
    spec:
      volumes:
        - {name: a, secret: {secretName: tls}}
        - {name: b, projected: {sources: [{secret: {name: ca}}, {configMap: {name: c}}]}}
        - {name: c, projected: {}}
        - {name: d, emptyDir: {}}
      initContainers:
        - {name: once, image: a, ports: [{containerPort: 1}]}
        - {name: exporter, image: a, restartPolicy: Always, ports: [{containerPort: 9187}]}
      containers:
        - name: a
          image: postgres:16
          envFrom: [{secretRef: {name: admin}}, {configMapRef: {name: c}}]
          env:
            - {name: A, valueFrom: {secretKeyRef: {name: admin, key: a}}}
            - {name: B, valueFrom: {configMapKeyRef: {name: c, key: a}}}
            - {name: C, value: d}
          ports: [{containerPort: 5432}, {protocol: TCP}]
---
apiVersion: v1
kind: Service
metadata: {name: postgres, namespace: data}
spec: {selector: {app: postgres}, ports: [{port: 5432}]}
"""
CART, ORDERS, WEB = "shop/cart[Deployment]", "shop/orders[Deployment]", "shop/web[Deployment]"
STORE = "data/postgres[StatefulSet]"
INGRESS = """
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: CLASS
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
"""


def shop(*more: str, ingress: str = "nginx") -> NetworkChains:
    """A web shop: the internet calls web, web calls cart and orders, these call each other and a database."""
    return answer(
        deployment("web", env={"CART": "http://cart", "ORDERS": "http://orders"}),
        deployment("cart", env={"ORDERS": "http://orders"}),
        deployment("orders", env={"CART": "http://cart", "DB": "postgres://postgres.data"}),
        POSTGRES,
        INGRESS.replace("CLASS", ingress),
        *more,
    )


def answer(*texts: str) -> NetworkChains:
    plan = plan_of("".join(dedent(text) for text in texts))
    return network_chains(plan, worlds(plan, read_back(plan)))


def tree(found: NetworkChains, outside: str = INTERNET) -> list[str]:
    """Chains as lines: indented names with what becomes of them."""
    return [said(line) for line in chains(outside, found.entries, found.calls)]


def said(line: Line) -> str:
    state = {State.LEADS_ON: "", State.END: ""}.get(line.state, f" {line.state}")
    name = line.workload.partition("/")[2].partition("[")[0]
    return f"{'  ' * line.depth}{name} {','.join(str(port) for _, port in line.ports)}{state}"


def radius(found: NetworkChains, name: str) -> Radius:
    return next(one for one in found.radii if one.workload == name)


def counts(found: NetworkChains, name: str) -> tuple[int, int, int]:
    one = radius(found, name)
    return tuple(found.members.count(bits) for bits in (one.today, one.meant, one.after))  # type: ignore[return-value] # three


def test_chains_lead_from_outside_inward() -> None:
    found = shop()
    assert tree(found) == [
        "web 8080",
        "  cart 8080",
        "    orders 8080 shown",
        "  orders 8080",
        "    postgres 5432",
        "    cart 8080 shown",
    ]
    (entry,) = found.entries
    assert (entry.kind, entry.outside, entry.through, entry.allowed) == (
        "controller",
        INTERNET,
        "ingress-nginx/nginx-controller[?]",
        True,
    )


def test_a_call_back_is_marked() -> None:
    found = answer(
        deployment("web", env={"A": "http://cart"}),
        deployment("cart", env={"A": "http://web"}),
        OPENED.format(name="web", kind="LoadBalancer", more=""),
    )
    assert tree(found) == ["web 8080", "  cart 8080", "    web 8080 cycle"]


def test_what_policies_stop_leads_nowhere() -> None:
    found = shop(DENY.format(space="data", way="Ingress"))
    assert tree(found)[-2:] == ["    postgres 5432 stopped", "    cart 8080 shown"]
    assert [call.destination for call in found.calls if not call.allowed] == [STORE]
    assert found.widened == ((ORDERS, STORE),)
    closed = shop(DENY.format(space="shop", way="Ingress"))
    assert tree(closed) == ["web 8080 stopped"]
    assert [way.today for way in closed.ways] == [()]
    assert closed.ways[0].after == (WEB, ORDERS, STORE)


def test_a_controller_that_is_not_known_is_a_stranger() -> None:
    (entry,) = shop(ingress="whatever").entries
    assert (entry.through, entry.allowed) == ("", True)
    policy = DENY.format(space="shop", way="Ingress")
    (closed,) = shop(policy, ingress="whatever").entries
    assert not closed.allowed


def test_a_controller_that_was_read_is_a_step_of_its_own() -> None:
    proxy = deployment("proxy", namespace="ingress-nginx").replace(
        "app: proxy", "app.kubernetes.io/name: ingress-nginx"
    )
    opened = OPENED.format(name="web", kind="LoadBalancer", more="").replace(
        "namespace: shop", "namespace: ingress-nginx"
    )
    opened = opened.replace("app: web", "app.kubernetes.io/name: ingress-nginx")
    found = shop(proxy, opened)
    assert tree(found)[:3] == ["proxy 8080", "  web 8080", "    cart 8080"]


def test_ways_in_of_services_and_hosts() -> None:
    limited = "loadBalancerSourceRanges: [192.0.2.0/24]"
    keeping = f"{limited}, externalTrafficPolicy: Local"
    host = deployment("agent", extra="hostNetwork: true")
    port = deployment("debug").replace("containerPort: 8080", "containerPort: 8080, hostPort: 80")
    found = answer(
        deployment("a"),
        deployment("b"),
        deployment("c"),
        deployment("d"),
        host,
        port,
        OPENED.format(name="a", kind="LoadBalancer", more=""),
        OPENED.format(name="b", kind="LoadBalancer", more=limited),
        OPENED.format(name="c", kind="LoadBalancer", more=keeping),
        OPENED.format(name="d", kind="NodePort", more=""),
    )
    assert [(e.kind, e.outside, e.workload.partition("[")[0], e.allowed) for e in found.entries] == [
        ("load balancer", INTERNET, "shop/a", True),
        ("load balancer", "192.0.2.0/24", "shop/b", True),
        ("load balancer", "192.0.2.0/24", "shop/c", True),
        ("node port", NODES, "shop/d", True),
        ("host network", NODES, "shop/agent", True),
        ("host port", NODES, "shop/debug", True),
    ]
    assert tree(found, NODES) == ["agent 8080", "d 8080", "debug 8080"]


def test_policies_about_addresses_decide_who_comes_in() -> None:
    rule = "ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]"
    policy = DENY.format(space="shop", way="Ingress").replace("podSelector", f"{rule}, podSelector")
    limited = "loadBalancerSourceRanges: [192.0.2.0/24]"
    for more, allowed in ((limited, True), (f"{limited}, externalTrafficPolicy: Local", False)):
        (entry,) = answer(
            deployment("a"), policy, OPENED.format(name="a", kind="LoadBalancer", more=more)
        ).entries
        assert entry.allowed is allowed, more


def test_one_way_in_through_pods_of_two_kinds_is_one_entry() -> None:
    """A canary of the same workload: a policy for the one does not close the way through the other."""
    pods = "\n".join(
        f"""
---
apiVersion: v1
kind: Pod
metadata:
  name: a-{number}
  namespace: shop
  labels: {{app: a, track: "{track}"}}
  ownerReferences: [{{apiVersion: v1, kind: Thing, name: a, uid: u, controller: true}}]
spec: {{containers: [{{name: a, image: a, ports: [{{name: http, containerPort: 8080}}]}}]}}
"""
        for number, track in enumerate(("old", "new", "old"))
    )
    policy = DENY.format(space="shop", way="Ingress").replace(
        "podSelector: {}", "podSelector: {matchLabels: {track: old}}"
    )
    found = answer(pods, policy, OPENED.format(name="a", kind="LoadBalancer", more=""))
    (entry,) = found.entries
    assert entry.allowed
    assert len(found.members) == 2
    assert found.members.counts([0, 0]) == [0]


def test_radius_beside_what_is_meant_and_what_policies_leave() -> None:
    found = shop(deployment("other"))
    assert counts(found, CART) == (4, 2, 2)
    assert counts(found, STORE) == (4, 0, 0)
    assert counts(found, WEB) == (4, 3, 3)
    assert (radius(found, CART).outside, radius(found, CART).outside_after) == (
        Outside.EVERY_PORT,
        Outside.NOT,
    )
    assert not found.doubtful
    steps = [step for step in found.steps if step.then.pairs < step.before.pairs]
    assert steps[0].policies[-2:] == ("shop/default-deny", "shop/allow-dns")


def test_outside_at_some_ports() -> None:
    found = answer(deployment("a", env={"MAIL": "https://mail.example"}), deployment("b"))
    assert radius(found, "shop/a[Deployment]").outside_after is Outside.SOME_PORTS


def test_ways_to_stores_and_secrets() -> None:
    found = shop()
    (way,) = found.ways
    assert (way.workload, way.today, way.unmeant) == (STORE, (WEB, STORE), frozenset({1}))
    assert way.meant == way.after == (WEB, ORDERS, STORE)
    assert found.stores == {STORE: "PostgreSQL"}
    assert found.secrets == {STORE: ("data/tls", "data/ca", "data/admin")}


def test_workloads_of_one_name_are_told_apart_by_their_kind() -> None:
    found = answer(deployment("a"), deployment("a", kind="StatefulSet"), deployment("b"))
    assert [found.title(name) for name in found.members.of] == [
        "shop/a[Deployment]",
        "shop/a[StatefulSet]",
        "shop/b",
    ]
    assert found.title("internet") == "internet"


def test_no_way_leads_to_a_store_that_nothing_opens() -> None:
    found = answer(POSTGRES)
    assert [(way.today, way.meant, way.after) for way in found.ways] == [((), (), ())]


def test_a_declared_port_is_all_that_counts() -> None:
    policy = DENY.format(space="data", way="Ingress").replace(
        "podSelector", "ingress: [{ports: [{port: 22}]}], podSelector"
    )
    found = answer(deployment("a"), POSTGRES, policy)
    assert radius(found, "shop/a[Deployment]").today == 0
    bare = answer(
        deployment("a"),
        policy,
        POSTGRES.replace("ports: [{containerPort: 5432}, {protocol: TCP}]", "")
        .split("---\napiVersion: v1", maxsplit=1)[0]
        .replace(", ports: [{containerPort: 9187}]", ""),
    )
    assert counts(bare, "shop/a[Deployment]")[0] == 1


def test_ports_that_the_api_server_refuses_are_none() -> None:
    odd = "ports: [{containerPort: 80, hostPort: 80, protocol: tcp}, {containerPort: 99999, hostPort: 1}, {containerPort: 5432}]"
    found = answer(deployment("a"), POSTGRES.replace("ports: [{containerPort: 5432}, {protocol: TCP}]", odd))
    assert found.entries == ()
    assert counts(found, "shop/a[Deployment]")[0] == 1


def test_what_depends_counts_and_is_said() -> None:
    policy = """
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: a, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: web}}, egress: [{toFQDNs: [{matchName: a.example}]}]}
"""
    found = shop(policy)
    assert found.doubtful
    assert radius(found, WEB).outside is Outside.EVERY_PORT


NAMES = ("a", "b", "c", "d")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.sampled_from(NAMES), max_size=2), min_size=2, max_size=4))
def test_policies_that_open_nothing_never_widen(calls: list[list[str]]) -> None:
    found = answer(
        *(
            deployment(name, env={f"U{i}": f"http://{other}" for i, other in enumerate(called)})
            for name, called in zip(NAMES, calls, strict=False)
        )
    )
    assert found.widened == ()
    for one in found.radii:
        assert not one.after & ~one.today
        assert not one.after & ~one.meant
    totals = [found.steps[0].before.pairs, *(step.then.pairs for step in found.steps)]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] == sum(found.members.count(one.after) for one in found.radii)
