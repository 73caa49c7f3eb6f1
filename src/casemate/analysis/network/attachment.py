"""Which routes of the Gateway API are served at all, and what they may lead to.

Source: gateway-api apis/v1 shared_types.go (`ParentReference`, `BackendObjectReference`), gateway_types.go
(`AllowedRoutes`, `Listener`) and apis/v1beta1 referencegrant_types.go.
"""

from casemate.analysis.network.labels import NAME_LABEL
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.selectors import selects
from casemate.model.estate import Estate
from casemate.model.exposure import Gateway, Listener, ParentRef, ReferenceGrant, Route
from casemate.model.governance import Namespace

_LISTENERS = {
    "HTTPRoute": ("HTTP", "HTTPS"),
    "GRPCRoute": ("HTTP", "HTTPS"),
    "TLSRoute": ("TLS",),
    "TCPRoute": ("TCP", "TLS"),
    "UDPRoute": ("UDP",),
}


class Attachment:
    """The Gateways and grants that were read."""

    def __init__(
        self, gateways: list[Gateway], grants: list[ReferenceGrant], namespaces: list[Namespace]
    ) -> None:
        self._gateways = {(found.ref.namespace or HOME, found.ref.name): found for found in gateways}
        self._grants: dict[str, list[ReferenceGrant]] = {}
        for grant in grants:
            self._grants.setdefault(grant.ref.namespace or HOME, []).append(grant)
        self._labels = {found.ref.name: found.labels for found in namespaces}

    @classmethod
    def of(cls, estate: Estate) -> "Attachment":
        """All that an estate holds."""
        return cls(list(estate.of(Gateway)), list(estate.of(ReferenceGrant)), list(estate.of(Namespace)))

    def attaches(self, route: Route) -> bool:
        """Whether some Gateway takes the route; one that was not read may."""
        return any(self._takes(route, parent) for parent in route.spec.parent_refs)

    def is_granted(self, route: Route, namespace: str, service: str | None) -> bool:
        """Whether a namespace lets the route lead to its Service."""
        return any(
            any(
                source.group == route.ref.group
                and source.kind == route.ref.kind
                and source.namespace == (route.ref.namespace or HOME)
                for source in grant.spec.from_
            )
            and any(
                not target.group and target.kind == "Service" and target.name in {None, "", service}
                for target in grant.spec.to
            )
            for grant in self._grants.get(namespace, ())
        )

    def _takes(self, route: Route, parent: ParentRef) -> bool:
        """Only a Gateway is an entrance: a parent that is a Service is for calls inside a mesh."""
        if parent.kind not in {None, "Gateway"}:
            return False
        own = route.ref.namespace or HOME
        home = parent.namespace or own
        gateway = self._gateways.get((home, parent.name))
        if gateway is None:
            return True
        return any(
            parent.section_name in {None, listener.name}
            and parent.port in {None, listener.port}
            and listener.protocol in _LISTENERS.get(route.ref.kind, ())
            and self._lets_in(listener, home, own)
            for listener in gateway.spec.listeners
        )

    def _lets_in(self, listener: Listener, home: str, namespace: str) -> bool:
        allowed = listener.allowed_routes.namespaces if listener.allowed_routes is not None else None
        origin = (allowed.origin if allowed is not None else None) or "Same"
        if origin == "Selector" and allowed is not None:
            labels = self._labels.get(namespace, {}) | {NAME_LABEL: namespace}
            return selects(allowed.selector, labels)
        return origin == "All" or (origin == "Same" and home == namespace)
