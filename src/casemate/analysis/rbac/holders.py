"""Subjects of bindings by what identifies a caller, and the rules that bindings give to each.

A service account is a user name to the authorizer; one that is written as a user is the same holder.
"""

from collections.abc import Callable, Iterator

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import Identity, account_of, account_user
from casemate.analysis.rbac.rules import Request, allows, matches_name
from casemate.analysis.rbac.subject_keys import key_of
from casemate.model.rbac import GROUP, RBAC, SERVICE_ACCOUNT, USER, Binding, PolicyRule, Role, Subject


class Holder(msgspec.Struct, frozen=True, order=True):
    """A user name, that of a service account included, or a group; `kind` is User or Group."""

    kind: str
    name: str

    @classmethod
    def of(cls, subject: Subject) -> "Holder":
        """The holder that a subject, as the authorizer sees it, stands for."""
        name = subject.name or ""
        if subject.kind == SERVICE_ACCOUNT:
            return cls(USER, account_user(subject.namespace or "", name))
        return cls(GROUP if subject.kind == GROUP else USER, name)

    @property
    def key(self) -> str:
        """What bindings and callers are looked up by."""
        return f"{self.kind.lower()} {self.name}"

    @property
    def account(self) -> tuple[str, str] | None:
        """The namespace and name of a service account; None for others."""
        return account_of(self.name) if self.kind == USER else None

    @property
    def title(self) -> str:
        """The holder for people: `ServiceAccount platform/ci-deployer`, `Group shop-developers`."""
        account = self.account
        return (
            f"{self.kind} {self.name}" if account is None else f"{SERVICE_ACCOUNT} {account[0]}/{account[1]}"
        )

    @property
    def subject(self) -> Subject:
        """The holder as a binding writes it."""
        account = self.account
        if account is not None:
            return Subject(kind=SERVICE_ACCOUNT, namespace=account[0], name=account[1])
        return Subject(kind=self.kind, name=self.name, api_group=RBAC)


class HeldRule(msgspec.Struct, frozen=True, eq=False):
    """A rule in effect that a binding gives; `namespace` is empty where it holds everywhere."""

    binding: Binding
    role: Role
    index: int
    rule: PolicyRule
    namespace: str


class BindingsByHolder:
    """The bindings of each holder; `counts` says of a binding whether it is looked at."""

    def __init__(self, authorizer: Authorizer, counts: Callable[[Binding], bool]) -> None:
        self._authorizer = authorizer
        self._bindings: dict[str, list[Binding]] = {}
        for binding in authorizer.bindings:
            if counts(binding):
                for key in dict.fromkeys(key_of(binding, subject) for subject in binding.subjects):
                    if key is not None:
                        self._bindings.setdefault(key, []).append(binding)

    def holders(self) -> Iterator[Holder]:
        """Everybody to whom a binding gives anything."""
        for key in self._bindings:
            kind, _, name = key.partition(" ")
            yield Holder(GROUP if kind == "group" else USER, name)

    def of(self, holder: Holder) -> "HolderRules":
        """What these bindings give to a holder."""
        identity = Identity("", (holder.name,)) if holder.kind == GROUP else Identity(holder.name)
        named = self._bindings.get(holder.key, ())
        places = dict.fromkeys(self._place(binding) for binding in named)
        missing = {id(one) for place in places for one in self._authorizer.missing_roles(identity, place)}
        bindings = tuple(one for one in named if id(one) not in missing)
        own = {id(one) for one in bindings}
        rules = (
            HeldRule(grant.binding, grant.role, grant.index, rule, place)
            for place in places
            for grant, rule in self._authorizer.rules_of(identity, place or None)
            if id(grant.binding) in own and self._place(grant.binding) == place
        )
        return HolderRules(bindings, tuple(rules), tuple(one for one in named if id(one) in missing))

    def _place(self, binding: Binding) -> str:
        """The namespace where a binding counts; empty for everywhere."""
        return "" if binding.is_cluster else self._authorizer.namespace_of(binding)


class HolderRules(msgspec.Struct, frozen=True, eq=False):
    """The bindings that name a holder, the rules that they give, and the bindings whose role is not there."""

    bindings: tuple[Binding, ...]
    rules: tuple[HeldRule, ...]
    missing: tuple[Binding, ...]


class Matcher:
    """Which rules of one holder allow a request; what a request means but for its names is remembered."""

    def __init__(self, held: tuple[HeldRule, ...]) -> None:
        self._held = held
        self._known: dict[Request, tuple[int, ...]] = {}

    def allowing(self, request: Request) -> Iterator[int]:
        """The places of the rules that allow it."""
        inside = request.namespace if request.is_resource else ""
        for number in self._candidates(request):
            one = self._held[number]
            if one.namespace in {"", inside} and matches_name(one.rule, request.name):
                yield number

    def _candidates(self, request: Request) -> tuple[int, ...]:
        """The rules that match but for name and namespace; URLs have neither."""
        key = request
        if request.is_resource:
            key = msgspec.structs.replace(request, name="", namespace="")
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = tuple(
                number for number, one in enumerate(self._held) if _allows_some(one.rule, key)
            )
        return known


def _allows_some(rule: PolicyRule, request: Request) -> bool:
    return allows(msgspec.structs.replace(rule, resource_names=()), request)
