"""What controllers and load balancers outside of the input lead to, by the objects that say so."""

import json
from pathlib import Path

import pytest

from casemate.analysis.network.backends import Backends, ports_called
from casemate.analysis.network.endpoints import pods_of
from casemate.analysis.network.ways_in import CONTROLLER, ways_in
from casemate.model.estate import Entity, Estate
from casemate.model.exposure import Service, ServicePort, ServiceSpec
from casemate.readers.manifests import read_text

PODS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
      - {name: main, image: i, ports: [{name: http, containerPort: 8080}, {containerPort: 9000}]}
      - {name: dns, image: i, ports: [{name: http, containerPort: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Pod
metadata: {name: old, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: i, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: shop, labels: {app: other}}
spec: {containers: [{name: main, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: far, namespace: far, labels: {app: web}}
spec: {containers: [{name: main, image: i}]}
---
"""
WEB = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: http}
  - {name: admin, port: 9000}
  - {name: dns, port: 53, targetPort: http, protocol: UDP}
---
"""
FRONT = [("old", "TCP", 80), ("web", "TCP", 8080)]


def estate(*texts: str) -> Estate:
    read = [item for text in texts for item in read_text("a.yaml", text.encode())]
    return Estate(entities=tuple(item for item in read if isinstance(item, Entity)))


def found(*texts: str, pods: str = PODS) -> list[tuple[str, str, int]]:
    ways = list(ways_in(estate(pods, *texts)))
    assert all(way.kind == CONTROLLER for way in ways)
    return sorted((way.workload.name, way.protocol, way.port) for way in ways)


def ingress(backend: str, version: str = "networking.k8s.io/v1", namespace: str = "shop") -> str:
    return f"""
apiVersion: {version}
kind: Ingress
metadata: {{name: web, namespace: {namespace}}}
spec: {backend}
---
"""


def by_path(*backends: str) -> str:
    paths = ", ".join(f"{{path: /, backend: {backend}}}" for backend in backends)
    return f"{{rules: [{{host: a.example, http: {{paths: [{paths}]}}}}]}}"


# Services


def test_a_service_leads_to_each_pod_at_its_own_port() -> None:
    """A named target port is another number in each pod, and counts for the same protocol only."""
    world = estate(PODS, WEB)
    backends = Backends(world, pods_of(world))
    (service,) = backends.services()
    targets = backends.targets(service, service.spec.ports)
    assert sorted((target.pod.source.name, target.protocol, target.port) for target in targets) == [
        ("old", "TCP", 80),
        ("old", "TCP", 9000),
        ("web", "TCP", 8080),
        ("web", "TCP", 9000),
        ("web", "UDP", 53),
    ]


@pytest.mark.parametrize(
    "spec",
    [
        "{ports: [{port: 80}]}",
        "{selector: {}, ports: [{port: 80}]}",
        "{selector: {app: absent}, ports: [{port: 80}]}",
        "{selector: {app: web, tier: back}, ports: [{port: 80}]}",
        "{type: ExternalName, externalName: a.example, selector: {app: web}, ports: [{port: 80}]}",
        "{selector: {app: web}, ports: [{port: 80, targetPort: absent}]}",
        "{selector: {app: web}}",
        "{selector: {app: web}, ports: [{name: a}]}",
    ],
)
def test_services_that_lead_to_no_known_pod(spec: str) -> None:
    text = f"{{apiVersion: v1, kind: Service, metadata: {{name: web, namespace: shop}}, spec: {spec}}}"
    world = estate(PODS, text)
    backends = Backends(world, pods_of(world))
    service = backends.named("shop", "web")
    assert service is not None
    assert list(backends.targets(service, service.spec.ports)) == []


def test_services_are_found_by_namespace_and_name() -> None:
    world = estate(PODS, WEB, "{apiVersion: v1, kind: Service, metadata: {namespace: shop}}")
    backends = Backends(world, ())
    assert backends.named("far", "web") is None
    assert backends.named("shop", None) is None
    assert len(list(backends.services())) == 1


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (80, ["http"]),
        ("http", ["http"]),
        ("80", ["http"]),
        ("9000", ["named"]),
        (9000, []),
        ("absent", []),
        (None, []),
        (53, []),
    ],
)
def test_ports_are_called_by_number_or_name(wanted: int | str | None, names: list[str]) -> None:
    ports = (
        ServicePort(name="http", port=80),
        ServicePort(name="9000", port=81),
        ServicePort(name="dns", port=53, protocol="UDP"),
    )
    (service,) = (item for item in estate(WEB).entities if isinstance(item, Service))
    changed = Service(ref=service.ref, origin=service.origin, spec=ServiceSpec(ports=ports))
    assert [port.name for port in ports_called(changed, wanted)] == [
        {"named": "9000"}.get(name, name) for name in names
    ]


# Ingress


@pytest.mark.parametrize(
    "spec",
    [
        by_path("{service: {name: web, port: {number: 80}}}"),
        by_path("{service: {name: web, port: {name: http}}}"),
        by_path(*["{service: {name: web, port: {number: 80}}}"] * 2),
        "{defaultBackend: {service: {name: web, port: {number: 80}}}}",
    ],
)
def test_an_ingress_leads_to_the_pods_behind_its_services(spec: str) -> None:
    assert found(WEB, ingress(spec)) == FRONT


@pytest.mark.parametrize(
    "spec",
    [
        by_path("{serviceName: web, servicePort: 80}"),
        by_path("{serviceName: web, servicePort: http}"),
        by_path("{serviceName: web, servicePort: '80'}"),
        "{backend: {serviceName: web, servicePort: 80}}",
    ],
)
def test_the_older_form_of_ingress(spec: str) -> None:
    assert found(WEB, ingress(spec, "extensions/v1beta1")) == FRONT


@pytest.mark.parametrize(
    "spec",
    [
        by_path("{service: {name: absent, port: {number: 80}}}"),
        by_path("{service: {name: web, port: {number: 81}}}"),
        by_path("{service: {name: web}}"),
        by_path("{service: {name: web, port: {name: dns}}}"),
        by_path("{resource: {kind: StorageBucket, name: assets}}"),
        "{rules: [{host: a.example}]}",
        "{}",
    ],
)
def test_an_ingress_that_leads_nowhere(spec: str) -> None:
    assert found(WEB, ingress(spec)) == []


def test_an_ingress_names_services_of_its_own_namespace() -> None:
    assert found(WEB, ingress(by_path("{service: {name: web, port: {number: 80}}}"), namespace="far")) == []


# Routes of OpenShift


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{to: {kind: Service, name: web, weight: 100}, port: {targetPort: http}}", FRONT),
        ("{to: {name: web}, port: {targetPort: 8080}}", [("web", "TCP", 8080)]),
        ("{to: {name: web}, port: {targetPort: 80}}", [("old", "TCP", 80)]),
        (
            "{to: {name: web}}",
            [("old", "TCP", 80), ("old", "TCP", 9000), ("web", "TCP", 8080), ("web", "TCP", 9000)],
        ),
        ("{to: {name: web, weight: 0}, port: {targetPort: http}}", []),
        ("{to: {name: web}, port: {targetPort: absent}}", []),
        ("{to: {kind: Other, name: web}}", []),
        ("{to: {name: absent}}", []),
        (
            "{to: {name: absent}, alternateBackends: [{kind: Service, name: web}], port: {targetPort: http}}",
            FRONT,
        ),
    ],
)
def test_routes_of_openshift(spec: str, expected: list[tuple[str, str, int]]) -> None:
    text = (
        "{apiVersion: route.openshift.io/v1, kind: Route, metadata: {name: web, namespace: shop}, spec: %s}"
    )
    assert found(WEB, text % spec) == expected


# Gateway API


def route(spec: str, kind: str = "HTTPRoute", namespace: str = "shop") -> str:
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: {kind}
metadata: {{name: web, namespace: {namespace}}}
spec: {spec}
---
"""


def gateway(listeners: str, namespace: str = "shop") -> str:
    return f"""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: door, namespace: {namespace}}}
spec: {{gatewayClassName: any, listeners: [{listeners}]}}
---
"""


TO_WEB = "rules: [{backendRefs: [{name: web, port: 80}]}]"
HTTP = "{name: http, port: 80, protocol: HTTP}"


@pytest.mark.parametrize(
    ("parents", "attached"),
    [
        ("[{name: door}]", True),
        ("[{kind: Gateway, name: door, sectionName: http, port: 80}]", True),
        ("[{name: door, sectionName: other}]", False),
        ("[{name: door, port: 81}]", False),
        ("[{name: unread}]", True),
        ("[{group: '', kind: Service, name: web}]", False),
        ("[]", False),
    ],
)
def test_a_route_needs_a_gateway_that_takes_it(parents: str, attached: bool) -> None:  # a column of the table
    text = route(f"{{parentRefs: {parents}, {TO_WEB}}}")
    assert found(WEB, gateway(HTTP), text) == (FRONT if attached else [])


@pytest.mark.parametrize(
    ("kind", "protocol", "attached"),
    [
        ("HTTPRoute", "HTTPS", True),
        ("HTTPRoute", "TCP", False),
        ("GRPCRoute", "HTTP", True),
        ("TLSRoute", "TLS", True),
        ("TLSRoute", "HTTPS", False),
        ("TCPRoute", "TCP", True),
        ("TCPRoute", "UDP", False),
    ],
)
def test_a_listener_takes_routes_of_its_protocol(kind: str, protocol: str, attached: bool) -> None:
    text = route(f"{{parentRefs: [{{name: door}}], {TO_WEB}}}", kind)
    door = gateway(f"{{name: a, port: 1, protocol: {protocol}}}")
    assert found(WEB, door, text) == (FRONT if attached else [])


def test_a_route_for_udp_leads_to_ports_for_udp() -> None:
    text = route("{parentRefs: [{name: door}], rules: [{backendRefs: [{name: web, port: 53}]}]}", "UDPRoute")
    assert found(WEB, gateway("{name: a, port: 53, protocol: UDP}"), text) == [("web", "UDP", 53)]


@pytest.mark.parametrize(
    ("allowed", "attached"),
    [
        ("", False),
        (", allowedRoutes: {}", False),
        (", allowedRoutes: {namespaces: {from: Same}}", False),
        (", allowedRoutes: {namespaces: {from: None}}", False),
        (", allowedRoutes: {namespaces: {from: All}}", True),
        (", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {doors: open}}}}", True),
        (", allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {doors: shut}}}}", False),
        (
            ", allowedRoutes: {namespaces: {from: Selector, selector: "
            "{matchLabels: {kubernetes.io/metadata.name: shop}}}}",
            True,
        ),
        (", allowedRoutes: {namespaces: {from: Selector}}", False),
    ],
)
def test_a_listener_says_from_which_namespaces(allowed: str, attached: bool) -> None:
    door = gateway(f"{{name: http, port: 80, protocol: HTTP{allowed}}}", "edge")
    text = route(f"{{parentRefs: [{{name: door, namespace: edge}}], {TO_WEB}}}")
    shop = "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {doors: open}}}"
    assert found(WEB, door, text, shop) == (FRONT if attached else [])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{backendRefs: [{kind: Service, group: '', name: web, port: 80, weight: 1}]}", FRONT),
        ("{backendRefs: [{name: web, port: 80, weight: 0}]}", []),
        ("{backendRefs: [{name: web}]}", []),
        ("{backendRefs: [{group: multicluster.x-k8s.io, kind: ServiceImport, name: web, port: 80}]}", []),
        ("{backendRefs: [{kind: Bucket, name: web, port: 80}]}", []),
        ("{backendRefs: [{name: absent, port: 80}]}", []),
        (
            "{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: web, port: 80}}}]}",
            FRONT,
        ),
        ("{filters: [{type: RequestMirror, requestMirror: {}}, {type: URLRewrite}]}", []),
    ],
)
def test_backends_of_a_rule(rule: str, expected: list[tuple[str, str, int]]) -> None:
    assert found(WEB, route(f"{{parentRefs: [{{name: door}}], rules: [{rule}]}}")) == expected


FROM = "{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge}"


@pytest.mark.parametrize(
    ("source", "target", "granted"),
    [
        (FROM, "{group: '', kind: Service}", True),
        (FROM, "{group: '', kind: Service, name: web}", True),
        (FROM, "{group: '', kind: Service, name: other}", False),
        (FROM, "{group: '', kind: Secret}", False),
        (FROM, "{group: x.example, kind: Service}", False),
        (FROM.replace("edge", "far"), "{group: '', kind: Service}", False),
        (FROM.replace("HTTPRoute", "TCPRoute"), "{group: '', kind: Service}", False),
        (FROM.replace("gateway.", "x."), "{group: '', kind: Service}", False),
    ],
)
def test_a_service_of_another_namespace_needs_a_grant(source: str, target: str, granted: bool) -> None:
    rules = "rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]"
    text = route(f"{{parentRefs: [{{name: door}}], {rules}}}", namespace="edge")
    grant = f"""
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {{name: g, namespace: shop}}
spec: {{from: [{source}], to: [{target}]}}
---
"""
    assert found(WEB, text, grant) == (FRONT if granted else [])
    assert found(WEB, text) == []


# Services that are reached from outside


@pytest.mark.parametrize(
    ("spec", "kind", "ranges", "keeps"),
    [
        ("type: LoadBalancer", "load balancer", (), False),
        (
            "type: LoadBalancer, externalTrafficPolicy: Local, loadBalancerSourceRanges: [198.51.100.0/24]",
            "load balancer",
            ("198.51.100.0/24",),
            True,
        ),
        ("type: NodePort, loadBalancerSourceRanges: [198.51.100.0/24]", "node port", (), False),
        ("externalIPs: [203.0.113.5]", "external IP", (), False),
    ],
)
def test_services_reached_from_outside(spec: str, kind: str, ranges: tuple[str, ...], keeps: bool) -> None:
    text = (
        "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, "
        f"spec: {{{spec}, selector: {{app: web}}, ports: [{{port: 80, targetPort: http}}]}}}}"
    )
    ways = list(ways_in(estate(PODS, text)))
    assert sorted((way.template.labels.get("app"), way.protocol, way.port) for way in ways) == [
        ("web", "TCP", 80),
        ("web", "TCP", 8080),
    ]
    assert {(way.kind, way.namespace, way.ranges, way.keeps_client) for way in ways} == {
        (kind, "shop", ranges, keeps)
    }


def test_a_service_inside_is_no_way_in() -> None:
    assert list(ways_in(estate(PODS, WEB))) == []


def test_ports_that_the_api_server_refuses_lead_nowhere() -> None:
    opened = WEB.replace("selector:", "type: LoadBalancer\n  selector:")
    for odd in ("{port: 80, protocol: tcp}", "{port: 70000}", "{port: 0}", "{port: 80, targetPort: -1}"):
        listed = opened.partition("  ports:")[0] + f"  ports: [{odd}, {{name: admin, port: 9000}}]\n---\n"
        assert {way.port for way in ways_in(estate(PODS, listed))} == {9000}, odd


def test_pods_that_somebody_has_are_taken() -> None:
    world = estate(PODS, WEB, ingress(by_path("{service: {name: web, port: {number: 80}}}")))
    pods = list(pods_of(world))
    assert {id(way.pod) for way in ways_in(world, pods)} <= {id(pod) for pod in pods}


# The corpus

CASES = (
    "demo_app_with_routes_and_ingress",
    "multiple_ingress_objects_with_different_ports",
    "one_ingress_multiple_ports",
    "one_ingress_multiple_services",
)


@pytest.mark.parametrize("case", CASES)
def test_the_corpus_agrees(corpora: Path, case: str) -> None:
    folder = corpora / "network" / "netpol-analyzer" / case
    texts = [path.read_text() for path in sorted((folder / "manifests").iterdir())]
    rows = [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]
    expected = {
        (row["dst"], row["protocol"], row["from"]) for row in rows if row["src"] == "{ingress-controller}"
    }
    ways = ways_in(estate(*texts))
    assert {(way.pod.workload, way.protocol, way.port) for way in ways} == expected
