"""The rules of aggregated ClusterRoles, as the controller writes them, to the fixpoint.

What an aggregated role says itself is overwritten; what it takes in may be aggregated in turn. Equal rules
are written once, in the order of the selectors and of the names of the roles that they select.

Source: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go of Kubernetes.
"""

from collections.abc import Iterable, Mapping

import msgspec

from casemate.analysis.selectors import selects
from casemate.model.rbac import PolicyRule, Role


class Source(msgspec.Struct, frozen=True, eq=False):
    """A rule of a role in effect, and the role and index where it is written."""

    rule: PolicyRule
    role: Role
    index: int


def effective_rules(roles: Iterable[Role]) -> dict[str, tuple[Source, ...]]:
    """The rules that each aggregated ClusterRole has in effect, by its name.

    `roles` are the ClusterRoles, of each name one; what is missing among them is missing in the answer.
    """
    by_name = {role.ref.name or "": role for role in roles}
    taken = {
        name: _selected(role, by_name) for name, role in by_name.items() if role.aggregation_rule is not None
    }
    found: dict[str, tuple[Source, ...]] = dict.fromkeys(taken, ())
    changed = True
    while changed:
        changed = False
        for name, selected in taken.items():
            union = _union(selected, found)
            if len(union) != len(found[name]):
                found[name], changed = union, True
    return found


def written(role: Role) -> tuple[Source, ...]:
    """The rules of a role as they are written."""
    return tuple(Source(rule, role, index) for index, rule in enumerate(role.rules))


def _selected(role: Role, by_name: Mapping[str, Role]) -> list[Role]:
    rule = role.aggregation_rule
    selectors = rule.cluster_role_selectors if rule is not None else ()
    names = sorted(by_name)
    return [
        by_name[name]
        for selector in selectors
        for name in names
        if by_name[name] is not role and selects(selector, by_name[name].labels)
    ]


def _union(selected: Iterable[Role], found: Mapping[str, tuple[Source, ...]]) -> tuple[Source, ...]:
    union: dict[PolicyRule, Source] = {}
    for role in selected:
        for source in written(role) if role.aggregation_rule is None else found[role.ref.name or ""]:
            union.setdefault(source.rule, source)
    return tuple(union.values())
