"""Who holds which role through which binding, among what was read.

Groups that the API server adds by itself (system:authenticated and the like) stay groups; nobody is
taken for their member. What a binding that was not read may give is unknown.

Source: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go and
pkg/controller/clusterroleaggregation of Kubernetes.
"""

from collections.abc import Iterable, Iterator

from casemate.analysis.labelled_pods import may_be_same
from casemate.analysis.rbac.defaults import AGGREGATES, FED
from casemate.analysis.selectors import selects
from casemate.model.estate import Estate
from casemate.model.rbac import SERVICE_ACCOUNT, Binding, PolicyRule, Role, Subject

_SHOWN = 3


class Grants:
    """Roles by their bindings and bindings by their roles; `complete` where every binding was read."""

    def __init__(self, roles: Iterable[Role], bindings: Iterable[Binding], *, complete: bool) -> None:
        self.complete = complete
        self._roles: dict[tuple[str, str], list[Role]] = {}
        self._bindings: dict[tuple[str, str], list[Binding]] = {}
        self._aggregates: list[Role] = []
        for role in roles:
            self._roles.setdefault((role.ref.kind, role.ref.name or ""), []).append(role)
            if role.is_cluster and role.aggregation_rule is not None:
                self._aggregates.append(role)
        for binding in bindings:
            self._bindings.setdefault((binding.role_kind, binding.role_name), []).append(binding)

    @classmethod
    def of(cls, estate: Estate) -> "Grants":
        """All that an estate holds."""
        complete = all(estate.coverage.covers(kind) for kind in Binding.KINDS)
        return cls(estate.of(Role), estate.of(Binding), complete=complete)

    def roles_of(self, binding: Binding) -> tuple[Role, ...]:
        """The role that a binding names; several where namespaces are not written."""
        found = self._roles.get((binding.role_kind, binding.role_name), [])
        if binding.role_kind == "ClusterRole":
            return tuple(found)
        return tuple(role for role in found if may_be_same(role.ref.namespace, binding.ref.namespace))

    def bindings_of(self, role: Role) -> tuple[Binding, ...]:
        """The bindings of a role, and those of the roles that take in its rules."""
        found = self._bindings.get((role.ref.kind, role.ref.name or ""), [])
        if role.is_cluster:
            further = (
                b for name in self.aggregated_to(role) for b in self._bindings.get(("ClusterRole", name), ())
            )
            return (*found, *further)
        return tuple(b for b in found if may_be_same(role.ref.namespace, b.ref.namespace))

    def aggregated_to(self, role: Role) -> tuple[str, ...]:
        """The names of the ClusterRoles that take in the rules of a ClusterRole, by however many steps."""
        found: dict[str, None] = {}
        todo = [role]
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
        return tuple(self._rules(role, {role.ref.name}))

    def _rules(self, role: Role, seen: set[str | None]) -> Iterator[PolicyRule]:
        if role.aggregation_rule is None:
            yield from role.rules
            return
        for others in self._roles.values():
            for other in others:
                if other.is_cluster and other.ref.name not in seen and _takes(role, other):
                    seen.add(other.ref.name)
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
        return not self.aggregated_to(role)

    def nobody_holds(self, role: Role) -> bool:
        """Whether it is sure that no binding gives the role to anybody."""
        if not self.complete or self.aggregated_to(role):
            return False
        return not any(binding.subjects for binding in self.bindings_of(role))

    def holders(self, role: Role) -> tuple[str, ...]:
        """Who holds the role through what, in words, the first few of them."""
        found = [
            f"{title(binding.holder(subject))} holds it through {binding.ref.kind} {binding.ref}"
            for binding in self.bindings_of(role)
            for subject in binding.subjects
        ]
        more = (f"and {len(found) - _SHOWN:,} more",) if len(found) > _SHOWN else ()
        return (*found[:_SHOWN], *more)


def title(subject: Subject) -> str:
    """A subject for people: `ServiceAccount platform/log-agent`, `Group shop-developers`."""
    name = subject.name or "(no name)"
    if subject.kind == SERVICE_ACCOUNT and subject.namespace:
        name = f"{subject.namespace}/{name}"
    return f"{subject.kind or 'subject'} {name}"


def _takes(aggregate: Role, role: Role) -> bool:
    rule = aggregate.aggregation_rule
    return rule is not None and any(selects(s, role.labels) for s in rule.cluster_role_selectors)
