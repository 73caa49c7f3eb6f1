"""Whether rules grant all that others grant, as the API server decides it to prevent escalation.

The rules in question are broken into atoms (one verb, group, resource and name, or one verb and URL), and
each atom must be covered by a single rule.

Source: component-helpers auth/rbac/validation/policy_comparator.go of Kubernetes.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from casemate.analysis.rbac.rules import ALL, matches_group, matches_verb, url_matches
from casemate.model.rbac import PolicyRule


def uncovered(owner: Sequence[PolicyRule], servant: Iterable[PolicyRule]) -> Iterator[PolicyRule]:
    """The atoms of the servant's rules that no single rule of the owner covers."""
    for rule in servant:
        for atom in atoms(rule):
            if not any(covers_atom(own, atom) for own in owner):
                yield atom


def atoms(rule: PolicyRule) -> Iterator[PolicyRule]:
    """The smallest rules that say together what a rule says."""
    names: list[tuple[str, ...]] = [(name,) for name in rule.resource_names] or [()]
    for group, resource, verb, name in product(rule.api_groups, rule.resources, rule.verbs, names):
        yield PolicyRule(verbs=(verb,), api_groups=(group,), resources=(resource,), resource_names=name)
    for url, verb in product(rule.non_resource_urls, rule.verbs):
        yield PolicyRule(verbs=(verb,), non_resource_urls=(url,))


def covers_atom(rule: PolicyRule, atom: PolicyRule) -> bool:
    """Whether one rule covers an atom."""
    if not matches_verb(rule, atom.verbs[0]):
        return False
    if atom.non_resource_urls:
        url = atom.non_resource_urls[0]
        return not rule.resource_names and any(url_matches(known, url) for known in rule.non_resource_urls)
    if not matches_group(rule, atom.api_groups[0]):
        return False
    if not any(_resource_covers(pattern, atom.resources[0]) for pattern in rule.resources):
        return False
    if not rule.resource_names:
        return True
    return bool(atom.resource_names) and atom.resource_names[0] in rule.resource_names


def _resource_covers(pattern: str, resource: str) -> bool:
    _, slash, subresource = resource.partition("/")
    return pattern in {ALL, resource} or (slash != "" and pattern == f"*/{subresource}")
