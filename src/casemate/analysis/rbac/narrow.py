"""The narrowest rules that allow given requests, by the namespace where each is needed.

Names of objects are kept where the request carries one, as long as they are few and made by people: a name
that a controller made up will be another one tomorrow. They are left out only where what is held now covers
that too. A request in a namespace never becomes a rule for the cluster.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from casemate.analysis.rbac.compact import gathered
from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.rules import Request, allows
from casemate.model.rbac import PolicyRule

READS = ("get", "list", "watch")
MANY = 10
"""Names of one resource beyond which a rule is about all of its objects."""
_GENERATED = re.compile(
    r"-(?:[bcdfghjklmnpqrstvwxz2456789]{5,10}|[0-9]{8,10}|[0-9a-f]{12,})\Z|\.[0-9a-f]{14,}\Z|"
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
)
"""Names that controllers make up: `generateName`, hashes of templates, times of cron jobs, events, UUIDs."""

Held = dict[str, list[PolicyRule]]
"""The rules held now by the namespace where they hold; the empty text for everywhere."""


class Wide(msgspec.Struct, frozen=True):
    """Where a rule says more than was asked: `verbs` on all objects of a resource, not on `names` of them."""

    namespace: str
    resource: str
    verbs: tuple[str, ...]
    names: int


class Narrow(msgspec.Struct, eq=False):
    """Rules by namespace (empty: the cluster), where they say more than was seen, and what was added."""

    rules: dict[str, tuple[PolicyRule, ...]]
    wider: tuple[Wide, ...]
    added: dict[str, tuple[PolicyRule, ...]]


def narrowed(
    requests: Iterable[Request], held: Held, *, many: int = MANY, complete_reads: bool = False
) -> Narrow:
    """The rules for requests, never more than `held` covers.

    `many` is how many names a rule may list. With `complete_reads`, whoever reads all objects of a resource
    in one way may also get, list and watch them.
    """
    places: dict[str, list[Request]] = {}
    for request in dict.fromkeys(requests):
        places.setdefault(request.namespace if request.is_resource else "", []).append(request)
    rules: dict[str, tuple[PolicyRule, ...]] = {}
    wider: list[Wide] = []
    added: dict[str, tuple[PolicyRule, ...]] = {}
    for namespace in sorted(places):
        everywhere = rules.get("", ())
        needed = [one for one in places[namespace] if not any(allows(rule, one) for rule in everywhere)]
        owned = [*held.get("", ()), *(held.get(namespace, ()) if namespace else ())]
        found, loose = _rules(needed, owned, many, namespace)
        more = list(_completed(found, owned)) if complete_reads else []
        if found:
            rules[namespace] = gathered([*found, *more])
            wider += loose
        if more:
            added[namespace] = gathered(more)
    return Narrow(rules, tuple(wider), added)


def is_generated(name: str) -> bool:
    """Whether a name looks like one that a controller made up."""
    return _GENERATED.search(name) is not None


def _rules(
    requests: Iterable[Request], owned: Sequence[PolicyRule], many: int, namespace: str
) -> tuple[list[PolicyRule], list[Wide]]:
    """A rule for each verb on each resource or URL, and where it had to leave names out."""
    found: list[PolicyRule] = []
    names: dict[tuple[str, str, str], set[str]] = {}
    for request in requests:
        if not request.is_resource:
            found.append(PolicyRule(verbs=(request.verb,), non_resource_urls=(request.path,)))
            continue
        names.setdefault((request.verb, request.group, request.full_resource), set()).add(request.name)
    left_out: dict[tuple[str, str], tuple[set[str], list[str]]] = {}
    for (verb, group, resource), of in names.items():
        everything = _rule(verb, group, resource)
        if "" in of:
            found.append(everything)
        elif (len(of) > many or any(map(is_generated, of))) and _covers(owned, everything):
            found.append(everything)
            known, verbs = left_out.setdefault((group, resource), (set(), []))
            known.update(of)
            verbs.append(verb)
        else:
            found += [_rule(verb, group, resource, name) for name in of]
    wide = [
        Wide(namespace, f"{resource}.{group}" if group else resource, tuple(sorted(verbs)), len(known))
        for (group, resource), (known, verbs) in sorted(left_out.items())
    ]
    return found, wide


def _completed(found: Iterable[PolicyRule], owned: Sequence[PolicyRule]) -> Iterator[PolicyRule]:
    """The other two ways to read what is read without names, where they are held now."""
    rules = list(found)
    known = set(rules)
    for rule in rules:
        if rule.verbs[0] in READS and not rule.resource_names and rule.resources:
            for verb in READS:
                other = msgspec.structs.replace(rule, verbs=(verb,))
                if other not in known and _covers(owned, other):
                    known.add(other)
                    yield other


def _covers(owned: Sequence[PolicyRule], rule: PolicyRule) -> bool:
    return next(uncovered(owned, [rule]), None) is None


def _rule(verb: str, group: str, resource: str, name: str = "") -> PolicyRule:
    return PolicyRule(
        verbs=(verb,), api_groups=(group,), resources=(resource,), resource_names=(name,) if name else ()
    )
