"""What one subject gains by holding several roles at once: powers that none of them gives by itself.

A subject holds what it is given in the whole cluster, in one namespace, and by the groups that the API server
adds to everybody or to each service account. Which other groups it is in, no object says.

Source: pkg/registry/rbac/validation/rule.go of Kubernetes: all rules of a caller count together.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from casemate.analysis.rbac.capabilities import CATALOGUE
from casemate.analysis.rbac.defaults import MASTERS, is_default_binding
from casemate.analysis.rbac.everything import spelled_out
from casemate.analysis.rbac.holding import Held, bits_of, bits_of_capability, held
from casemate.analysis.rbac.holdings import EVERYWHERE, Content, Holding, Holdings
from casemate.analysis.rbac.identity import AUTHENTICATED, SERVICE_ACCOUNTS, account_of
from casemate.analysis.rbac.rules import ALL
from casemate.model.rbac import Binding, PolicyRule
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion

_SHARED = (f"group {AUTHENTICATED}", f"group {SERVICE_ACCOUNTS}")
_MEANT = frozenset({"node-certificates"})
"""What is meant to be given by two roles: those by which Kubernetes lets new nodes join."""
_MOST = 200
"""Grants of one subject in one place that are put together."""


class Union(msgspec.Struct, frozen=True, eq=False):
    """A power that grants of one subject give together; None is every power there is.

    `last` is the grant that is read last of those that are needed, `others` the rest of them.
    """

    power: Held | None
    last: Holding
    others: tuple[Holding, ...]

    @property
    def id(self) -> str | None:
        """The power's name."""
        return self.power.capability.id if self.power is not None else None

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        if self.power is None:
            return Severity.HIGH if self.last.scope == EVERYWHERE else Severity.MEDIUM
        return self.power.severity or Severity.INFO


class Unions:
    """The powers of an estate that come about by several grants only, by the last binding of each."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._is_part: dict[Content, bool] = {}
        self._found: dict[KubernetesVersion, dict[int, list[Union]]] = {}

    def of_binding(self, binding: Binding, kubernetes: KubernetesVersion) -> Sequence[Union]:
        """The powers that a binding is the last to complete."""
        found = self._found.get(kubernetes)
        if found is None:
            found = self._found[kubernetes] = {}
            for union in self._all(kubernetes):
                found.setdefault(id(union.last.binding), []).append(union)
        return found.get(id(binding), ())

    def _all(self, kubernetes: KubernetesVersion) -> Iterator[Union]:
        by_key = self._holdings.by_key(kubernetes)
        shared = {
            group: parts
            for group, held in by_key.items()
            if group.startswith(_SHARED) and (parts := self._parts_of(held, kubernetes))
        }
        for key, own in by_key.items():
            of_groups = [one for group in _groups(key) for one in shared.get(group, ())] if shared else []
            if len(own) + len(of_groups) > 1 and key != f"group {MASTERS}":
                parts = self._parts_of(own, kubernetes)
                if parts and len(parts) + len(of_groups) > 1:
                    yield from _of_holder(key, [*of_groups, *parts], kubernetes)

    def _parts_of(self, held: Sequence[Holding], kubernetes: KubernetesVersion) -> list[Holding]:
        """The grants with a right that gives power together with another."""
        known = self._is_part
        found = []
        for one in held:
            part = known.get(one.content)
            if part is None:
                part = known[one.content] = any(map(_is_part, one.content.rules))
            if part and not is_default_binding(one.binding, kubernetes):
                found.append(one)
        return found


def _of_holder(key: str, parts: Sequence[Holding], kubernetes: KubernetesVersion) -> Iterator[Union]:
    scopes: dict[str, list[Holding]] = {EVERYWHERE: []}
    for one in parts:
        scopes.setdefault(one.scope, []).append(one)
    wide = scopes.pop(EVERYWHERE)[:_MOST]
    everywhere = set()
    for union in _together(key, wide, kubernetes, EVERYWHERE):
        everywhere.add(union.id)
        yield union
    for scope, narrow in scopes.items():
        for union in _together(key, [*wide, *narrow][:_MOST], kubernetes, scope):
            if union.id not in everywhere:
                yield union


def _together(
    key: str, near: Sequence[Holding], kubernetes: KubernetesVersion, scope: str
) -> Iterator[Union]:
    """The powers of all grants, without those that one of them gives."""
    contents = tuple(dict.fromkeys(one.content for one in near))
    if len(contents) < 2 or (scope != EVERYWHERE and all(one.scope == EVERYWHERE for one in near)):
        return
    if any(spelled_out(content.rules) for content in contents):
        return  # one that grants everything is reported by itself, and nothing can be added to it
    if spelled_out(_rules(near)):
        yield from _union(key, None, _needed(near, lambda some: bool(spelled_out(_rules(some)))))
        return

    def powers(some: Sequence[Holding]) -> dict[str, Held]:
        found = held(_rules(some), kubernetes, wide=scope == EVERYWHERE, namespace=scope or None)
        return {one.capability.id: one for one in found if not one.named}

    def has(name: str, some: Sequence[Holding]) -> bool:
        return name in powers(some)

    alone = {name for one in near for name in powers([one])}
    for name, power in powers(near).items():
        if (
            name not in alone
            and name not in _MEANT
            and power.severity is not None
            and power.severity > Severity.LOW
        ):
            yield from _union(key, power, _needed(near, partial(has, name)))


def _needed(near: Sequence[Holding], suffices: Callable[[Sequence[Holding]], bool]) -> list[Holding]:
    """The grants that are needed for it, without those that can be left out: the subject's own first."""
    left = list(near)
    for one in reversed(near):
        without = [other for other in left if other is not one]
        if suffices(without):
            left = without
    return left


def _union(key: str, power: Held | None, needed: list[Holding]) -> Iterator[Union]:
    """The last of the subject's own grants answers for it; what groups give alone is theirs."""
    last = next((one for one in reversed(needed) if one.key == key), None)
    if last is not None:
        yield Union(power, last, tuple(one for one in needed if one is not last))


def _rules(some: Sequence[Holding]) -> list[PolicyRule]:
    return [rule for content in dict.fromkeys(one.content for one in some) for rule in content.rules]


def _groups(key: str) -> tuple[str, ...]:
    """The groups that the API server adds to a user, or to who is in a group of service accounts, as keys."""
    kind, _, name = key.partition(" ")
    groups: tuple[str, ...] = ()
    if kind == "user":
        account = account_of(name)
        of_account = (f"{SERVICE_ACCOUNTS}:{account[0]}", SERVICE_ACCOUNTS) if account is not None else ()
        groups = (*of_account, AUTHENTICATED)
    elif name == SERVICE_ACCOUNTS:
        groups = (AUTHENTICATED,)
    elif name.startswith(f"{SERVICE_ACCOUNTS}:"):
        groups = (SERVICE_ACCOUNTS, AUTHENTICATED)
    return tuple(f"group {group}" for group in groups)


def _is_part(rule: PolicyRule) -> bool:
    """Whether a rule grants a right that some way of the catalogue needs together with others."""
    if ALL in rule.resources:
        return True
    return not _PARTS.isdisjoint(rule.resources) and bool(bits_of(rule).any & _BITS)


def _bits() -> int:
    bits = 0
    for capability in CATALOGUE.values():
        for way, _, needed in bits_of_capability(capability)[1]:
            if len(way) > 1:
                bits |= needed
    return bits


_BITS = _bits()
_PARTS = frozenset(
    name
    for capability in CATALOGUE.values()
    for way in capability.ways
    for right in way
    if len(way) > 1
    for name in (right.resource, f"*/{right.resource.partition('/')[2]}")
)
