"""A Service is an alias for a place that callers must not reach.

Ingress controllers and gateways follow an ExternalName as if it were a workload. One that leads to
the instance metadata, to the caller itself or to the API server turns them into a way around the
network's borders.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.exposure import Service
from casemate.model.severity import Severity

_METADATA = ("169.254.169.254", "metadata.google.internal", "100.100.100.200", "fd00:ec2::254")
_API_SERVER = ("kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")


@control(
    "network-external-name",
    title="Service that is an alias for a protected place",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Remove the alias, or point it at the workload that is meant",
    standards=("NSA-CISA-1.2:cloud-infrastructure",),
    area="ingress_tls_waf_authz",
)
def external_name(service: Service) -> Iterator[Fault]:
    name = (service.spec.external_name or "").lower().rstrip(".")
    if service.spec.type != "ExternalName" or not name:
        return
    place, severity = _place(name)
    if place:
        yield Fault(
            message=f"the service is an alias for {place}",
            at=("spec", "externalName"),
            why=(f"externalName is {name}", "proxies in the cluster follow it for their callers"),
            severity=severity,
        )


def _place(name: str) -> tuple[str | None, Severity]:
    """What stands behind a name that is better not reached through an alias."""
    if name in _METADATA:
        return "the instance metadata of the cloud, which hands out credentials", Severity.HIGH
    if name in _API_SERVER:
        return "the API server", Severity.MEDIUM
    if name == "localhost" or name.endswith(".localhost") or _is_loopback(name):
        return "whoever calls it: the proxy's own administration ports", Severity.MEDIUM
    return None, Severity.MEDIUM


def _is_loopback(name: str) -> bool:
    """Whether a name is an address of the caller itself: 127.0.0.0/8 or ::1."""
    return name == "::1" or (name.startswith("127.") and name.replace(".", "").isdecimal())
