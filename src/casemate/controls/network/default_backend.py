"""An Ingress takes every request that no rule is for.

What nobody planned, other hosts, mistyped paths, scanners, lands at this workload. On a controller
that several teams share the first default backend takes the requests of all.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.exposure import Ingress
from casemate.model.severity import Severity


@control(
    "network-default-backend",
    title="Backend for every other request",
    severity=Severity.INFO,
    consequence=Consequence.EXPOSED,
    remedy="Name the hosts and paths that are served, and leave the rest to the controller",
    standards=(
        "NSA-CISA-1.2:network-exposure",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K06",
    ),
    area="ingress_tls_waf_authz",
    fixes=True,
)
def default_backend(ingress: Ingress) -> Iterator[Fault]:
    spec = ingress.spec
    field = "defaultBackend" if spec.default_backend is not None else "backend"
    backend = spec.default_backend or spec.backend
    if backend is None or backend.name is None:
        return
    path = ("spec", field)
    yield Fault(
        message=f"requests that no rule is for go to {backend.name}",
        at=path,
        why=(f"{field} is set",),
        fix=Fix(safe=False, edits=(Edit("remove", path),)) if spec.rules else None,
    )
