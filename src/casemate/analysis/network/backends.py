"""Which pods, at which of their ports, a Service leads to.

Source: kubernetes pkg/controller/endpointslice (a Service without a selector gets no endpoints by
itself) and pkg/api/v1/pod/util.go, `FindPort`: a port given by name is looked up in each pod, among the
ports of the same protocol.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import TCP, WITH_PORTS
from casemate.analysis.network.ports import limits
from casemate.model.estate import Estate
from casemate.model.exposure import Service, ServicePort

EXTERNAL_NAME = "ExternalName"


class Target(msgspec.Struct, frozen=True, eq=False):
    """A port of a pod."""

    pod: PodEndpoint
    protocol: str
    port: int


class Backends:
    """The Services of an estate, and the pods that they select."""

    def __init__(self, estate: Estate, pods: Iterable[PodEndpoint]) -> None:
        self._services: dict[tuple[str, str], Service] = {}
        for service in estate.of(Service):
            if service.ref.name:
                self._services.setdefault((service.ref.namespace or HOME, service.ref.name), service)
        namespaces = {namespace for namespace, _ in self._services}
        self._by_label: dict[tuple[str, str, str], list[PodEndpoint]] = {}
        for pod in pods:
            if pod.namespace in namespaces:
                for key, value in pod.labels.items():
                    self._by_label.setdefault((pod.namespace, key, value), []).append(pod)

    def services(self) -> Iterator[Service]:
        """Every Service that has a name, once."""
        yield from self._services.values()

    def named(self, namespace: str, name: str | None) -> Service | None:
        """The Service of that name; None where none was read."""
        return self._services.get((namespace, name or ""))

    def pods(self, service: Service) -> list[PodEndpoint]:
        """The pods whose labels hold all of the selector; without one, somebody else names the endpoints."""
        wanted = service.spec.selector
        if not wanted or service.spec.type == EXTERNAL_NAME:
            return []
        namespace = service.ref.namespace or HOME
        candidates = (self._by_label.get((namespace, key, value), []) for key, value in wanted.items())
        return [pod for pod in min(candidates, key=len) if wanted.items() <= pod.labels.items()]

    def targets(self, service: Service, ports: Iterable[ServicePort]) -> Iterator[Target]:
        """Where some ports of a Service lead: in each pod to its own port of that number or name.

        A port that the API server refuses leads nowhere: of an unknown protocol (`tcp`), or out of range.
        """
        found = self.pods(service)
        for port in ports:
            protocol = port.protocol or TCP
            for pod in found:
                number = _target_port(port, protocol, pod)
                if number is not None and is_port(protocol, number):
                    yield Target(pod, protocol, number)


def is_port(protocol: str, number: int) -> bool:
    """Whether the API server takes a port: protocols are TCP, UDP and SCTP, in capital letters."""
    low, high = limits(protocol)
    return protocol in WITH_PORTS and low <= number <= high


def ports_called(service: Service, wanted: int | str | None, protocol: str = TCP) -> list[ServicePort]:
    """The ports of a Service that a number or name means; none where nothing is given.

    A number in quotes, as the older form of Ingress has it, means a name first.
    """
    ports = [port for port in service.spec.ports if (port.protocol or TCP) == protocol]
    if isinstance(wanted, str):
        named = [port for port in ports if port.name == wanted]
        if named or not wanted.isdecimal():
            return named
        wanted = int(wanted)
    return [port for port in ports if wanted is not None and port.port == wanted]


def _target_port(port: ServicePort, protocol: str, pod: PodEndpoint) -> int | None:
    """The port of a pod that a Service's port leads to: the same number where no target is given."""
    target = port.target_port or port.port
    if isinstance(target, str):
        named = (own.number for own in pod.ports if own.protocol == protocol and own.name == target)
        return next(named, None)
    return target
