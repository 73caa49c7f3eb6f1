"""How far a Service is opened, and which hosts of an Ingress are served with TLS.

Source: Kubernetes documentation, "Service" (internal load balancers, source ranges) and "Ingress"
(TLS); the annotations are those that the cloud providers' controllers document.
"""

from collections.abc import Iterator

from casemate.model.exposure import Ingress, Service
from casemate.model.place import Path

_CLOUD = "service.beta.kubernetes.io/"
_INTERNAL: dict[str, tuple[str, ...]] = {
    _CLOUD + "aws-load-balancer-internal": (),
    _CLOUD + "aws-load-balancer-scheme": ("internal",),
    _CLOUD + "azure-load-balancer-internal": ("true",),
    _CLOUD + "do-loadbalancer-network": ("internal",),
    _CLOUD + "oci-load-balancer-internal": ("true",),
    _CLOUD + "openstack-internal-load-balancer": ("true",),
    _CLOUD + "alibaba-cloud-loadbalancer-address-type": ("intranet",),
    _CLOUD + "cce-load-balancer-internal-vpc": ("true",),
    "cloud.google.com/load-balancer-type": ("internal",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "oci-network-load-balancer.oraclecloud.com/internal": ("true",),
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": ("private",),
    "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": (),
    "load-balancer.hetzner.cloud/disable-public-network": ("true",),
}
"""Annotations that keep a load balancer inside, and the values that do; none: any but `false`."""
_AWS_TYPE = _CLOUD + "aws-load-balancer-type"
_AWS_SCHEME = _CLOUD + "aws-load-balancer-scheme"
_RANGES = (
    _CLOUD + "load-balancer-source-ranges",
    _CLOUD + "azure-allowed-ip-ranges",
)
_OTHER_LIMITS = (
    _CLOUD + "azure-allowed-service-tags",
    _CLOUD + "aws-load-balancer-security-groups",
    _CLOUD + "aws-load-balancer-security-group-prefix-lists",
    _CLOUD + "do-loadbalancer-allow-rules",
)
"""Annotations that name callers in another way; what they hold stands elsewhere."""

LOAD_BALANCER, NODE_PORT, EXTERNAL_IPS = "load balancer", "node port", "external IP"
_LOCAL_CLASSES = ("tailscale", "service.k8s.aws/nlb")
"""Load balancer classes that stay inside: Tailscale's network, and AWS's, which is internal by default."""


def is_internal(service: Service) -> bool:
    """Whether the load balancer of a Service has an address of the private network only."""
    notes = service.annotations
    for key, values in _INTERNAL.items():
        value = notes.get(key, "").lower()
        if value and (value in values if values else value != "false"):
            return True
    own_scheme = _AWS_SCHEME in notes
    by_aws_controller = notes.get(_AWS_TYPE) in {"external", "nlb-ip"}
    return not own_scheme and (by_aws_controller or service.spec.load_balancer_class in _LOCAL_CLASSES)


def source_ranges(service: Service) -> tuple[str, ...]:
    """The address ranges that may call a load balancer, by field or else by annotation."""
    if service.spec.load_balancer_source_ranges:
        return service.spec.load_balancer_source_ranges
    for key in _RANGES:
        if service.annotations.get(key):
            return tuple(part.strip() for part in service.annotations[key].split(",") if part.strip())
    return ()


def open_range(service: Service) -> str | None:
    """A range among those given that is every address there is."""
    return next((text for text in source_ranges(service) if _is_everything(text)), None)


def is_limited(service: Service) -> bool:
    """Whether a load balancer serves named callers only."""
    given = bool(source_ranges(service)) and open_range(service) is None
    return given or any(service.annotations.get(key) for key in _OTHER_LIMITS)


def opening(service: Service) -> str | None:
    """By what a Service is reached from outside of the cluster; None where it is not."""
    spec = service.spec
    if spec.type == "LoadBalancer":
        return LOAD_BALANCER
    if spec.type == "NodePort":
        return NODE_PORT
    return EXTERNAL_IPS if spec.external_ips else None


def _is_everything(text: str) -> bool:
    """Whether a range is every address: a prefix of no bits, whatever stands before it."""
    return text.strip().endswith("/0")


_TLS_ELSEWHERE = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "kubernetes.azure.com/tls-cert-keyvault-uri",
    "route.openshift.io/termination",
)
"""Annotations that name a certificate which the controller's load balancer serves."""
_TLS_SWITCHES = (
    "traefik.ingress.kubernetes.io/router.tls",
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "haproxy.org/ssl-passthrough",
    "haproxy-ingress.github.io/ssl-passthrough",
    "ingress.kubernetes.io/ssl-passthrough",
)
_ALB_PORTS = "alb.ingress.kubernetes.io/listen-ports"
_TRAEFIK_ENTRIES = "traefik.ingress.kubernetes.io/router.entrypoints"
INGRESS_CLASS = "kubernetes.io/ingress.class"


def tls_elsewhere(ingress: Ingress) -> str | None:
    """The annotation or class by which an Ingress has TLS without `spec.tls`; None where it has none."""
    notes = ingress.annotations
    for key in _TLS_ELSEWHERE:
        if notes.get(key):
            return key
    for key in _TLS_SWITCHES:
        if notes.get(key) == "true":
            return key
    if "HTTPS" in notes.get(_ALB_PORTS, ""):
        return _ALB_PORTS
    if _is_secure(notes.get(_TRAEFIK_ENTRIES, "")):
        return _TRAEFIK_ENTRIES
    if (ingress.spec.ingress_class_name or notes.get(INGRESS_CLASS)) == "tailscale":
        return "the class tailscale"
    return None


def _is_secure(entries: str) -> bool:
    """Whether all entry points named are secure ones by their names."""
    return bool(entries) and all(is_secure_entry(name) for name in entries.split(","))


def is_secure_entry(name: str) -> bool:
    """Whether an entry point of Traefik has a name that is used for TLS: websecure, https."""
    return "secure" in name.lower() or "https" in name.lower()


def plain_hosts(ingress: Ingress) -> Iterator[tuple[str | None, Path]]:
    """The hosts of rules that no entry of `spec.tls` covers, each with the rule's place.

    An entry without hosts covers all. A wildcard stands for exactly one label.
    """
    entries = ingress.spec.tls or ()
    if any(not entry.hosts for entry in entries):
        return
    covered = {host.lower() for entry in entries for host in entry.hosts or ()}
    seen: set[str | None] = set()
    for index, rule in enumerate(ingress.spec.rules or ()):
        host = rule.host or None
        if host in seen or (host is not None and _covers(covered, host.lower())):
            continue
        seen.add(host)
        if host is not None or not covered:
            yield host, ("spec", "rules", index)


def _covers(covered: set[str], host: str) -> bool:
    _, _, parent = host.partition(".")
    return host in covered or f"*.{parent}" in covered or "*" in covered
