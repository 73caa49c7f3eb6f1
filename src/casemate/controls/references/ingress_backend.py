"""An Ingress routes to a Service, or a port of one, that is not there.

Requests end in an error of the proxy. Whoever may create Services in the namespace can put one of
that name there and receive them, with cookies and credentials.
"""

from collections.abc import Iterator

from casemate.analysis.named import Named
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.exposure import Ingress, IngressBackend, Service
from casemate.model.place import Path
from casemate.model.severity import Severity


@control(
    "reference-ingress-backend",
    title="Ingress to a Service that does not exist",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Name a Service and port that exist, or remove the route",
    area="ingress_tls_waf_authz",
)
def ingress_backend(
    ingress: Ingress,
    services: Known[Service],  # noqa: ARG001 # absence counts only where all were read
    objects: Named,
) -> Iterator[Fault]:
    namespace = ingress.ref.namespace
    for path, backend in _backends(ingress):
        if backend.name is None:
            continue  # a resource, or a controller's own action
        step: Path = ("service", "name") if backend.service is not None else ("serviceName",)
        found = [s for s in objects.find("Service", backend.name, namespace) if isinstance(s, Service)]
        if not found:
            yield Fault(
                message=f"there is no Service {backend.name}",
                at=(*path, *step),
                why=("every Service was read",),
            )
        elif backend.port != "use-annotation" and not any(_has(s, backend.port) for s in found):
            port: Path = ("service", "port") if backend.service is not None else ("servicePort",)
            yield Fault(
                message=f"Service {backend.name} has no port {backend.port}",
                at=(*path, *port),
                why=("every Service was read",),
            )


def _backends(ingress: Ingress) -> Iterator[tuple[Path, IngressBackend]]:
    spec = ingress.spec
    for key, backend in (("defaultBackend", spec.default_backend), ("backend", spec.backend)):
        if backend is not None:
            yield ("spec", key), backend
    for number, rule in enumerate(spec.rules or ()):
        for index, path in enumerate(rule.http.paths):
            yield ("spec", "rules", number, "http", "paths", index, "backend"), path.backend


def _has(service: Service, port: int | str | None) -> bool:
    """Whether a Service has a port, by number or name; an ExternalName needs none."""
    if port is None or service.spec.type == "ExternalName":
        return True
    return any(str(port) in {str(item.port), item.name} for item in service.spec.ports)
