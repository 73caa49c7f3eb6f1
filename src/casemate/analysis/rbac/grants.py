"""Who holds which role through which binding, among what was read.

Groups that the API server adds by itself (system:authenticated and the like) stay groups; nobody is
taken for their member. What a binding that was not read may give is unknown.

Source: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go and
pkg/controller/clusterroleaggregation of Kubernetes.
"""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from casemate.analysis.rbac.defaults import AGGREGATES, FED, USER_FACING
from casemate.analysis.selectors import selects
from casemate.model.estate import Estate
from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, USER, Binding, PolicyRule, Role, Subject

_SHOWN = 3
Kind = TypeVar("Kind")


class _ByPlace(Generic[Kind]):
    """Things of namespaces by name; one whose namespace is not written may be in any."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[Kind]] = {}
        self._by_place: dict[tuple[str | None, str], list[Kind]] = {}

    def add(self, namespace: str | None, name: str, thing: Kind) -> None:
        self._by_name.setdefault(name, []).append(thing)
        self._by_place.setdefault((namespace, name), []).append(thing)

    def find(self, namespace: str | None, name: str) -> list[Kind]:
        """Those that are, or may be, in the namespace."""
        if namespace is None:
            return self._by_name.get(name, [])
        return [*self._by_place.get((namespace, name), ()), *self._by_place.get((None, name), ())]


class Grants:
    """Roles by their bindings and bindings by their roles; `complete` where every binding was read."""

    def __init__(self, roles: Iterable[Role], bindings: Iterable[Binding], *, complete: bool) -> None:
        self.complete = complete
        self._cluster_roles: dict[str, list[Role]] = {}
        self._roles: _ByPlace[Role] = _ByPlace()
        self._of_cluster_roles: dict[str, list[Binding]] = {}
        self._of_roles: _ByPlace[Binding] = _ByPlace()
        self._aggregates: list[Role] = []
        for role in roles:
            name = role.ref.name or ""
            if not role.is_cluster:
                self._roles.add(role.ref.namespace, name, role)
                continue
            self._cluster_roles.setdefault(name, []).append(role)
            if role.aggregation_rule is not None:
                self._aggregates.append(role)
        for binding in bindings:
            if binding.role_kind == "ClusterRole":
                self._of_cluster_roles.setdefault(binding.role_name, []).append(binding)
            else:
                self._of_roles.add(binding.ref.namespace, binding.role_name, binding)

    @classmethod
    def of(cls, estate: Estate) -> "Grants":
        """All that an estate holds."""
        complete = all(estate.coverage.covers(kind) for kind in Binding.KINDS)
        return cls(estate.of(Role), estate.of(Binding), complete=complete)

    def roles_of(self, binding: Binding) -> tuple[Role, ...]:
        """The role that a binding names; several where namespaces are not written."""
        if binding.role_kind == "ClusterRole":
            return tuple(self._cluster_roles.get(binding.role_name, ()))
        return tuple(self._roles.find(binding.ref.namespace, binding.role_name))

    def bindings_of(self, role: Role) -> tuple[Binding, ...]:
        """The bindings of a role, and those of the roles that take in its rules."""
        name = role.ref.name or ""
        if not role.is_cluster:
            return tuple(self._of_roles.find(role.ref.namespace, name))
        names = (name, *self.aggregated_to(role))
        return tuple(binding for name in names for binding in self._of_cluster_roles.get(name, ()))

    def aggregated_to(self, role: Role) -> tuple[str, ...]:
        """The names of the ClusterRoles that take in the rules of a ClusterRole, by however many steps."""
        found: dict[str, None] = {}
        todo = [role] if role.is_cluster else []  # the labels of a Role mean nothing
        while todo:
            here = todo.pop()
            for label, name in AGGREGATES.items():
                if here.labels.get(label) == "true":
                    found.update(dict.fromkeys((name, *FED[name])))
            for other in self._aggregates:
                name = other.ref.name or ""
                if other is not role and name not in found and _takes(other, here):
                    found[name] = None
                    todo.append(other)
        return tuple(found)

    def rules_of(self, role: Role) -> tuple[PolicyRule, ...]:
        """The rules that a role has in effect: its own, or those of the ClusterRoles that it aggregates."""
        return tuple(self._rules(role, {role.ref.name or ""}))

    def _rules(self, role: Role, seen: set[str]) -> Iterator[PolicyRule]:
        if role.aggregation_rule is None:
            yield from role.rules
            return
        for name, others in self._cluster_roles.items():
            for other in others:
                if name not in seen and _takes(role, other):
                    seen.add(name)
                    yield from self._rules(other, seen)

    def is_cluster_wide(self, role: Role) -> bool:
        """Whether the role's rights hold in every namespace, or may: a ClusterRole that no binding confines.

        One that is only known to be bound in namespaces, or to be part of admin, edit or view, is confined.
        """
        if not role.is_cluster:
            return False
        bindings = self.bindings_of(role)
        if bindings:
            return any(binding.is_cluster for binding in bindings)
        return not any(name in USER_FACING for name in self.aggregated_to(role))

    def nobody_holds(self, role: Role) -> bool:
        """Whether it is sure that no binding gives the role to anybody."""
        return self.complete and not any(binding.subjects for binding in self.bindings_of(role))

    def holders(self, role: Role) -> tuple[str, ...]:
        """Who holds the role through what, in words, the first few of them."""
        found = sorted(
            f"{title(binding.holder(subject))} holds it through {binding.ref.kind} {binding.ref}"
            for binding in self.bindings_of(role)
            for subject in binding.subjects
        )
        more = (f"and {len(found) - _SHOWN:,} more",) if len(found) > _SHOWN else ()
        return (*found[:_SHOWN], *more)


def matches_nobody(holder: Subject) -> bool:
    """Whether a subject, as the authorizer sees it in a binding of the cluster, can be nobody."""
    if not holder.name or holder.kind not in {USER, GROUP, SERVICE_ACCOUNT}:
        return True
    return holder.kind == SERVICE_ACCOUNT and holder.namespace is None


def title(subject: Subject) -> str:
    """A subject for people: `ServiceAccount platform/log-agent`, `Group shop-developers`."""
    name = subject.name or "(no name)"
    if subject.kind == SERVICE_ACCOUNT and subject.namespace:
        name = f"{subject.namespace}/{name}"
    return f"{subject.kind or 'subject'} {name}"


def _takes(aggregate: Role, role: Role) -> bool:
    rule = aggregate.aggregation_rule
    return rule is not None and any(selects(s, role.labels) for s in rule.cluster_role_selectors)
