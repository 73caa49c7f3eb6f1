"""A port for administration is published outside of the cluster.

Databases, the kubelet, etcd, consoles and remote shells trust the network they are in, or a password
that never changes. Scanners find such a port within hours.
"""

from collections.abc import Iterator

from casemate.analysis.exposure import (
    EXTERNAL_IPS,
    LOAD_BALANCER,
    NODE_PORT,
    is_internal,
    is_limited,
    opening,
)
from casemate.analysis.management_ports import behind
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Service
from casemate.model.severity import Confidence, Severity

_WORDS = {
    LOAD_BALANCER: "by a load balancer",
    NODE_PORT: "at a port of every node",
    EXTERNAL_IPS: "at an external address",
}


@control(
    "network-management-port",
    title="Management port open to the outside",
    severity=Severity.HIGH,
    consequence=Consequence.EXPOSED,
    remedy="Use type ClusterIP, and reach it by kubectl port-forward, a VPN or a proxy that asks who calls",
    confidence=Confidence.LIKELY,
    standards=("NSA-CISA-1.2:network-exposure", "OWASP-Kubernetes-2025:K06", "MITRE:T1133"),
    area="ingress_tls_waf_authz",
)
def management_port(service: Service) -> Iterator[Fault]:
    how = opening(service)
    if how is None or (how == LOAD_BALANCER and is_limited(service)):
        return
    inside = how == NODE_PORT or (how == LOAD_BALANCER and is_internal(service))
    told: set[str] = set()
    for index, port in enumerate(service.spec.ports):
        found = behind(service, port)
        if found is None or found.what in told:
            continue
        told.add(found.what)
        yield Fault(
            message=f"{found.what} is published {_WORDS[how]}",
            at=("spec", "ports", index, "port"),
            why=(f"port {port.port} of the service leads there", f"the service is opened by its {how}"),
            severity=Severity(found.severity - 1) if inside else found.severity,
        )
