"""From a request to the roles with a rule for it, without looking at every rule.

Rules are filed under each entry of their resources and URLs; a request looks up the entries that can mean
it. What was found for a verb, group and resource is remembered.
"""

from collections.abc import Iterator, Sequence

from casemate.analysis.rbac.rules import ALL, Request, matches_group, matches_verb, url_matches
from casemate.model.rbac import PolicyRule

_REMEMBERED = 4_000_000
"""Entries of remembered answers, about a hundred bytes each."""

Matching = tuple[tuple[int, frozenset[str] | None], ...]
"""The rules of a role that match but for the name: their indices, and the names meant (None: all)."""


class RuleIndex:
    """The distinct rules of roles, which are known by numbers."""

    def __init__(self) -> None:
        self._rules: list[PolicyRule] = []
        self._holders: list[list[tuple[int, int]]] = []
        self._numbers: dict[PolicyRule, int] = {}
        self._by_resource: dict[str, list[int]] = {}
        self._by_url: dict[str, list[int]] = {}
        self._url_prefixes: set[str] = set()
        self._known: dict[tuple[str, ...], dict[int, Matching]] = {}
        self._remembered = 0

    def add(self, role: int, rules: Sequence[PolicyRule]) -> None:
        """File the rules of a role."""
        for index, rule in enumerate(rules):
            number = self._numbers.get(rule)
            if number is None:
                if rule.attribute_restrictions is not None:
                    continue  # it grants nothing
                number = self._numbers[rule] = len(self._rules)
                self._rules.append(rule)
                self._holders.append([])
                self._file(number, rule)
            self._holders[number].append((role, index))

    def roles_for(self, request: Request) -> dict[int, Matching]:
        """The roles with rules that match a request but for its name, and these rules."""
        is_resource = request.is_resource
        key = (
            (request.verb, request.group, request.resource, request.subresource)
            if is_resource
            else (request.verb, request.path)
        )
        known = self._known.get(key)
        if known is None:
            known = {}
            for number in sorted(
                set(self._about_resource(request) if is_resource else self._about_url(request))
            ):
                rule = self._rules[number]
                if not matches_verb(rule, request.verb):
                    continue
                if is_resource and not matches_group(rule, request.group):
                    continue
                names = frozenset(rule.resource_names) if is_resource and rule.resource_names else None
                for role, index in self._holders[number]:
                    known[role] = (*known.get(role, ()), (index, names))
            for role, matching in known.items():
                if len(matching) > 1:
                    known[role] = tuple(sorted(matching, key=_index))
            if self._remembered > _REMEMBERED:
                self._known.clear()
                self._remembered = 0
            self._known[key] = known
            self._remembered += len(known) + 1
        return known

    @staticmethod
    def rule_for(matching: Matching, name: str) -> int | None:
        """The first of a role's matching rules that is about an object of that name."""
        for index, names in matching:
            if names is None or name in names:
                return index
        return None

    def _file(self, number: int, rule: PolicyRule) -> None:
        for resource in set(rule.resources):
            self._by_resource.setdefault(resource, []).append(number)
        for url in set(rule.non_resource_urls):
            self._by_url.setdefault(url, []).append(number)
            if url.endswith(ALL):
                self._url_prefixes.add(url)

    def _about_resource(self, request: Request) -> Iterator[int]:
        entries = {ALL, request.full_resource}
        if request.subresource:
            entries.add(f"*/{request.subresource}")
        for entry in entries:
            yield from self._by_resource.get(entry, ())

    def _about_url(self, request: Request) -> Iterator[int]:
        entries = {request.path, *(url for url in self._url_prefixes if url_matches(url, request.path))}
        for entry in entries:
            yield from self._by_url.get(entry, ())


def _index(matching: tuple[int, frozenset[str] | None]) -> int:
    return matching[0]
