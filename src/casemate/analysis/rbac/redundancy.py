"""Grants that their holder does not need: without them all at once, nobody may do less.

For each subject its grants are gone through from the least to the most worth keeping; one whose rights
those that are left give too is taken out. What is left covers all that was taken out, since covering is
transitive. A grant of the whole cluster counts in each namespace. Rights of groups that a subject is in do
not count: nobody would rely on them.

What a role gives is compared as the API server's check against escalation compares it, atom by atom, each by
one rule: what only several rules together amount to is not seen, so that nothing is called needless that is
not.

Source: component-helpers auth/rbac/validation/policy_comparator.go of Kubernetes.
"""

from collections.abc import Iterable, Sequence
from math import prod

import msgspec

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.defaults import MASTERS, is_default_binding
from casemate.analysis.rbac.holdings import EVERYWHERE, Content, Holding, Holdings
from casemate.analysis.rbac.rules import ALL
from casemate.model.rbac import Binding, PolicyRule
from casemate.model.version import KubernetesVersion

_MOST_GRANTS = 200
"""Grants of one subject in one place that are compared with each other; of more, only equal roles are."""
_MOST_ATOMS = 20_000
"""Atoms of a role that are looked at one by one."""
_EVERYTHING = (
    PolicyRule(verbs=(ALL,), api_groups=(ALL,), resources=(ALL,)),
    PolicyRule(verbs=(ALL,), non_resource_urls=(ALL,)),
)


class Needless(msgspec.Struct, frozen=True, eq=False):
    """A grant that can go, and those by which its holder keeps all that it gives."""

    holding: Holding
    by: tuple[Holding, ...]


class Redundancy:
    """The needless grants of an estate, by binding."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._found: dict[KubernetesVersion, dict[int, list[Needless]]] = {}
        self._shapes: dict[Content, frozenset[str] | None] = {}
        self._covered: dict[tuple[Content, tuple[Content, ...]], bool] = {}

    def of_binding(self, binding: Binding, kubernetes: KubernetesVersion) -> Sequence[Needless]:
        """The needless grants of one binding, at most one for each subject."""
        found = self._found.get(kubernetes)
        if found is None:
            found = self._found[kubernetes] = {}
            for key, held in self._holdings.by_key(kubernetes).items():
                if len(held) > 1 and key != f"group {MASTERS}":
                    for needless in self._of_holder(held, kubernetes):
                        found.setdefault(id(needless.holding.binding), []).append(needless)
        return found.get(id(binding), ())

    def _of_holder(self, held: Sequence[Holding], kubernetes: KubernetesVersion) -> Iterable[Needless]:
        scopes: dict[str, list[Holding]] = {}
        for holding in held:
            scopes.setdefault(holding.scope, []).append(holding)
        if len(scopes) == len(held) and EVERYWHERE not in scopes:
            return
        wide = scopes.pop(EVERYWHERE, [])
        kept_wide, gone = self._sifted(wide, (), kubernetes)
        for needless in gone:
            yield Needless(needless, self._reasons(needless, kept_wide))
        for narrow in scopes.values():
            if len(narrow) == 1 and not kept_wide:
                continue
            kept, gone = self._sifted(narrow, kept_wide, kubernetes)
            for needless in gone:
                yield Needless(needless, self._reasons(needless, [*kept_wide, *kept]))

    def _sifted(
        self, held: list[Holding], beside: Sequence[Holding], kubernetes: KubernetesVersion
    ) -> tuple[list[Holding], list[Holding]]:
        """The grants of one scope that stay, and those that can go."""
        if len(held) + len(beside) < 2:
            return held, []
        if len(held) + len(beside) > _MOST_GRANTS:
            first = {one.content: one for one in reversed((*beside, *held))}
            gone = [one for one in held if first[one.content] is not one and not _stays(one, kubernetes)]
            return list(first.values()), gone
        kept, gone, order = list(held), [], list(reversed(held))
        if len(order) > 1:
            order.sort(key=_worth)
        for holding in order:
            others = [other for other in (*beside, *kept) if other is not holding]
            if self._suffice(others, holding) and not _stays(holding, kubernetes):
                kept.remove(holding)
                gone.append(holding)
        return kept, gone

    def _suffice(self, others: Sequence[Holding], holding: Holding) -> bool:
        """Whether other grants give all that one gives."""
        content = holding.content
        contents = tuple(dict.fromkeys(other.content for other in others))
        if content in contents:
            return True
        if content.within and any(_is_within(content, other) for other in contents):
            return True
        own = self._shape(content)
        shapes = [self._shape(other) for other in contents]
        if None not in shapes and (own is None or not own.issubset(frozenset().union(*filter(None, shapes)))):
            return False
        return self._covers(contents, content)

    def _covers(self, contents: tuple[Content, ...], content: Content) -> bool:
        key = content, contents
        known = self._covered.get(key)
        if known is None:
            owner = [rule for other in contents for rule in other.rules]
            known = self._covered[key] = _covers(owner, content)
        return known

    def _reasons(self, needless: Holding, kept: Sequence[Holding]) -> tuple[Holding, ...]:
        """The fewest grants that suffice: one of the same role, or one; else none that others make up for."""
        same = [one for one in kept if one.content is needless.content]
        found = next((one for one in (*same, *kept) if self._suffice([one], needless)), None)
        if found is not None:
            return (found,)
        left = list(kept)
        for one in reversed(kept):
            without = [other for other in left if other is not one]
            if self._suffice(without, needless):
                left = without
        return tuple(left)

    def _shape(self, content: Content) -> frozenset[str] | None:
        """The resources that its rules are about; None where a wildcard or a URL makes them many."""
        if content not in self._shapes:
            names = {name for rule in content.rules for name in rule.resources}
            plain = not any(name.startswith(ALL) for name in names)
            plain = plain and not any(rule.non_resource_urls for rule in content.rules)
            self._shapes[content] = frozenset(names) if plain else None
        return self._shapes[content]


def _covers(owner: Sequence[PolicyRule], content: Content) -> bool:
    if content.open:
        return not any(True for _ in uncovered(owner, _EVERYTHING))
    if not content.rules or sum(map(_size, content.rules)) > _MOST_ATOMS:
        return False
    return not any(True for _ in uncovered(owner, content.rules))


def _stays(holding: Holding, kubernetes: KubernetesVersion) -> bool:
    """Whether Kubernetes would make the binding again."""
    return is_default_binding(holding.binding, kubernetes)


def _is_within(content: Content, other: Content) -> bool:
    kind, _, name = other.place
    return kind == "ClusterRole" and name in content.within


def _worth(holding: Holding) -> tuple[bool, int]:
    """What is worth least comes first: few rights, and of equal ones the last read, which sorting keeps."""
    rules = holding.content.rules
    everything = any(ALL in rule.verbs and ALL in rule.resources for rule in rules)
    return everything, sum(map(_size, rules))


def _size(rule: PolicyRule) -> int:
    names = max(len(rule.resource_names), 1)
    return len(rule.verbs) * (
        prod((len(rule.api_groups), len(rule.resources), names)) + len(rule.non_resource_urls)
    )
