"""Which routes of the Gateway API attach to which listener.

Source: gateway-api apis/v1 shared_types.go, `ParentReference`: kind Gateway by default, the route's
own namespace by default; `sectionName` and `port` narrow it to listeners.
"""

from collections.abc import Iterator

from casemate.model.estate import Estate
from casemate.model.exposure import Gateway, Listener, ParentRef, Route

_WITH_HTTP = ("HTTPRoute", "GRPCRoute")


class Routes:
    """The routes that were read, by the Gateway they name."""

    def __init__(self, routes: list[Route]) -> None:
        self._by_gateway: dict[tuple[str | None, str | None], list[tuple[Route, ParentRef]]] = {}
        for route in routes:
            for parent in route.spec.parent_refs:
                if parent.kind in {None, "Gateway"}:
                    key = (parent.namespace or route.ref.namespace, parent.name)
                    self._by_gateway.setdefault(key, []).append((route, parent))

    @classmethod
    def of(cls, estate: Estate) -> "Routes":
        """All that an estate holds."""
        return cls([entity for entity in estate.entities if isinstance(entity, Route)])

    def of_http(self, gateway: Gateway, listener: Listener) -> Iterator[Route]:
        """The routes for HTTP requests that attach to a listener."""
        for route, parent in self._by_gateway.get((gateway.ref.namespace, gateway.ref.name), ()):
            if (
                route.ref.kind in _WITH_HTTP
                and parent.section_name in {None, listener.name}
                and parent.port in {None, listener.port}
            ):
                yield route


def only_redirects(route: Route) -> bool:
    """Whether every rule of a route sends its callers to HTTPS and answers nothing itself."""
    return bool(route.spec.rules) and all(
        any(
            part.request_redirect is not None and part.request_redirect.scheme == "https"
            for part in rule.filters
        )
        for rule in route.spec.rules
    )
