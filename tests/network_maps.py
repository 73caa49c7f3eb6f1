"""Networks for tests of their maps."""

import json
from pathlib import Path
from typing import Any

from casemate.analysis.network.cluster import Network, network_of
from casemate.analysis.network.connections import Only
from casemate.engine.network_map import NetworkMap, map_of
from casemate.model.estate import Estate
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate

NETWORKING = "networking.k8s.io/v1"
HOSTILE = (
    "</script><script>alert(1)</script>",
    'a"];evil[label="x"]',
    "x\u202egnp.exe",
    "line\nbreak\ttab",
    '`md` **b** %%{init: {"theme":"dark"}}%% end',
    "#quot; &amp; & <b>",
    "n" * 253,
    '\\N \\" \\',
    "日本語",
    '"]:::x --> y',
    "<img src=x onerror=alert(1)>",
)


def thing(api: str, kind: str, name: str, namespace: str | None = None, **more: Any) -> dict[str, Any]:
    """An object."""
    metadata: dict[str, Any] = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **more}


def app(
    name: str, namespace: str, *ports: int, kind: str = "Deployment", host: bool = False, **labels: str
) -> dict[str, Any]:
    """A workload whose container declares some ports; its pods are labelled `app`."""
    container = {"name": "main", "image": "r/x:1", "ports": [{"containerPort": port} for port in ports]}
    spec: dict[str, Any] = {"containers": [container]} | ({"hostNetwork": True} if host else {})
    template = {"metadata": {"labels": {"app": name, **labels}}, "spec": spec}
    return thing("apps/v1", kind, name, namespace, spec={"template": template})


def policy(name: str, namespace: str, selected: dict[str, str], **spec: Any) -> dict[str, Any]:
    """A NetworkPolicy."""
    spec = {"podSelector": {"matchLabels": selected}, **spec}
    return thing(NETWORKING, "NetworkPolicy", name, namespace, spec=spec)


def pods(**labels: str) -> dict[str, Any]:
    """A peer: pods of the same namespace."""
    return {"podSelector": {"matchLabels": labels}}


def service(name: str, namespace: str, port: int, target: int | str, **more: Any) -> dict[str, Any]:
    """A Service of the workload of its name."""
    spec = {"selector": {"app": name}, "ports": [{"port": port, "targetPort": target}], **more}
    return thing("v1", "Service", name, namespace, spec=spec)


ANY_NAMESPACE: dict[str, Any] = {"namespaceSelector": {}}
SHOP = (
    app("web", "shop", 8080),
    app("cart", "shop", 8080),
    app("jobs", "shop"),
    app("db", "data", 5432, 9187),
    app("agent", "ops", 9100, kind="DaemonSet", host=True),
    app("queue", "data"),
    service("web", "shop", 80, 8080),
    service("db", "data", 5432, 5432, type="LoadBalancer"),
    thing(NETWORKING, "Ingress", "shop", "shop", spec={"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}}),
    policy("db", "data", {"app": "db"}, ingress=[
        {"from": [ANY_NAMESPACE | pods(app="cart")], "ports": [{"port": 5432}]},
        {"from": [{"ipBlock": {"cidr": "192.0.2.0/24"}}], "ports": [{"port": 9187}]},
    ]),
    policy("queue", "data", {"app": "queue"}, ingress=[{"from": [ANY_NAMESPACE], "ports": [{"port": 5672}]}]),
    policy("jobs", "shop", {"app": "jobs"}, policyTypes=["Egress"], egress=[
        {"to": [pods(app="web")], "ports": [{"port": 8080}, {"port": 53, "protocol": "UDP"}]},
        {"to": [{"ipBlock": {"cidr": "198.51.100.0/24", "except": ["198.51.100.7/32"]}}], "ports": [{"port": 443, "endPort": 445}]},
    ]),
    policy("cart", "shop", {"app": "cart"}, ingress=[]),
)  # fmt: skip
"""A small shop: open, limited and closed workloads, ways in from outside, named addresses, a host's network."""
DEPENDS = (
    app("a", "x", 80),
    app("b", "x", 80),
    thing("cilium.io/v2", "CiliumNetworkPolicy", "http", "x", spec={
        "endpointSelector": {"matchLabels": {"app": "b"}},
        "ingress": [{
            "fromEndpoints": [{"matchLabels": {"app": "a"}}],
            "toPorts": [{"ports": [{"port": "80", "protocol": "TCP"}], "rules": {"http": [{"method": "GET"}]}}],
        }],
    }),
)  # fmt: skip
"""Whether a may call b depends on what it asks for."""


def estate_of(folder: Path, *objects: dict[str, Any]) -> Estate:
    """The estate that a folder with these objects holds."""
    whole = {"apiVersion": "v1", "kind": "List", "items": objects}
    (folder / "all.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return read_estate((str(folder),), Settings())


def drawn(
    folder: Path, *objects: dict[str, Any], only: Only | None = None, question: str = ""
) -> tuple[NetworkMap, Network]:
    """The map of these objects, and the network."""
    estate = estate_of(folder, *objects)
    assert not estate.unreadable
    network = network_of(estate)
    return map_of(network, estate, only=only, question=question), network


def many(workloads: int, namespaces: int, *, limited: bool) -> tuple[dict[str, Any], ...]:
    """Workloads spread over namespaces; where they are limited, each lets in three others."""
    found = []
    for number in range(workloads):
        namespace = f"ns-{number % namespaces}"
        found.append(app(f"app-{number}", namespace, 8080))
        if limited:
            peers = [
                {
                    **ANY_NAMESPACE,
                    **pods(app=f"app-{(number * 7_919 + number // namespaces * 131 + k) % workloads}"),
                }
                for k in (1, 2, 3)
            ]
            rules = [{"from": peers, "ports": [{"port": 8080}]}]
            found.append(policy(f"app-{number}", namespace, {"app": f"app-{number}"}, ingress=rules))
    return tuple(found)
