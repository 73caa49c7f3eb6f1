"""A container takes a port of its node.

It answers on the node's own addresses, past Services and often past the firewall that was meant
for pods, and it may take the port that another program of the node was trusted on. At most one
such pod fits on a node.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security.checks.host_ports import host_ports
from casemate.analysis.pods import Container
from casemate.analysis.pods.softening import for_role
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_LOOPBACK = ("127.", "::1")


@control(
    "pod-host-port",
    title="Port of the node",
    severity=Severity.MEDIUM,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove hostPort and expose the port through a Service",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.12",
        "NSA-CISA-1.2:host-network",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
)
def host_port(container: Container) -> Iterator[Fault]:
    ports = container.spec.ports
    if not ports or container.pod.spec.host_network:
        return
    for index, number in host_ports(container):
        address = ports[index].host_ip
        path = container.at("ports", index, "hostPort")
        loopback = address is not None and address.startswith(_LOOPBACK)
        severity = Severity.LOW if loopback else Severity.MEDIUM
        reason = f"hostIP is {address}" if address else "hostIP is not set: all addresses of the node"
        severity, why = for_role(container.pod, severity, (reason,))
        yield Fault(
            message=f"container {container.name} listens on port {number} of its node",
            at=path,
            why=why,
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("remove", path),)),
        )
