"""A route of OpenShift, Contour or Traefik serves its host without TLS.

Passwords, cookies and tokens of its callers cross the network in plain text, and anybody on the way
may change what they get.
"""

from collections.abc import Iterator

from casemate.analysis.exposure import is_secure_entry
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Front
from casemate.model.gateways import HttpProxy, IngressRoute, OpenShiftRoute
from casemate.model.severity import Confidence, Severity


@control(
    "network-route-without-tls",
    title="Route without TLS",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Give the route TLS, and redirect plain HTTP to it",
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
)
def route_without_tls(front: Front) -> Iterator[Fault]:
    if isinstance(front, OpenShiftRoute) and front.spec.tls is None:
        name = front.spec.host or "the host that the router picks"
        yield Fault(message=f"{name} is served without TLS", at=("spec", "tls"), why=("spec.tls is not set",))
    elif isinstance(front, HttpProxy):
        host = front.spec.virtualhost
        if host is not None and host.tls is None:
            yield Fault(
                message=f"{host.fqdn or 'the virtual host'} is served without TLS",
                at=("spec", "virtualhost", "tls"),
                why=("spec.virtualhost.tls is not set",),
            )
    elif isinstance(front, IngressRoute) and _is_plain(front):
        yield Fault(
            message="the route is served without TLS",
            at=("spec", "tls"),
            why=("spec.tls is not set", "no entry point has a name for TLS, and no middleware redirects"),
            confidence=Confidence.POSSIBLE,
        )


def _is_plain(route: IngressRoute) -> bool:
    """Whether some rule is served in plain text; the entry points' own settings are not in sight."""
    spec = route.spec
    if spec.tls is not None or not spec.entry_points or any(map(is_secure_entry, spec.entry_points)):
        return False
    return any(
        not any("redirect" in (part.name or "") or "https" in (part.name or "") for part in rule.middlewares)
        for rule in spec.routes
    )
