"""Who may do what in a cluster, and through which binding, role and rule: the API server's RBAC authorizer.

A request is allowed where a rule of a role that a binding gives to the caller matches it as a whole. Bindings
of the cluster count everywhere, those of a namespace for requests in it. A binding whose role is not there
gives nothing. Members of system:masters are never asked.

Held so that a million requests take seconds: each distinct rule is kept once, an index leads from a resource
to the rules about it, and what a request's verb and resource mean for the roles is remembered.

Source: plugin/pkg/auth/authorizer/rbac/rbac.go and pkg/registry/rbac/validation/rule.go of Kubernetes.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from casemate.analysis.rbac.aggregation import Source, effective_rules, written
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rule_index import Matching, RuleIndex
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import HOME, key_of, keys_of
from casemate.analysis.rbac.unwritten import unwritten_bindings, unwritten_roles
from casemate.model.estate import Estate
from casemate.model.rbac import SERVICE_ACCOUNT, Binding, PolicyRule, Role, Subject
from casemate.model.version import NEWEST, KubernetesVersion

_CLUSTER = ""
_MANY = 100
"""Roles of one subject from which on it pays to ask first which of all roles allow a request."""
_CALLERS = 200_000
"""Callers whose keys are remembered."""


class Grant(msgspec.Struct, frozen=True, eq=False):
    """Why a request is allowed: a rule of a role that a binding gives.

    `index` counts the role's rules in effect; `source` is where the rule is written, which is another role
    where this one is aggregated.
    """

    binding: Binding
    role: Role
    index: int
    source: Source


class _Bound(msgspec.Struct, eq=False):
    """A role as bindings give it: its rules in effect, and the bindings that name it."""

    role: Role
    rules: tuple[Source, ...]
    bindings: list[Binding]


Scope = dict[str, dict[int, tuple[Binding, ...]]]
"""In the cluster or one namespace: who holds which roles, by the numbers of these, through which bindings."""


class Authorizer:
    """Answers requests from roles and bindings; of objects with one identity the last counts."""

    def __init__(self, roles: Iterable[Role], bindings: Iterable[Binding], *, home: str = HOME) -> None:
        """`home` is the namespace of objects that name none."""
        self._home = home
        self._bound: list[_Bound] = []
        self._numbers: dict[tuple[str | None, str], int] = {}
        self._scopes: dict[str, Scope] = {_CLUSTER: {}}
        self._missing: dict[str, list[Binding]] = {}
        self._keys_known: dict[Identity, tuple[str, ...]] = {}
        self._named: set[str] = set()
        self.unresolved: list[Binding] = []
        self._index = RuleIndex()
        self._add_roles({self._key(role): role for role in roles})
        self._bindings = {self._key(binding): binding for binding in bindings}
        self.bindings = tuple(self._bindings.values())
        for binding in self.bindings:
            self._add(binding)

    @classmethod
    def of(
        cls,
        estate: Estate,
        kubernetes: KubernetesVersion = NEWEST,
        *,
        home: str = HOME,
        with_bindings: bool = False,
    ) -> "Authorizer":
        """All that an estate holds, and the roles that the API server of a release makes by itself.

        `with_bindings` counts the bindings that it makes too, which give everybody health and discovery.
        """
        roles, bindings = tuple(estate.of(Role)), tuple(estate.of(Binding))
        own = unwritten_bindings(bindings, kubernetes) if with_bindings else ()
        bindings = (*own, *bindings)
        return cls((*unwritten_roles(roles, bindings, kubernetes), *roles), bindings, home=home)

    def decide(self, who: Identity, request: Request) -> Grant | None:
        """Why a request is allowed, by the first reason that is found; None where it is not.

        Members of system:masters hold no grant: ask `is_master` before.
        """
        return self.decide_for(self.keys(who), request)

    def decide_for(self, keys: tuple[str, ...], request: Request) -> Grant | None:
        """`decide` for a caller whose keys are at hand, as they are where many requests have one caller."""
        if not keys:
            return None
        matching = self._index.matching(request)
        if not matching:
            return None
        cluster = self._scopes[_CLUSTER]
        inside = self._scopes.get(request.namespace) if request.namespace else None
        for scope in (cluster, inside) if inside is not None else (cluster,):
            for key in keys:
                held = scope.get(key)
                if held is not None:
                    for number, index in self._allowing(held, matching, request.name):
                        return self._grant(held[number][0], number, index)
        return None

    def reasons(self, who: Identity, request: Request) -> Iterator[Grant]:
        """Every binding, role and rule that allows a request."""
        matching = self._index.matching(request)
        if not matching:
            return
        for scope in self._scopes_of(request.namespace if request.is_resource else _CLUSTER):
            for key in self.keys(who):
                held = scope.get(key)
                if held is None:
                    continue
                for number, index in self._allowing(held, matching, request.name):
                    for binding in held[number]:
                        yield self._grant(binding, number, index)

    def who_can(self, request: Request, *, anywhere: bool = False) -> Iterator[tuple[Subject, Grant]]:
        """Every subject of a binding that may do it, as the authorizer sees the subject, and why.

        `anywhere` asks about every single namespace too, where the request names none.
        """
        namespace = request.namespace if request.is_resource else _CLUSTER
        anywhere = anywhere and request.is_resource and not namespace
        matching = self._index.matching(request)
        for number, index in sorted(self._index.roles_for(matching, request.name).items()):
            for binding in self._bound[number].bindings:
                if binding.is_cluster or anywhere or (namespace and self.namespace_of(binding) == namespace):
                    grant = self._grant(binding, number, index)
                    for subject in binding.subjects:
                        if key_of(binding, subject, self._home) is not None:
                            yield self.holder(binding, subject), grant

    def rules_of(self, who: Identity, namespace: str | None) -> Iterator[tuple[Grant, PolicyRule]]:
        """Every rule that a caller holds: in the whole cluster, and in the namespace where one is named."""
        for scope in self._scopes_of(namespace or _CLUSTER):
            for key in self.keys(who):
                for number, bindings in scope.get(key, {}).items():
                    for binding in bindings:
                        for index, source in enumerate(self._bound[number].rules):
                            yield self._grant(binding, number, index), source.rule

    def roles_held(self, who: Identity) -> Iterator[tuple[str, Binding, Role]]:
        """Every role that a caller holds, the namespace where (empty: everywhere), and through what."""
        for namespace, scope in self._scopes.items():
            for key in self.keys(who):
                for number, bindings in scope.get(key, {}).items():
                    for binding in bindings:
                        yield namespace, binding, self._bound[number].role

    def missing_roles(self, who: Identity, namespace: str) -> Iterator[Binding]:
        """The bindings of a caller that count in a namespace and whose role is not there."""
        for key in self.keys(who):
            for binding in self._missing.get(key, ()):
                if binding.is_cluster or (namespace and self.namespace_of(binding) == namespace):
                    yield binding

    def role_of(self, binding: Binding) -> Role | None:
        """The role that a binding names; None where it is not there."""
        number = self._role_of(binding)
        return None if number is None else self._bound[number].role

    def rules_given(self, binding: Binding) -> tuple[PolicyRule, ...] | None:
        """The rules in effect of the role that a binding names; None where it is not there."""
        number = self._role_of(binding)
        return None if number is None else tuple(source.rule for source in self._bound[number].rules)

    def find(self, entity: Binding | Role) -> Binding | Role | None:
        """The object of the same identity that is known here."""
        if isinstance(entity, Binding):
            return self._bindings.get(self._key(entity))
        number = self._numbers.get(self._key(entity)[1:])
        return None if number is None else self._bound[number].role

    def is_named(self, key: str) -> bool:
        """Whether any binding names the subject of that key."""
        return key in self._named

    def holdings(self) -> dict[str, dict[str, tuple[PolicyRule, ...]]]:
        """By the key of each subject and the namespace (empty: everywhere), the rules that it holds itself.

        What it holds by a group is the group's.
        """
        found: dict[str, dict[str, tuple[PolicyRule, ...]]] = {}
        for namespace, scope in self._scopes.items():
            for key, held in scope.items():
                rules = dict.fromkeys(source.rule for number in held for source in self._bound[number].rules)
                found.setdefault(key, {})[namespace] = tuple(rules)
        return found

    def rules_in_effect(self, role: Role) -> tuple[Source, ...]:
        """The rules that a role has in effect; those it states where it is unknown here."""
        number = self._numbers.get(self._key(role)[1:])
        return written(role) if number is None else self._bound[number].rules

    def namespace_of(self, entity: Binding | Role) -> str:
        """The namespace that an object of a namespace is in."""
        return entity.ref.namespace or self._home

    def holder(self, binding: Binding, subject: Subject) -> Subject:
        """The subject as the authorizer sees it."""
        found = binding.holder(subject)
        if found.kind == SERVICE_ACCOUNT and found.namespace is None and not binding.is_cluster:
            found = msgspec.structs.replace(found, namespace=self._home)
        return found

    def _key(self, entity: Binding | Role) -> tuple[str, str | None, str]:
        ref = entity.ref
        return ref.kind, None if entity.is_cluster else self.namespace_of(entity), ref.name or ""

    def _add_roles(self, roles: Mapping[tuple[str, str | None, str], Role]) -> None:
        aggregated = effective_rules(role for role in roles.values() if role.is_cluster)
        for (_, namespace, name), role in roles.items():
            takes = role.is_cluster and role.aggregation_rule is not None
            rules = aggregated[name] if takes else written(role)
            self._numbers[namespace, name] = len(self._bound)
            self._bound.append(_Bound(role, rules, []))
            self._index.add([source.rule for source in rules])

    def _role_of(self, binding: Binding) -> int | None:
        """The number of the role that a binding names; a binding of the cluster gives no Role."""
        if binding.role_kind == "ClusterRole":
            return self._numbers.get((None, binding.role_name))
        if binding.role_kind != "Role" or binding.is_cluster:
            return None
        return self._numbers.get((self.namespace_of(binding), binding.role_name))

    def _add(self, binding: Binding) -> None:
        number = self._role_of(binding)
        keys = dict.fromkeys(key_of(binding, subject, self._home) for subject in binding.subjects)
        keys.pop(None, None)
        self._named.update(map(str, keys))
        if number is None:
            self.unresolved.append(binding)
            for key in keys:
                self._missing.setdefault(str(key), []).append(binding)
            return
        self._bound[number].bindings.append(binding)
        scope = self._scopes.setdefault(_CLUSTER if binding.is_cluster else self.namespace_of(binding), {})
        for key in keys:
            held = scope.setdefault(str(key), {})
            held[number] = (*held.get(number, ()), binding)

    def _allowing(
        self, held: Mapping[int, object], matching: Matching, name: str
    ) -> Iterator[tuple[int, int]]:
        """The roles among those held that allow it, and the index of the first rule that does."""
        if len(held) > _MANY:
            for number, index in self._index.roles_for(matching, name).items():
                if number in held:
                    yield number, index
            return
        for number in held:
            found = self._index.rule_for(number, matching, name)
            if found is not None:
                yield number, found

    def keys(self, who: Identity) -> tuple[str, ...]:
        """The keys of a caller that any binding names; of most groups there is none."""
        found = self._keys_known.get(who)
        if found is None:
            if len(self._keys_known) > _CALLERS:
                self._keys_known.clear()
            found = self._keys_known[who] = tuple(key for key in keys_of(who) if key in self._named)
        return found

    def _scopes_of(self, namespace: str) -> tuple[Scope, ...]:
        """The scopes that count in a namespace: that of the cluster first."""
        inside = self._scopes.get(namespace) if namespace else None
        return (self._scopes[_CLUSTER],) if inside is None else (self._scopes[_CLUSTER], inside)

    def _grant(self, binding: Binding, number: int, index: int) -> Grant:
        bound = self._bound[number]
        return Grant(binding, bound.role, index, bound.rules[index])
