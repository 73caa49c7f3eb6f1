"""The naive way: each packet is judged by itself, every policy and every rule, straight from the words.

What is not known is tried both ways, every policy order that is not defined too: what comes out every time is sure,
what comes out at least once is possible.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from itertools import groupby, permutations, product

import msgspec

from casemate.analysis.network.labels import NAME_LABEL, holds
from casemate.analysis.network.policies import (
    Action,
    Complement,
    Direction,
    Endpoints,
    Everything,
    Intersection,
    NamedPort,
    Networks,
    Nodes,
    Perhaps,
    Pods,
    Policy,
    Rule,
    Union,
    World,
)


class Thing(msgspec.Struct, frozen=True, eq=False):
    """An endpoint of a packet: a pod, a node, or an address outside."""

    kind: str
    namespace: str = ""
    labels: Mapping[str, str] = {}
    account: str = "default"
    ports: tuple[tuple[str, str, int], ...] = ()
    address: str = ""


Doubt = tuple[int, str]
"""What may be either way: a rule or set by its identity, and the text that says why."""


class Reference:
    """Judges packets."""

    def __init__(
        self,
        policies: Sequence[Policy],
        namespaces: Mapping[str, Mapping[str, str]],
        *,
        networks_hold_pods: bool,
    ) -> None:
        self.policies = policies
        self.namespaces = namespaces
        self.networks_hold_pods = networks_hold_pods

    def allowed(self, source: Thing, destination: Thing, protocol: str, port: int) -> tuple[bool, bool]:
        """Whether a packet passes for sure, and whether it may."""
        out = self._direction(Direction.EGRESS, source, destination, destination, protocol, port)
        into = self._direction(Direction.INGRESS, destination, source, destination, protocol, port)
        return out[0] and into[0], out[1] and into[1]

    def _direction(
        self, direction: Direction, subject: Thing, peer: Thing, target: Thing, protocol: str, port: int
    ) -> tuple[bool, bool]:
        doubts = sorted(set(self._doubts(direction, subject, peer)))
        answers = [
            self._one(
                order,
                direction,
                subject,
                peer,
                target,
                protocol,
                port,
                dict(zip(doubts, choice, strict=True)),
            )
            for choice in product((False, True), repeat=len(doubts))
            for order in self._orders()
        ]
        return all(answers), any(answers)

    def _orders(self) -> Iterator[list[Policy]]:
        """The orders in which policies may be asked."""
        ordered = sorted(self.policies, key=lambda policy: (policy.tier, policy.order, policy.name))
        groups = []
        for (tier, _), found in groupby(ordered, key=lambda policy: (policy.tier, policy.order)):
            group = list(found)
            groups.append([list(order) for order in permutations(group)] if tier.ties else [group])
        for choice in product(*groups):
            yield [policy for group in choice for policy in group]

    def _one(
        self,
        ordered: Iterable[Policy],
        direction: Direction,
        subject: Thing,
        peer: Thing,
        target: Thing,
        protocol: str,
        port: int,
        believed: Mapping[Doubt, bool],
    ) -> bool:
        for tier, found in groupby(ordered, key=lambda policy: policy.tier):
            isolated, decided = False, None
            for policy in found:
                if not self._in(policy.subjects, subject, believed):
                    continue
                isolated = isolated or direction in policy.isolates
                for rule in policy.rules:
                    if decided is None and rule.direction is direction:
                        matches = self._matches(rule, peer, target, protocol, port, believed)
                        decided = rule.action if matches else None
            if decided in {Action.ALLOW, Action.DENY}:
                return decided is Action.ALLOW
            if decided is None and isolated and not tier.ends_in_pass:
                return False
        return True

    def _matches(
        self, rule: Rule, peer: Thing, target: Thing, protocol: str, port: int, believed: Mapping[Doubt, bool]
    ) -> bool:
        if rule.depends and not believed[id(rule), rule.depends]:
            return False
        return self._in(rule.peers, peer, believed) and _port(rule, target, protocol, port)

    def _in(self, wanted: Endpoints, thing: Thing, believed: Mapping[Doubt, bool]) -> bool:
        if isinstance(wanted, Everything):
            return True
        if isinstance(wanted, Pods):
            return (
                thing.kind == "pod"
                and holds(
                    wanted.namespaces,
                    {**self.namespaces.get(thing.namespace, {}), NAME_LABEL: thing.namespace},
                )
                and holds(wanted.pods, thing.labels)
                and holds(wanted.accounts, {NAME_LABEL: thing.account})
            )
        if isinstance(wanted, Nodes):
            return thing.kind == "node" and holds(wanted.labels, thing.labels)
        if isinstance(wanted, World):
            return thing.kind == "outside"
        if isinstance(wanted, Networks):
            return self._in_networks(wanted, thing)
        if isinstance(wanted, (Union, Intersection)):
            join = any if isinstance(wanted, Union) else all
            return join(self._in(part, thing, believed) for part in wanted.parts)
        if isinstance(wanted, Complement):
            return not self._in(wanted.inner, thing, believed)
        if isinstance(wanted, Perhaps):
            return believed[id(wanted), wanted.why] and self._in(wanted.inner, thing, believed)
        return False

    def _in_networks(self, wanted: Networks, thing: Thing) -> bool:
        counts = {
            "pod": self.networks_hold_pods if wanted.pods is None else wanted.pods,
            "node": bool(wanted.nodes),
        }
        if not counts.get(thing.kind, True) or not thing.address:
            return False
        address = ip_address(thing.address)
        inside = any(address in ip_network(text) for text in wanted.ranges)
        return inside and not any(address in ip_network(text) for text in wanted.without)

    def _doubts(self, direction: Direction, subject: Thing, peer: Thing) -> Iterator[Doubt]:
        for policy in self.policies:
            yield from _perhaps(policy.subjects)
            for rule in policy.rules:
                if rule.direction is direction:
                    yield from _perhaps(rule.peers)
                    if rule.depends:
                        yield id(rule), rule.depends


def _perhaps(wanted: Endpoints) -> Iterator[Doubt]:
    if isinstance(wanted, Perhaps):
        yield id(wanted), wanted.why
        yield from _perhaps(wanted.inner)
    elif isinstance(wanted, (Union, Intersection)):
        for part in wanted.parts:
            yield from _perhaps(part)
    elif isinstance(wanted, Complement):
        yield from _perhaps(wanted.inner)


def _port(rule: Rule, target: Thing, protocol: str, port: int) -> bool:
    if rule.ports is None:
        return True
    for item in rule.ports:
        if isinstance(item, NamedPort):
            if (item.protocol, item.name, port) in target.ports and item.protocol == protocol:
                return True
        elif item.protocol == protocol and item.low <= port <= item.high:
            return True
    return False
