"""A Service is reached at a port of every node.

A node port is open on all nodes, on each of their addresses, whatever stands in front of the
cluster. Where nodes have public addresses it is on the internet, and no source ranges hold for it.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Service
from casemate.model.severity import Severity


@control(
    "network-node-port",
    title="Service open at a port of every node",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Use ClusterIP behind an Ingress or Gateway, or a load balancer with source ranges",
    standards=("NSA-CISA-1.2:network-exposure", "OWASP-Kubernetes-2025:K06", "MITRE:T1133"),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def node_port(service: Service) -> Iterator[Fault]:
    if service.spec.type != "NodePort":
        return
    numbers = [str(port.node_port) for port in service.spec.ports if port.node_port]
    pinned = tuple(
        Edit("remove", ("spec", "ports", index, "nodePort"))
        for index, port in enumerate(service.spec.ports)
        if port.node_port is not None
    )
    fixed = f"the node ports are fixed: {', '.join(numbers)}" if numbers else "the cluster picks the port"
    yield Fault(
        message="the service answers at a port of every node",
        at=("spec", "type"),
        why=("type is NodePort", fixed),
        fix=Fix(safe=False, edits=(Edit("set", ("spec", "type"), "ClusterIP"), *pinned)),
    )
