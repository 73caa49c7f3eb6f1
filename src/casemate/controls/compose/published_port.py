"""A service publishes a port on all addresses of its host.

Docker opens the port past the host's firewall: its own rules come before those of ufw or
firewalld. Other services of the file reach each other without any published port.
"""

from collections.abc import Iterator

from casemate.analysis.compose_ports import sensitive
from casemate.model.compose import ComposeService
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "compose-published-port",
    title="Port on all addresses of the host",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Name an address, as in 127.0.0.1:8080:80, or publish only a proxy in front",
    standards=("MITRE:T1133",),
    area="ingress_tls_waf_authz",
)
def published_port(service: ComposeService) -> Iterator[Fault]:
    for port in service.published:
        if port.address is None and sensitive(service, port) is None:
            number = "a port" if port.container is None else f"port {port.container}/{port.protocol}"
            yield Fault(
                message=f"service {service.ref.name} publishes {number} on all addresses of its host",
                at=port.path,
                why=("no address is given; Docker's rules come before those of the host's firewall",),
            )
