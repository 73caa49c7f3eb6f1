"""Rules that change nothing, since other rules for the same pods decide all that they are about.

A rule is covered where another one is for all its subjects, peers and ports, and is asked before it; where
all rules of a stage allow, their order is no matter. Of two rules that cover each other the first stays.
Istio's policies are left out: one of them is many rules here.
"""

from collections.abc import Iterator, Sequence

import msgspec

from casemate.analysis.network.breadth import only_namespace
from casemate.analysis.network.containment import endpoints_hold, ports_hold
from casemate.analysis.network.policies import Action, Direction, NamedPort, Policy, Rule
from casemate.analysis.network.situation import Situation
from casemate.model.estate import Entity
from casemate.model.place import Path

_MANY = 300
"""So many policies for many namespaces are compared with all others, and no more."""
_Place = tuple[int, Path]


class Covered(msgspec.Struct, frozen=True, eq=False):
    """A rule that changes nothing, and the rule that decides all of it."""

    rule: Rule
    by: Rule
    policy: Policy

    @property
    def is_same(self) -> bool:
        """Whether the other rule is about nothing else."""
        return _holds(self.rule, self.by)


class Shadowing:
    """The rules of an estate that change nothing."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._universe = situation.network.reach.universe
        self._found: dict[int, list[Covered]] = {}
        self._additions: dict[int, tuple[Entity, ...]] = {}
        policies = [policy for policy in situation.network.reach.policies if policy.tier.order >= 0]
        for direction in Direction:
            self._search(policies, direction)

    def of(self, entity: Entity) -> list[Covered]:
        """The rules of a policy that change nothing."""
        return self._found.get(id(entity), [])

    def adds_nothing_to(self, entity: Entity) -> tuple[Entity, ...]:
        """The policies beside which a policy changes nothing; none where it does change something."""
        own = self._situation.policies_of(entity)
        rules = {rule.at for policy in own for rule in policy.rules}
        covered = self.of(entity)
        if not covered or {item.rule.at for item in covered} != rules:
            return ()
        others = [item.policy for item in covered if item.policy.entity is not entity]
        isolating = {
            direction
            for policy in own
            for direction in policy.isolates
            if any(
                direction in other.isolates and endpoints_hold(other.subjects, policy.subjects)
                for other in others
            )
        }
        if len(others) < len(covered) or isolating != {d for policy in own for d in policy.isolates}:
            return ()
        return tuple({id(other.entity): other.entity for other in others}.values())

    def absent_ports(self, entity: Entity) -> Iterator[tuple[Rule, str]]:
        """The rules for ingress whose only ports are named ones that no pod of the policy has."""
        for policy in self._situation.policies_of(entity):
            span = self._universe.where(policy.subjects)
            pods = [self._universe.pods[n] for n in span.sure if n < len(self._universe.pods)]
            for rule in policy.rules if pods else ():
                names = [port for port in rule.ports or () if isinstance(port, NamedPort)]
                if rule.direction is Direction.EGRESS or not names or len(names) < len(rule.ports or ()):
                    continue
                if not any(
                    (port.protocol, port.name) == (own.protocol, own.name)
                    for port in names
                    for pod in pods
                    for own in pod.ports
                ):
                    yield rule, " and ".join(port.name for port in names)

    def _search(self, policies: Sequence[Policy], direction: Direction) -> None:
        """Look for covered rules of a direction; one that stands for several must be covered in each form."""
        near: dict[str, list[int]] = {}
        wide: list[int] = []
        speaking = [
            policy for policy in policies if any(rule.direction is direction for rule in policy.rules)
        ]
        speaking.sort(key=lambda policy: (policy.tier, policy.order, policy.name))
        for number, policy in enumerate(speaking):
            namespace = only_namespace(policy)
            if namespace is None:
                wide.append(number)
            else:
                near.setdefault(namespace, []).append(number)
        everywhere = wide if len(wide) <= _MANY else []
        ordered = {
            (policy.tier, policy.order)
            for policy in speaking
            for rule in policy.rules
            if rule.direction is direction and rule.action is not Action.ALLOW
        }
        answers: dict[_Place, list[Covered | None]] = {}
        for number, policy in enumerate(speaking):
            namespace = only_namespace(policy)
            around = [*(near[namespace] if namespace is not None else ()), *everywhere]
            others = [
                (other, speaking[other])
                for other in around
                if speaking[other].tier == policy.tier
                and endpoints_hold(speaking[other].subjects, policy.subjects)
            ]
            any_order = (policy.tier, policy.order) not in ordered
            for index, rule in _rules(policy, direction):
                covering = _covering((number, index), rule, policy, others, any_order=any_order)
                answers.setdefault((id(policy.entity), rule.at), []).append(covering)
        for (entity, _), found in answers.items():
            if all(item is not None for item in found) and found[0] is not None:
                self._found.setdefault(entity, []).append(found[0])


def _covering(
    place: tuple[int, int],
    rule: Rule,
    policy: Policy,
    others: Sequence[tuple[int, Policy]],
    *,
    any_order: bool,
) -> Covered | None:
    """A rule that decides all of another one; `any_order` says that their order is no matter."""
    for number, other in others:
        for index, wider in _rules(other, rule.direction):
            same = (number, index) == place or (wider.at == rule.at and other.entity is policy.entity)
            if same or wider.depends or not _holds(wider, rule):
                continue
            before = (number, index) < place
            tied = other.tier.ties and other.order == policy.order and other is not policy
            if before and not tied:
                return Covered(rule, wider, other)
            mutual = _holds(rule, wider) and endpoints_hold(policy.subjects, other.subjects)
            if any_order and not mutual and other.order == policy.order:
                return Covered(rule, wider, other)
    return None


def _holds(wider: Rule, rule: Rule) -> bool:
    return ports_hold(wider.ports, rule.ports) and endpoints_hold(wider.peers, rule.peers)


def _rules(policy: Policy, direction: Direction) -> Iterator[tuple[int, Rule]]:
    return ((index, rule) for index, rule in enumerate(policy.rules) if rule.direction is direction)
