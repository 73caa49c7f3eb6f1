"""What opens workloads to callers: Services, Ingresses and the Gateway API.

Source: core/v1 types.go (Service), networking.k8s.io/v1 types.go and the older extensions/v1beta1
form (Ingress), sigs.k8s.io/gateway-api apis/v1 (Gateway and its routes). The objects of single
controllers are in `gateways`.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity
from casemate.model.selectors import LabelSelector


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class ServicePort(_Part, frozen=True, kw_only=True):
    """A port that a Service answers at, and where it leads."""

    name: str | None = None
    port: int | None = None
    target_port: int | str | None = None
    node_port: int | None = None
    protocol: str | None = None


class ServiceSpec(_Part, frozen=True, kw_only=True):
    """How a Service is reached."""

    type: str | None = None
    ports: tuple[ServicePort, ...] = ()
    selector: dict[str, str] | None = None
    external_name: str | None = None
    cluster_ip: str | None = msgspec.field(default=None, name="clusterIP")
    cluster_ips: tuple[str, ...] | None = msgspec.field(default=None, name="clusterIPs")
    external_ips: tuple[str, ...] | None = msgspec.field(default=None, name="externalIPs")
    load_balancer_source_ranges: tuple[str, ...] | None = None
    load_balancer_class: str | None = None
    allocate_load_balancer_node_ports: bool | None = None
    external_traffic_policy: str | None = None


class Service(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A name and address for a set of pods."""

    spec: ServiceSpec = ServiceSpec()


class Proxied(Entity, frozen=True, kw_only=True, eq=False):
    """An object that says how a proxy takes requests in or passes them on."""


class Front(Proxied, frozen=True, kw_only=True, eq=False):
    """An object by which a controller takes requests in from outside: an Ingress, Gateway or route."""


class PortRef(_Part, frozen=True, kw_only=True):
    """A Service's port by name or number."""

    name: str | None = None
    number: int | None = None


class IngressService(_Part, frozen=True, kw_only=True):
    """The Service behind an Ingress."""

    name: str | None = None
    port: PortRef | None = None


class IngressBackend(_Part, frozen=True, kw_only=True):
    """Where a request goes; the older form names the Service and its port directly."""

    service: IngressService | None = None
    service_name: str | None = None
    service_port: int | str | None = None

    @property
    def name(self) -> str | None:
        """The Service's name in either form."""
        return self.service.name if self.service is not None else self.service_name

    @property
    def port(self) -> int | str | None:
        """The Service's port in either form."""
        if self.service is None:
            return self.service_port
        port = self.service.port or PortRef()
        return port.number if port.number is not None else port.name


class IngressPath(_Part, frozen=True, kw_only=True):
    """A path of a host and its backend."""

    path: str | None = None
    backend: IngressBackend = IngressBackend()


class IngressHttp(_Part, frozen=True, kw_only=True):
    """The paths of a rule."""

    paths: tuple[IngressPath, ...] = ()


class IngressRule(_Part, frozen=True, kw_only=True):
    """A host (absent: every host) and its paths."""

    host: str | None = None
    http: IngressHttp = IngressHttp()


class IngressTls(_Part, frozen=True, kw_only=True):
    """Hosts that are served with TLS; without hosts, all that the controller serves."""

    hosts: tuple[str, ...] | None = None
    secret_name: str | None = None


class IngressSpec(_Part, frozen=True, kw_only=True):
    """What an Ingress routes."""

    ingress_class_name: str | None = None
    default_backend: IngressBackend | None = None
    backend: IngressBackend | None = None
    tls: tuple[IngressTls, ...] | None = None
    rules: tuple[IngressRule, ...] | None = None


class Ingress(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Routes of HTTP requests by host and path."""

    spec: IngressSpec = IngressSpec()


class GatewayTls(_Part, frozen=True, kw_only=True):
    """How a listener ends TLS."""

    mode: str | None = None
    options: dict[str, str] | None = None


class RouteNamespaces(msgspec.Struct, frozen=True, kw_only=True):
    """From which namespaces routes may attach: `Same` (the default), `All`, `Selector`, `None`."""

    origin: str | None = msgspec.field(default=None, name="from")
    selector: LabelSelector | None = None


class AllowedRoutes(_Part, frozen=True, kw_only=True):
    """Which routes may attach to a listener."""

    namespaces: RouteNamespaces | None = None


class Listener(_Part, frozen=True, kw_only=True):
    """A port at which a Gateway takes connections."""

    name: str | None = None
    hostname: str | None = None
    port: int | None = None
    protocol: str | None = None
    tls: GatewayTls | None = None
    allowed_routes: AllowedRoutes | None = None


class GatewaySpec(_Part, frozen=True, kw_only=True):
    """The listeners of a Gateway."""

    gateway_class_name: str | None = None
    listeners: tuple[Listener, ...] = ()


class Gateway(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """An entrance of the Gateway API."""

    spec: GatewaySpec = GatewaySpec()


class ParentRef(_Part, frozen=True, kw_only=True):
    """The Gateway, or one listener of it, that a route attaches to."""

    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    section_name: str | None = None
    port: int | None = None


class Redirect(_Part, frozen=True, kw_only=True):
    """Where a route sends callers instead."""

    scheme: str | None = None


class BackendRef(_Part, frozen=True, kw_only=True):
    """Where a route sends requests: a Service where no kind is given. Weight 0 sends none."""

    group: str | None = None
    kind: str | None = None
    namespace: str | None = None
    name: str | None = None
    port: int | None = None
    weight: int | None = None


class Mirror(_Part, frozen=True, kw_only=True):
    """Where a route sends copies of requests."""

    backend_ref: BackendRef | None = None


class RouteFilter(_Part, frozen=True, kw_only=True):
    """What a route does with a request before, or instead of, passing it on."""

    type: str | None = None
    request_redirect: Redirect | None = None
    request_mirror: Mirror | None = None


class RouteRule(_Part, frozen=True, kw_only=True):
    """One rule of a route."""

    filters: tuple[RouteFilter, ...] = ()
    backend_refs: tuple[BackendRef, ...] = ()


class RouteSpec(_Part, frozen=True, kw_only=True):
    """What a route attaches to and what it does."""

    parent_refs: tuple[ParentRef, ...] = ()
    hostnames: tuple[str, ...] | None = None
    rules: tuple[RouteRule, ...] = ()


class Route(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A route of the Gateway API."""

    KINDS: ClassVar[tuple[str, ...]] = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")

    spec: RouteSpec = RouteSpec()


class GrantFrom(_Part, frozen=True, kw_only=True):
    """Whose references are allowed."""

    group: str | None = None
    kind: str | None = None
    namespace: str | None = None


class GrantTo(_Part, frozen=True, kw_only=True):
    """What may be referred to; all objects of the kind where no name is given."""

    group: str | None = None
    kind: str | None = None
    name: str | None = None


class GrantSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Any of these may refer to any of those."""

    from_: tuple[GrantFrom, ...] = msgspec.field(default=(), name="from")
    to: tuple[GrantTo, ...] = ()


class ReferenceGrant(Entity, frozen=True, kw_only=True, eq=False):
    """Which routes of other namespaces may send requests to Services of its own."""

    spec: GrantSpec = GrantSpec()
