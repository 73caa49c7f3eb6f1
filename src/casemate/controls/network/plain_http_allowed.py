"""A host that has TLS is served in plain text as well.

Callers who type the name without https, and links that were written so, stay in plain text: the
first request, with its cookies, is open to whoever is on the way, and nobody notices.
"""

from collections.abc import Iterator

from casemate.analysis.exposure import tls_elsewhere
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Front, Ingress
from casemate.model.gateways import HttpProxy, OpenShiftRoute
from casemate.model.place import Path
from casemate.model.severity import Severity

_SWITCHES = (
    "nginx.ingress.kubernetes.io/ssl-redirect",
    "ingress.kubernetes.io/ssl-redirect",
    "haproxy.org/ssl-redirect",
    "haproxy-ingress.github.io/ssl-redirect",
)
"""Annotations whose default is to send plain callers to TLS, where TLS is configured."""
_FORCED = "nginx.ingress.kubernetes.io/force-ssl-redirect"


@control(
    "network-plain-http-allowed",
    title="Plain HTTP beside TLS",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Redirect plain HTTP to HTTPS",
    standards=("NSA-CISA-1.2:encryption",),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def plain_http_allowed(front: Front) -> Iterator[Fault]:
    if isinstance(front, Ingress):
        yield from _of_ingress(front)
    elif isinstance(front, OpenShiftRoute):
        tls = front.spec.tls
        if tls is not None and tls.insecure_edge_termination_policy == "Allow":
            path = ("spec", "tls", "insecureEdgeTerminationPolicy")
            yield _fault("insecureEdgeTerminationPolicy is Allow", path, Edit("set", path, "Redirect"))
    elif isinstance(front, HttpProxy):
        host = front.spec.virtualhost
        for index, route in enumerate(front.spec.routes):
            if route.permit_insecure and (host is None or host.tls is not None):
                where = ("spec", "routes", index, "permitInsecure")
                yield _fault("permitInsecure is true", where, Edit("remove", where))


def _of_ingress(ingress: Ingress) -> Iterator[Fault]:
    notes = ingress.annotations
    if not ingress.spec.tls and tls_elsewhere(ingress) is None:
        return
    for key in _SWITCHES:
        if notes.get(key) == "false" and notes.get(_FORCED) != "true":
            path = ("metadata", "annotations", key)
            yield _fault(f"{key} is false", path, Edit("remove", path))


def _fault(why: str, path: Path, edit: Edit) -> Fault:
    return Fault(
        message="requests in plain HTTP are answered, not redirected to HTTPS",
        at=path,
        why=(why,),
        fix=Fix(safe=False, edits=(edit,)),
    )
