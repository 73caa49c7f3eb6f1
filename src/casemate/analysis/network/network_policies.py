"""NetworkPolicy of networking.k8s.io/v1 in the common form.

Source: the API's documentation (networking/v1 types.go) and the conformance tests of Kubernetes
(test/e2e/network/netpol).
"""

from collections.abc import Iterable, Iterator

from casemate.analysis.network.addresses import cidr_problem, holds
from casemate.analysis.network.labels import Any, Labels, Nothing, namespace_named, of_selector
from casemate.analysis.network.policies import (
    NETWORK_POLICY,
    TCP,
    WITH_PORTS,
    Action,
    Direction,
    Endpoints,
    Everything,
    NamedPort,
    Networks,
    Nobody,
    Notice,
    Pods,
    Policy,
    PortRange,
    Ports,
    Rule,
    Tier,
    union,
)  # fmt: skip
from casemate.analysis.selectors import is_valid
from casemate.model.network_policy import NetworkPolicy, Peer, PolicyPort
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector

HOME = "default"
"""The namespace of objects that name none, where kubectl puts them."""
LAST_PORT = 65_535


def policies(
    found: Iterable[NetworkPolicy], notices: list[Notice], tier: Tier = NETWORK_POLICY, order: float = 0
) -> Iterator[Policy]:
    """The policies in the common form, in a tier; what the API server would refuse is in `notices`.

    A refused part is read closed: it lets nothing pass, and still isolates what the policy selects.
    """
    for policy in found:
        yield _Reader(policy, notices).policy(tier, order)


class _Reader:
    """One policy, and where to say what is wrong with it."""

    def __init__(self, policy: NetworkPolicy, notices: list[Notice]) -> None:
        self.entity = policy
        self.namespace = policy.ref.namespace or HOME
        self._notices = notices

    def policy(self, tier: Tier, order: float) -> Policy:
        spec = self.entity.spec
        types = {
            Direction.INGRESS: self.entity.isolates_ingress,
            Direction.EGRESS: self.entity.isolates_egress,
        }
        rules = []
        for index, incoming in enumerate(spec.ingress or ()):
            if types[Direction.INGRESS]:
                at = ("spec", "ingress", index)
                rules.append(self._rule(Direction.INGRESS, incoming.from_, incoming.ports, at, "from"))
        for index, outgoing in enumerate(spec.egress or ()):
            if types[Direction.EGRESS]:
                at = ("spec", "egress", index)
                rules.append(self._rule(Direction.EGRESS, outgoing.to, outgoing.ports, at, "to"))
        selected = self._labels(spec.pod_selector, ("spec", "podSelector"))
        return Policy(
            entity=self.entity,
            tier=tier,
            subjects=Pods(namespaces=namespace_named(self.namespace), pods=selected),
            rules=tuple(rules),
            isolates=frozenset(direction for direction, on in types.items() if on),
            order=order,
            name=f"{self.namespace}/{self.entity.name}",
        )

    def _rule(
        self,
        direction: Direction,
        peers: tuple[Peer, ...] | None,
        ports: tuple[PolicyPort, ...] | None,
        at: Path,
        key: str,
    ) -> Rule:
        meant: Endpoints = Everything()
        if peers:
            meant = union(self._peer(peer, (*at, key, i)) for i, peer in enumerate(peers))
        return Rule(
            action=Action.ALLOW,
            direction=direction,
            peers=meant,
            ports=self._ports(ports, at) if ports else None,
            at=at,
        )

    def _peer(self, peer: Peer, at: Path) -> Endpoints:
        block, pods, namespaces = peer.ip_block, peer.pod_selector, peer.namespace_selector
        if block is not None:
            if pods is not None or namespaces is not None:
                self._say((*at, "ipBlock"), "an ipBlock stands alone in a peer, which lets nothing pass")
                return Nobody()
            return self._networks(block.cidr or "", block.except_ or (), (*at, "ipBlock"))
        if pods is None and namespaces is None:
            self._say(at, "a peer without any field is refused, and lets nothing pass")
            return Nobody()
        inside: Labels = namespace_named(self.namespace)
        if namespaces is not None:
            inside = self._labels(namespaces, (*at, "namespaceSelector"))
        labels: Labels = Any() if pods is None else self._labels(pods, (*at, "podSelector"))
        return Pods(namespaces=inside, pods=labels)

    def _networks(self, cidr: str, without: tuple[str, ...], at: Path) -> Endpoints:
        problem = cidr_problem(cidr)
        if problem:
            self._say((*at, "cidr"), f"{problem}, and lets nothing pass")
            return Nobody()
        for index, inner in enumerate(without):
            wrong = cidr_problem(inner)
            if not wrong and not holds(cidr, inner):
                wrong = f"{inner} is not inside {cidr}"
            if wrong:
                self._say((*at, "except", index), f"{wrong}: the block lets nothing pass")
                return Nobody()
        return Networks((cidr,), without)

    def _ports(self, ports: tuple[PolicyPort, ...], at: Path) -> Ports:
        found = (self._port(port, (*at, "ports", index)) for index, port in enumerate(ports))
        return tuple(port for port in found if port is not None)

    def _port(self, port: PolicyPort, at: Path) -> PortRange | NamedPort | None:
        protocol = port.protocol or TCP
        if protocol not in WITH_PORTS:
            return self._refused((*at, "protocol"), f"there is no protocol {protocol} for ports")
        if port.port is None:
            if port.end_port is not None:
                return self._refused((*at, "endPort"), "endPort needs a port")
            return PortRange(protocol, 1, LAST_PORT)
        if isinstance(port.port, str):
            if port.end_port is not None:
                return self._refused((*at, "endPort"), "endPort needs a port that is a number")
            return NamedPort(protocol, port.port)
        last = port.port if port.end_port is None else port.end_port
        if not 1 <= port.port <= LAST_PORT:
            return self._refused((*at, "port"), f"{port.port} is no port")
        if not port.port <= last <= LAST_PORT:
            return self._refused((*at, "endPort"), f"{last} is no last port for {port.port}")
        return PortRange(protocol, port.port, last)

    def _labels(self, selector: LabelSelector, at: Path) -> Labels:
        if not is_valid(selector):
            self._say(at, "a selector that the API server refuses, and that selects nothing")
            return Nothing()
        return of_selector(selector)

    def _refused(self, at: Path, message: str) -> None:
        self._say(at, f"{message}, and the entry lets nothing pass")

    def _say(self, at: Path, message: str) -> None:
        self._notices.append(Notice(self.entity, at, message))
