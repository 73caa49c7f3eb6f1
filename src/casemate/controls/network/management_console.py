"""A console for administration is published by an Ingress.

Dashboards and build servers hold the keys to the cluster. Published under a name of their own they
are found by scanners and certificate logs, and their login is then the only door.
"""

from collections.abc import Iterator

from casemate.analysis.management_ports import PORTS, Management, by_name
from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Ingress, IngressBackend
from casemate.model.place import Path
from casemate.model.severity import Confidence, Severity

_ASKS_WHO_CALLS = (
    "nginx.ingress.kubernetes.io/auth-url",
    "nginx.ingress.kubernetes.io/auth-type",
    "nginx.ingress.kubernetes.io/auth-tls-secret",
    "nginx.ingress.kubernetes.io/whitelist-source-range",
    "nginx.ingress.kubernetes.io/allowlist-source-range",
    "traefik.ingress.kubernetes.io/router.middlewares",
    "alb.ingress.kubernetes.io/auth-type",
    "alb.ingress.kubernetes.io/inbound-cidrs",
    "alb.ingress.kubernetes.io/security-groups",
    "haproxy.org/allow-list",
    "haproxy.org/auth-type",
    "haproxy-ingress.github.io/auth-url",
    "haproxy-ingress.github.io/allowlist-source-range",
)
"""Annotations by which a controller asks who calls before the console does."""


@control(
    "network-management-console",
    title="Management console published by an Ingress",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Let the controller ask who calls (login, certificates, source ranges), or do not publish it",
    confidence=Confidence.LIKELY,
    standards=("OWASP-Kubernetes-2025:K06", "MITRE:T1133"),
    area="ingress_tls_waf_authz",
)
def management_console(ingress: Ingress) -> Iterator[Fault]:
    if any(ingress.annotations.get(key) for key in _ASKS_WHO_CALLS):
        return
    told: set[str] = set()
    for backend, path in _backends(ingress):
        found = _behind(backend)
        if found is not None and found.what not in told:
            told.add(found.what)
            yield Fault(
                message=f"{found.what} is published by this Ingress",
                at=path,
                why=(f"the backend is {backend.name}", "no annotation limits who may call"),
            )


def _backends(ingress: Ingress) -> Iterator[tuple[IngressBackend, Path]]:
    for index, rule in enumerate(ingress.spec.rules or ()):
        for position, item in enumerate(rule.http.paths):
            yield item.backend, ("spec", "rules", index, "http", "paths", position, "backend")
    if ingress.spec.default_backend is not None:
        yield ingress.spec.default_backend, ("spec", "defaultBackend")


def _behind(backend: IngressBackend) -> Management | None:
    port = backend.port
    return by_name(backend.name) or (PORTS.get(port) if isinstance(port, int) else None)
