"""NetworkPolicy of networking.k8s.io/v1 in the common form.

Source: the API's documentation (networking/v1 types.go), what the API server takes (its
pkg/apis/networking/validation/validation.go) and the conformance tests of Kubernetes
(test/e2e/network/netpol).
"""

import re
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
from casemate.analysis.selectors import is_valid, odd_labels
from casemate.model.network_policy import NetworkPolicy, Peer, PolicyPort
from casemate.model.place import Path
from casemate.model.selectors import LabelSelector

HOME = "default"
"""The namespace of objects that name none, where kubectl puts them."""
LAST_PORT = 65_535
_TYPES = ("Ingress", "Egress")
_PORT_NAME = re.compile(r"(?=.{1,15}\Z)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*\Z")


def policies(
    found: Iterable[NetworkPolicy], notices: list[Notice], tier: Tier = NETWORK_POLICY, order: float = 0
) -> Iterator[Policy]:
    """The policies in the common form, in a tier.

    One that the API server refuses is in no cluster: it is left out, and `notices` say why.
    """
    for policy in found:
        before = len(notices)
        read = _Reader(policy, notices).policy(tier, order)
        if len(notices) == before:
            yield read


class _Reader:
    """One policy, and where to say what is wrong with it."""

    def __init__(self, policy: NetworkPolicy, notices: list[Notice]) -> None:
        self.entity = policy
        self.namespace = policy.ref.namespace or HOME
        self._notices = notices

    def policy(self, tier: Tier, order: float) -> Policy:
        spec = self.entity.spec
        self._check_types(spec.policy_types or ())
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

    def _check_types(self, types: tuple[str, ...]) -> None:
        for index, name in enumerate(types):
            if name not in _TYPES:
                self._say(("spec", "policyTypes", index), f"there is no policy type {name}")
        if len(types) > len(_TYPES):
            self._say(("spec", "policyTypes"), "there are more than two policy types")

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
                self._say((*at, "ipBlock"), "an ipBlock must stand alone in a peer")
                return Nobody()
            return self._networks(block.cidr or "", block.except_ or (), (*at, "ipBlock"))
        if pods is None and namespaces is None:
            self._say(at, "a peer needs a selector or an ipBlock")
            return Nobody()
        inside: Labels = namespace_named(self.namespace)
        if namespaces is not None:
            inside = self._labels(namespaces, (*at, "namespaceSelector"))
        labels: Labels = Any() if pods is None else self._labels(pods, (*at, "podSelector"))
        return Pods(namespaces=inside, pods=labels)

    def _networks(self, cidr: str, without: tuple[str, ...], at: Path) -> Endpoints:
        problem = cidr_problem(cidr)
        if problem:
            self._say((*at, "cidr"), problem)
            return Nobody()
        for index, inner in enumerate(without):
            wrong = cidr_problem(inner)
            if not wrong and (holds(inner, cidr) or not holds(cidr, inner)):
                wrong = f"{inner} is no part of {cidr}"
            if wrong:
                self._say((*at, "except", index), wrong)
                return Nobody()
        return Networks((cidr,), without)

    def _ports(self, ports: tuple[PolicyPort, ...], at: Path) -> Ports:
        found: list[PortRange | NamedPort] = []
        for index, port in enumerate(ports):
            wrong = _wrong(port)
            if wrong is None:
                found.append(_port(port))
            else:
                self._say((*at, "ports", index, wrong[0]), wrong[1])
        return tuple(found)

    def _labels(self, selector: LabelSelector, at: Path) -> Labels:
        if not is_valid(selector):
            self._say(at, "the selector has an operator or values that are not allowed")
            return Nothing()
        odd = odd_labels(selector)
        if odd:
            self._say(at, f"no label is spelt {odd[0][:64]!r}")
            return Nothing()
        return of_selector(selector)

    def _say(self, at: Path, message: str) -> None:
        self._notices.append(Notice(self.entity, at, f"the API server refuses the policy: {message}"))


def _port(port: PolicyPort) -> PortRange | NamedPort:
    """The ports of an entry that is right."""
    protocol = port.protocol or TCP
    if port.port is None:
        return PortRange(protocol, 1, LAST_PORT)
    if isinstance(port.port, str):
        return NamedPort(protocol, port.port)
    return PortRange(protocol, port.port, port.port if port.end_port is None else port.end_port)


def _wrong(port: PolicyPort) -> tuple[str, str] | None:
    """The field of an entry that the API server refuses, and why."""
    if (port.protocol or TCP) not in WITH_PORTS:
        return "protocol", f"there is no protocol {port.protocol} for ports"
    if isinstance(port.port, str) and not _PORT_NAME.match(port.port):
        return "port", f"{port.port[:64]!r} is no name of a port"
    if not isinstance(port.port, int):
        return None if port.end_port is None else ("endPort", "endPort needs a port that is a number")
    if not 1 <= port.port <= LAST_PORT:
        return "port", f"{port.port} is no port"
    if port.end_port is not None and not port.port <= port.end_port <= LAST_PORT:
        return "endPort", f"{port.end_port} is no last port for {port.port}"
    return None
