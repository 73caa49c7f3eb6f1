"""What must be let in from outside of the input: pods and ports that controllers and load balancers lead to.

An Ingress, a Route of OpenShift and a route of the Gateway API are served by a controller, of which
nothing is known but that it has to reach the pods behind the Services they name. A Service of type
LoadBalancer or NodePort, or with external addresses, is reached by addresses outside of the cluster.

Source: networking.k8s.io/v1 types.go, openshift/api route/v1 types.go, gateway-api apis/v1 (shared_types.go,
gateway_types.go; apis/v1beta1 referencegrant_types.go), core/v1 types.go.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.exposure import opening, source_ranges
from casemate.analysis.network.attachment import Attachment
from casemate.analysis.network.backends import Backends, Target, ports_called
from casemate.analysis.network.endpoints import PodEndpoint, pods_of
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import TCP, UDP
from casemate.model.estate import Entity, Estate, Template, Workload
from casemate.model.exposure import BackendRef, Ingress, IngressBackend, Route, Service
from casemate.model.gateways import OpenShiftBackend, OpenShiftRoute

CONTROLLER = "controller"
"""The way in of what a controller serves; those of Services are the words of `analysis.exposure`."""
_SERVICE = "Service"


class WayIn(msgspec.Struct, frozen=True, eq=False):
    """A port of a pod that something outside of the input leads to.

    `kind` is `controller`, `load balancer`, `node port` or `external IP`. `ranges` are the addresses that
    may call; empty where all may. `keeps_client` says that the pod sees the address of the caller, which may
    be that of a node otherwise.
    """

    kind: str
    entity: Entity
    pod: PodEndpoint
    protocol: str
    port: int
    ranges: tuple[str, ...] = ()
    keeps_client: bool = False

    @property
    def namespace(self) -> str:
        """The namespace of the pod."""
        return self.pod.namespace

    @property
    def workload(self) -> Workload:
        """What makes the pod, or is it."""
        return self.pod.source

    @property
    def template(self) -> Template:
        """The template of the pod."""
        return self.pod.template


def ways_in(estate: Estate, pods: Iterable[PodEndpoint] | None = None) -> Iterator[WayIn]:
    """The ways into the pods of an estate, each once for each object that opens it.

    `pods` are those of the estate where somebody has them already. What names a Service that was not read,
    or a Service without a selector, leads to no pod that is known.
    """
    backends = Backends(estate, pods_of(estate) if pods is None else pods)
    for ingress in estate.of(Ingress):
        yield from _once(ingress, _of_ingress(ingress, backends))
    for route in estate.of(OpenShiftRoute):
        yield from _once(route, _of_openshift(route, backends))
    attachment = Attachment.of(estate)
    for gateway_route in estate.of(Route):
        if attachment.attaches(gateway_route):
            yield from _once(gateway_route, _of_route(gateway_route, backends, attachment))
    for service in backends.services():
        yield from _of_service(service, backends)


def _once(entity: Entity, targets: Iterable[Target]) -> Iterator[WayIn]:
    """The ways in of what a controller serves, each port of a pod once."""
    seen: set[tuple[int, str, int]] = set()
    for target in targets:
        key = (id(target.pod), target.protocol, target.port)
        if key not in seen:
            seen.add(key)
            yield WayIn(CONTROLLER, entity, target.pod, target.protocol, target.port)


def _of_ingress(ingress: Ingress, backends: Backends) -> Iterator[Target]:
    """A backend may be a resource of another kind instead of a Service, which leads to no pod."""
    spec = ingress.spec
    named: list[IngressBackend] = [found for found in (spec.default_backend, spec.backend) if found]
    named += [path.backend for rule in spec.rules or () for path in rule.http.paths]
    for backend in named:
        service = backends.named(ingress.ref.namespace or HOME, backend.name)
        if service is not None:
            yield from backends.targets(service, ports_called(service, backend.port))


def _of_openshift(route: OpenShiftRoute, backends: Backends) -> Iterator[Target]:
    """A number is a port of the pods, a name one of the Service; without either, any port may be used."""
    spec = route.spec
    wanted = spec.port.target_port if spec.port is not None else None
    for backend in (spec.to, *spec.alternate_backends):
        service = _service_of(route, backend, backends)
        if service is None:
            continue
        ports = [port for port in service.spec.ports if (port.protocol or TCP) == TCP]
        if isinstance(wanted, str):
            ports = [port for port in ports if port.name == wanted]
        for target in backends.targets(service, ports):
            if not isinstance(wanted, int) or target.port == wanted:
                yield target


def _service_of(route: OpenShiftRoute, backend: OpenShiftBackend, backends: Backends) -> Service | None:
    if backend.kind not in {None, _SERVICE} or backend.weight == 0:
        return None
    return backends.named(route.ref.namespace or HOME, backend.name)


def _of_route(route: Route, backends: Backends, attachment: Attachment) -> Iterator[Target]:
    protocol = UDP if route.ref.kind == "UDPRoute" else TCP
    for rule in route.spec.rules:
        mirrors = (part.request_mirror.backend_ref for part in rule.filters if part.request_mirror)
        for backend in (*rule.backend_refs, *mirrors):
            service = _backend_of(route, backend, backends, attachment)
            if service is not None and backend is not None:
                yield from backends.targets(service, ports_called(service, backend.port, protocol))


def _backend_of(
    route: Route, backend: BackendRef | None, backends: Backends, attachment: Attachment
) -> Service | None:
    if backend is None or backend.group or backend.kind not in {None, _SERVICE} or backend.weight == 0:
        return None
    own = route.ref.namespace or HOME
    namespace = backend.namespace or own
    if namespace != own and not attachment.is_granted(route, namespace, backend.name):
        return None
    return backends.named(namespace, backend.name)


def _of_service(service: Service, backends: Backends) -> Iterator[WayIn]:
    """Ways in by the Service itself: only a load balancer can be limited to some callers."""
    kind = opening(service)
    if kind is None:
        return
    ranges = source_ranges(service) if service.spec.type == "LoadBalancer" else ()
    keeps = service.spec.external_traffic_policy == "Local"
    for target in backends.targets(service, service.spec.ports):
        yield WayIn(kind, service, target.pod, target.protocol, target.port, ranges, keeps)
