"""TLS is passed through the entrance without being opened.

The proxy sees neither path nor headers: its web firewall, its login and its limits do not apply, and
the workload alone decides which TLS is good enough. Sometimes this is wanted; it should be known.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Front, Gateway, Ingress
from casemate.model.gateways import HttpProxy, IngressRouteTcp, IstioGateway, OpenShiftRoute
from casemate.model.place import Path
from casemate.model.severity import Severity

_SWITCHES = (
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "haproxy.org/ssl-passthrough",
    "haproxy-ingress.github.io/ssl-passthrough",
    "ingress.kubernetes.io/ssl-passthrough",
)


@control(
    "network-tls-passthrough",
    title="TLS passed through the entrance",
    severity=Severity.INFO,
    consequence=Consequence.EXPOSED,
    remedy="End TLS at the entrance, or make sure that the workload itself asks who calls",
    area="ingress_tls_waf_authz",
)
def tls_passthrough(front: Front) -> Iterator[Fault]:
    for path, why in _places(front):
        yield Fault(
            message="the entrance cannot look into requests, so none of its checks apply", at=path, why=(why,)
        )


def _places(front: Front) -> Iterator[tuple[Path, str]]:
    if isinstance(front, Ingress):
        for key in _SWITCHES:
            if front.annotations.get(key) == "true":
                yield ("metadata", "annotations", key), f"{key} is true"
    elif isinstance(front, Gateway):
        for index, listener in enumerate(front.spec.listeners):
            if listener.tls is not None and listener.tls.mode == "Passthrough":
                yield ("spec", "listeners", index, "tls", "mode"), "tls.mode is Passthrough"
    elif isinstance(front, IstioGateway):
        for index, server in enumerate(front.spec.servers):
            if server.tls is not None and server.tls.mode in {"PASSTHROUGH", "AUTO_PASSTHROUGH"}:
                yield ("spec", "servers", index, "tls", "mode"), f"tls.mode is {server.tls.mode}"
    elif isinstance(front, OpenShiftRoute):
        if front.spec.tls is not None and front.spec.tls.termination == "passthrough":
            yield ("spec", "tls", "termination"), "termination is passthrough"
    elif isinstance(front, HttpProxy):
        tls = front.spec.virtualhost.tls if front.spec.virtualhost is not None else None
        if tls is not None and tls.passthrough:
            yield ("spec", "virtualhost", "tls", "passthrough"), "tls.passthrough is true"
    elif isinstance(front, IngressRouteTcp) and front.spec.tls is not None and front.spec.tls.passthrough:
        yield ("spec", "tls", "passthrough"), "tls.passthrough is true"
