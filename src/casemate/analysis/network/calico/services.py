"""The endpoints of the Services that Calico rules name.

Source: projectcalico/calico api/pkg/apis/projectcalico/v3/policy_common.go (ServiceMatch) and
felix/calc/rule_scanner.go: a destination means addresses with their ports, a source addresses only.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.calico.ports import Matched
from casemate.analysis.network.labels import OneOf, all_of, namespace_named
from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import (
    TCP,
    Endpoints,
    Everything,
    NamedPort,
    Nobody,
    Perhaps,
    Pods,
    PortRange,
    Ports,
)
from casemate.model.calico import ServiceMatch
from casemate.model.exposure import Service, ServicePort


class MeantService(msgspec.Struct, frozen=True):
    """The endpoints of a Service and their ports; None where these are not known."""

    endpoints: Endpoints
    ports: Ports | None = None

    def narrowed(self, found: Iterable[Matched]) -> Iterator[Matched]:
        """What a rule's ports leave of the Service's; the rule says protocols only."""
        for item in found:
            if self.ports is None:
                yield item
                continue
            protocols = None if item.ports is None else {port.protocol for port in item.ports}
            ports = tuple(port for port in self.ports if protocols is None or port.protocol in protocols)
            if ports:
                yield Matched(ports, item.why)


class Services:
    """Services by namespace and name."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = {(item.ref.namespace or HOME, item.ref.name): item for item in services}

    def meant(self, match: ServiceMatch, namespace: str | None) -> MeantService:
        """The Service that a rule names, from the namespace of its policy."""
        home = match.namespace or namespace or HOME
        service = self._services.get((home, match.name))
        if service is None:
            why = f"the endpoints of the Service {home}/{match.name}, which was not read"
            return MeantService(Perhaps(Everything(), why))
        spec = service.spec
        if spec.type == "ExternalName":
            return MeantService(Nobody())
        if not spec.selector:
            why = f"the endpoints of the Service {home}/{match.name}, which selects no pods"
            return MeantService(Perhaps(Everything(), why))
        wanted = all_of(tuple(OneOf(key, (value,)) for key, value in sorted(spec.selector.items())))
        return MeantService(Pods(namespace_named(home), wanted), tuple(map(_port, spec.ports)))


def _port(port: ServicePort) -> PortRange | NamedPort:
    protocol, target = port.protocol or TCP, port.target_port
    if isinstance(target, str) and not target.isdecimal():
        return NamedPort(protocol, target)
    number = int(target) if target else port.port or 0
    return PortRange(protocol, number, number)
