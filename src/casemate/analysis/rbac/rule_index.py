"""From a request to the rules for it, and to the roles that hold them, without looking at every rule.

Each distinct rule is kept once, filed under each entry of its resources and URLs; a request looks up the
entries that can mean it. What was found for a verb, group and resource is remembered.
"""

from collections.abc import Iterator, Sequence

from casemate.analysis.rbac.rules import ALL, Request, matches_group, matches_verb, url_matches
from casemate.model.rbac import PolicyRule

_REMEMBERED = 4_000_000
"""Entries of remembered answers, about a hundred bytes each."""

Matching = dict[int, frozenset[str] | None]
"""The rules that match but for the name, by their numbers, and the names that each is about (None: all)."""


class RuleIndex:
    """The distinct rules of roles; both are known by numbers."""

    def __init__(self) -> None:
        self._rules: list[PolicyRule] = []
        self._numbers: dict[PolicyRule, int] = {}
        self._of_role: list[tuple[int, ...]] = []
        self._holders: list[list[tuple[int, int]]] = []
        self._by_resource: dict[str, list[int]] = {}
        self._by_url: dict[str, list[int]] = {}
        self._url_prefixes: set[str] = set()
        self._known: dict[tuple[str, ...], Matching] = {}
        self._remembered = 0

    def add(self, rules: Sequence[PolicyRule]) -> None:
        """File the rules of the next role."""
        role = len(self._of_role)
        self._of_role.append(tuple(self._number(rule) for rule in rules))
        for index, number in enumerate(self._of_role[role]):
            self._holders[number].append((role, index))

    def matching(self, request: Request) -> Matching:
        """The rules for a request, but for its name."""
        if request.is_resource:
            key = (request.verb, request.group, request.resource, request.subresource)
        else:
            key = (request.verb, request.path)  # type: ignore[assignment] # of two words, the other of four
        known = self._known.get(key)
        if known is None:
            if self._remembered > _REMEMBERED:
                self._known.clear()
                self._remembered = 0
            known = self._known[key] = dict(self._found(request))
            self._remembered += len(known) + 1
        return known

    def rule_for(self, role: int, matching: Matching, name: str) -> int | None:
        """The index of the first rule of a role that is for an object of that name."""
        for index, number in enumerate(self._of_role[role]):
            if number in matching:
                names = matching[number]
                if names is None or name in names:
                    return index
        return None

    def roles_for(self, matching: Matching, name: str) -> dict[int, int]:
        """The roles with a rule for an object of that name, and the index of the first such rule."""
        found: dict[int, int] = {}
        for number, names in matching.items():
            if names is None or name in names:
                for role, index in self._holders[number]:
                    found[role] = min(index, found.get(role, index))
        return found

    def _number(self, rule: PolicyRule) -> int:
        number = self._numbers.get(rule)
        if number is None:
            number = self._numbers[rule] = len(self._rules)
            self._rules.append(rule)
            self._holders.append([])
            if rule.attribute_restrictions is None:  # else it grants nothing
                self._file(number, rule)
        return number

    def _file(self, number: int, rule: PolicyRule) -> None:
        for resource in set(rule.resources):
            self._by_resource.setdefault(resource, []).append(number)
        for url in set(rule.non_resource_urls):
            self._by_url.setdefault(url, []).append(number)
            if url.endswith(ALL):
                self._url_prefixes.add(url)

    def _found(self, request: Request) -> Iterator[tuple[int, frozenset[str] | None]]:
        is_resource = request.is_resource
        for number in self._about_resource(request) if is_resource else self._about_url(request):
            rule = self._rules[number]
            if not matches_verb(rule, request.verb):
                continue
            if not is_resource:
                yield number, None
            elif matches_group(rule, request.group):
                yield number, frozenset(rule.resource_names) if rule.resource_names else None

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
