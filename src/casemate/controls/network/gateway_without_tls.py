"""A listener of a Gateway serves requests in plain HTTP.

Passwords, cookies and tokens of its callers cross the network in plain text. A listener for HTTP is
fine as long as all that attaches to it sends callers on to HTTPS.
"""

from collections.abc import Iterator

from casemate.analysis.routes import Routes, only_redirects
from casemate.model.control import Consequence, Fault, Unanswered, control
from casemate.model.exposure import Front, Gateway
from casemate.model.gateways import IstioGateway
from casemate.model.severity import Confidence, Severity

_PLAIN = ("HTTP", "HTTP2", "GRPC", "GRPC-WEB")


@control(
    "network-gateway-without-tls",
    title="Gateway that serves plain HTTP",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Serve the routes at a listener for HTTPS, and let the one for HTTP redirect only",
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
)
def gateway_without_tls(front: Front, routes: Routes) -> Iterator[Fault | Unanswered]:
    if isinstance(front, Gateway):
        yield from _of_gateway(front, routes)
    elif isinstance(front, IstioGateway) and "egress" not in (front.spec.selector or {}).get("istio", ""):
        for index, server in enumerate(front.spec.servers):
            redirected = server.tls is not None and server.tls.https_redirect is True
            if (server.port.protocol or "").upper() in _PLAIN and not redirected:
                hosts = ", ".join(server.hosts) or "every host"
                yield Fault(
                    message=f"{hosts} is served in plain HTTP at port {server.port.number}",
                    at=("spec", "servers", index, "tls", "httpsRedirect"),
                    why=(f"the server's protocol is {server.port.protocol}", "tls.httpsRedirect is not true"),
                    confidence=Confidence.LIKELY,
                )


def _of_gateway(gateway: Gateway, routes: Routes) -> Iterator[Fault | Unanswered]:
    listeners = gateway.spec.listeners
    has_tls = any(listener.protocol in {"HTTPS", "TLS"} for listener in listeners)
    for index, listener in enumerate(listeners):
        if listener.protocol != "HTTP":
            continue
        attached = list(routes.of_http(gateway, listener))
        serving = sorted({str(route.ref) for route in attached if not only_redirects(route)})
        name = listener.name or "without a name"
        if serving:
            why = f"it serves {', '.join(serving)}"
        elif attached:
            continue
        elif has_tls:
            yield Unanswered(f"the routes that attach to the HTTP listener {name}")
            continue
        else:
            why = "no listener of this Gateway has TLS, so there is nothing to redirect to"
        yield Fault(
            message=f"listener {name} serves plain HTTP",
            at=("spec", "listeners", index, "protocol"),
            why=("the listener's protocol is HTTP", why),
            confidence=Confidence.CERTAIN if serving else Confidence.LIKELY,
        )
