"""Fewer rules that say the same.

`compact` merges what differs by verbs only, as the API server does where it names missing rights; `gathered`
goes on to names and resources. Neither ever says more: a merged rule's atoms are those of its parts.

Source: pkg/registry/rbac/validation/policy_compact.go of Kubernetes.
"""

from collections.abc import Iterable

import msgspec

from casemate.model.rbac import PolicyRule

_LISTS = ("verbs", "api_groups", "resources", "resource_names", "non_resource_urls")


def compact(rules: Iterable[PolicyRule]) -> tuple[PolicyRule, ...]:
    """The rules, those of one group, one resource and at most one name merged where only verbs differ.

    Verbs keep their order and are not made unique, as upstream leaves them. Other rules stay as they are and
    come first.
    """
    others: list[PolicyRule] = []
    simple: dict[tuple[str, str, tuple[str, ...]], PolicyRule] = {}
    for rule in rules:
        if not _is_simple(rule):
            others.append(rule)
            continue
        key = (rule.api_groups[0], rule.resources[0], rule.resource_names)
        known = simple.get(key)
        simple[key] = rule if known is None else _with(known, verbs=(*known.verbs, *rule.verbs))
    return (*others, *simple.values())


def gathered(rules: Iterable[PolicyRule]) -> tuple[PolicyRule, ...]:
    """The rules in as few as say exactly the same, sorted, for people to read.

    Rules are merged where they differ in one list only: in verbs, names, resources or URLs.
    """
    merged = tuple(_sorted(rule) for rule in compact(rules))
    count = -1
    while count != len(merged):
        count = len(merged)
        for field in ("verbs", "resource_names", "resources", "non_resource_urls"):
            merged = tuple(_merged(merged, field))
    return tuple(sorted(dict.fromkeys(merged), key=_order))


def _is_simple(rule: PolicyRule) -> bool:
    return (
        len(rule.api_groups) == 1
        and len(rule.resources) == 1
        and len(rule.resource_names) <= 1
        and not rule.non_resource_urls
        and rule.attribute_restrictions is None
    )


def _merged(rules: Iterable[PolicyRule], field: str) -> Iterable[PolicyRule]:
    """Rules that differ in one list only, as one; no name means all names, which stays alone."""
    found: dict[PolicyRule, PolicyRule] = {}
    for rule in rules:
        values: tuple[str, ...] = getattr(rule, field)
        if not values or rule.attribute_restrictions is not None:
            found[rule] = rule
            continue
        key = _with(rule, **{field: ("",)})
        known = found.get(key)
        both = values if known is None else (*getattr(known, field), *values)
        found[key] = _with(rule, **{field: tuple(sorted(set(both)))})
    return found.values()


def _sorted(rule: PolicyRule) -> PolicyRule:
    lists = {field: tuple(sorted(set(getattr(rule, field)))) for field in _LISTS}
    return _with(rule, **lists)


def _with(rule: PolicyRule, **fields: tuple[str, ...]) -> PolicyRule:
    return msgspec.structs.replace(rule, **fields)


def _order(rule: PolicyRule) -> tuple[tuple[str, ...], ...]:
    return rule.non_resource_urls, rule.api_groups, rule.resources, rule.resource_names, rule.verbs
