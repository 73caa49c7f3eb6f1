"""A service publishes a port on all addresses that is for administrators or other services only.

Databases, caches, queues and consoles trust their network, and many ask for no password. What is
published on all addresses is found by scanners within hours.
"""

from collections.abc import Iterator

from casemate.analysis.compose_ports import sensitive
from casemate.model.compose import ComposeService
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity


@control(
    "compose-sensitive-port",
    title="Database or console on all addresses of the host",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.EXPOSED,
    remedy="Remove the port, since services reach each other without one, or bind it to 127.0.0.1",
    standards=("MITRE:T1133",),
    area="ingress_tls_waf_authz",
)
def sensitive_port(service: ComposeService) -> Iterator[Fault]:
    for port in service.published:
        what = sensitive(service, port) if port.address is None else None
        if what is not None:
            yield Fault(
                message=f"service {service.ref.name} publishes {what} on all addresses of its host",
                at=port.path,
                why=(f"port {port.container} is that of {what}, and no address is given",),
            )
