"""Entrances and routes of single controllers: Istio, Traefik, OpenShift, Contour.

Source: istio.io/api networking/v1 (Gateway, DestinationRule), Traefik's CRDs (IngressRoute,
ServersTransport, TLSOption), OpenShift route/v1 types.go, Contour projectcontour/v1 (HTTPProxy).
"""

from typing import ClassVar

import msgspec

from casemate.model.exposure import Front, Proxied


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class IstioPort(_Part, frozen=True, kw_only=True):
    """The port of an Istio server."""

    number: int | None = None
    protocol: str | None = None
    name: str | None = None


class IstioServerTls(_Part, frozen=True, kw_only=True):
    """How an Istio server ends TLS, or sends plain callers to it."""

    https_redirect: bool | None = None
    mode: str | None = None
    min_protocol_version: str | None = None


class IstioServer(_Part, frozen=True, kw_only=True):
    """One entrance of an Istio Gateway."""

    port: IstioPort = IstioPort()
    hosts: tuple[str, ...] = ()
    tls: IstioServerTls | None = None


class IstioGatewaySpec(_Part, frozen=True, kw_only=True):
    """The entrances, and the pods that serve them."""

    servers: tuple[IstioServer, ...] = ()
    selector: dict[str, str] | None = None


class IstioGateway(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Gateway of networking.istio.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("Gateway",)

    spec: IstioGatewaySpec = IstioGatewaySpec()


class ClientTls(_Part, frozen=True, kw_only=True):
    """How a mesh's proxies call a service: DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL."""

    mode: str | None = None
    insecure_skip_verify: bool | None = None


class PortTraffic(_Part, frozen=True, kw_only=True):
    """Settings for one port of a service."""

    tls: ClientTls | None = None


class TrafficPolicy(_Part, frozen=True, kw_only=True):
    """Settings for calls to a service."""

    tls: ClientTls | None = None
    port_level_settings: tuple[PortTraffic, ...] = ()


class DestinationRuleSpec(_Part, frozen=True, kw_only=True):
    """The service, and how it is called."""

    host: str | None = None
    traffic_policy: TrafficPolicy | None = None


class DestinationRule(Proxied, frozen=True, kw_only=True, eq=False, rename="camel"):
    """How Istio's proxies call a service."""

    spec: DestinationRuleSpec = DestinationRuleSpec()


class TraefikName(_Part, frozen=True, kw_only=True):
    """A reference by name: a middleware or service."""

    name: str | None = None


class TraefikRule(_Part, frozen=True, kw_only=True):
    """One match of an IngressRoute."""

    match: str | None = None
    middlewares: tuple[TraefikName, ...] = ()
    services: tuple[TraefikName, ...] = ()


class TraefikTls(_Part, frozen=True, kw_only=True):
    """TLS of a route; an empty block is TLS with the controller's default certificate."""

    passthrough: bool | None = None


class IngressRouteSpec(_Part, frozen=True, kw_only=True):
    """At which entry points requests are taken, and where they go."""

    entry_points: tuple[str, ...] = ()
    routes: tuple[TraefikRule, ...] = ()
    tls: TraefikTls | None = None


class IngressRoute(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Traefik's route for HTTP."""

    spec: IngressRouteSpec = IngressRouteSpec()


class IngressRouteTcp(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Traefik's route for TCP."""

    KINDS: ClassVar[tuple[str, ...]] = ("IngressRouteTCP",)

    spec: IngressRouteSpec = IngressRouteSpec()


class ServersTransportSpec(_Part, frozen=True, kw_only=True):
    """How Traefik calls backends."""

    insecure_skip_verify: bool | None = None


class ServersTransport(Proxied, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Traefik's settings for calls to backends."""

    spec: ServersTransportSpec = ServersTransportSpec()


class TlsOptionSpec(_Part, frozen=True, kw_only=True):
    """Which TLS Traefik accepts."""

    min_version: str | None = None


class TlsOption(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Traefik's settings for TLS at its entry points."""

    KINDS: ClassVar[tuple[str, ...]] = ("TLSOption",)

    spec: TlsOptionSpec = TlsOptionSpec()


class OpenShiftTls(_Part, frozen=True, kw_only=True):
    """Where TLS ends (edge, passthrough, reencrypt) and what plain HTTP gets (None, Allow, Redirect)."""

    termination: str | None = None
    insecure_edge_termination_policy: str | None = None


class OpenShiftBackend(_Part, frozen=True, kw_only=True):
    """A Service behind a Route. Weight 0 sends no requests."""

    kind: str | None = None
    name: str | None = None
    weight: int | None = None


class OpenShiftPort(_Part, frozen=True, kw_only=True):
    """The port of the pods, or the name of a port of the Service; without it, all ports of the Service."""

    target_port: int | str | None = None


class OpenShiftRouteSpec(_Part, frozen=True, kw_only=True):
    """A host, its TLS and where its requests go."""

    host: str | None = None
    wildcard_policy: str | None = None
    tls: OpenShiftTls | None = None
    to: OpenShiftBackend = OpenShiftBackend()
    alternate_backends: tuple[OpenShiftBackend, ...] = ()
    port: OpenShiftPort | None = None


class OpenShiftRoute(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Route of route.openshift.io."""

    KINDS: ClassVar[tuple[str, ...]] = ("Route",)

    spec: OpenShiftRouteSpec = OpenShiftRouteSpec()


class ContourTls(_Part, frozen=True, kw_only=True):
    """TLS of a virtual host."""

    secret_name: str | None = None
    passthrough: bool | None = None
    minimum_protocol_version: str | None = None


class ContourHost(_Part, frozen=True, kw_only=True):
    """The name that a root proxy answers to."""

    fqdn: str | None = None
    tls: ContourTls | None = None


class ContourRoute(_Part, frozen=True, kw_only=True):
    """One route of a proxy."""

    permit_insecure: bool | None = None


class HttpProxySpec(_Part, frozen=True, kw_only=True):
    """A root proxy has a virtual host; others are included by one."""

    virtualhost: ContourHost | None = None
    routes: tuple[ContourRoute, ...] = ()


class HttpProxy(Front, frozen=True, kw_only=True, eq=False, rename="camel"):
    """Contour's HTTPProxy."""

    KINDS: ClassVar[tuple[str, ...]] = ("HTTPProxy",)

    spec: HttpProxySpec = HttpProxySpec()
