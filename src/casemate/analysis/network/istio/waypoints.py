"""What policies of Istio with target references are about: gateways, and what stands behind waypoints.

Source: istio.io/api security/v1beta1/authorization_policy.proto (`targetRefs`), label/labels.yaml
(`gateway.networking.k8s.io/gateway-name`, `istio.io/use-waypoint`); istio.io documentation, "Use Layer 4
security policy": sidecars and the proxies of nodes pass these policies over.
"""

from casemate.analysis.network.endpoint_sets import either
from casemate.analysis.network.labels import Labels, OneOf, all_of, namespace_named
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import Endpoints, Nobody, Pods
from casemate.model.estate import Estate
from casemate.model.exposure import Gateway, Service
from casemate.model.istio_security import AuthorizationPolicy, TargetRef

GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
USE_WAYPOINT, WAYPOINT_NAMESPACE = "istio.io/use-waypoint", "istio.io/use-waypoint-namespace"
WAYPOINT = "istio-waypoint"
_GATEWAY, _CLASS, _SERVICE = "Gateway", "GatewayClass", "Service"


class Waypoints:
    """The Gateways and Services that policies may be attached to."""

    def __init__(
        self, classes: dict[tuple[str, str], str | None], selectors: dict[tuple[str, str], Pods]
    ) -> None:
        self._classes = classes
        self._selectors = selectors

    @classmethod
    def of(cls, estate: Estate) -> "Waypoints":
        """All that an estate holds."""
        return cls(
            {(g.ref.namespace or HOME, g.name): g.spec.gateway_class_name for g in estate.of(Gateway)},
            {
                (service.ref.namespace or HOME, service.name): _selected(service)
                for service in estate.of(Service)
                if service.spec.selector
            },
        )

    def gateways(self, policy: AuthorizationPolicy, root: str) -> Endpoints:
        """The pods of the gateways that a policy is attached to: they carry the name of their Gateway."""
        home = policy.ref.namespace or HOME
        found: list[Endpoints] = []
        for target in policy.targets:
            if target.kind == _GATEWAY:
                names = [(home, target.name or "")]
            else:
                names = self._of_class(target) if target.kind == _CLASS and home == root else []
            found += [
                Pods(namespace_named(namespace), OneOf(GATEWAY_NAME, (name,)))
                for namespace, name in names
                if self._classes.get((namespace, name)) != WAYPOINT
            ]
        return either(*found)

    def behind(self, policy: AuthorizationPolicy, root: str) -> Endpoints:
        """The pods about which a waypoint decides by a policy: those of a Service, or all that use it."""
        home = policy.ref.namespace or HOME
        found: list[Endpoints] = []
        for target in policy.targets:
            name = target.name or ""
            if target.kind == _SERVICE:
                found.append(self._selectors.get((home, name), Nobody()))
            elif target.kind == _CLASS and home == root and name == WAYPOINT:
                found += [_using(namespace, own) for namespace, own in self._of_class(target)]
            elif target.kind == _GATEWAY and self._classes.get((home, name)) == WAYPOINT:
                found.append(_using(home, name))
        return either(*found)

    def _of_class(self, target: TargetRef) -> list[tuple[str, str]]:
        return [key for key, name in self._classes.items() if name == target.name]


def _selected(service: Service) -> Pods:
    """The pods that a Service selects."""
    wanted = sorted((service.spec.selector or {}).items())
    labels: tuple[Labels, ...] = tuple(OneOf(key, (value,)) for key, value in wanted)
    return Pods(namespace_named(service.ref.namespace or HOME), all_of(labels))


def _using(home: str, name: str) -> Endpoints:
    """The pods that say they use a waypoint, or whose namespace does; from elsewhere with its namespace."""
    here, named = namespace_named(home), OneOf(USE_WAYPOINT, (name,))
    there = OneOf(WAYPOINT_NAMESPACE, (home,))
    return either(
        Pods(all_of((here, named))),
        Pods(here, named),
        Pods(all_of((named, there))),
        Pods(pods=all_of((named, there))),
    )
