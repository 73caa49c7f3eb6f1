"""Which subject holds which role where, through which binding: the estate's grants, one by one.

Of objects with one identity the last counts, as for the authorizer. A role of one identity that was read
with different rules (two programs that both call theirs `manager-role`, in files without a namespace) says
nothing for sure: it counts as a role that was not read.

Source: plugin/pkg/auth/authorizer/rbac/rbac.go and pkg/registry/rbac/validation/rule.go of Kubernetes.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from casemate.analysis.rbac.aggregation import effective_rules
from casemate.analysis.rbac.defaults import ADMIN, EDIT, FED, VIEW, default_rules_of
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.subject_keys import HOME, key_of
from casemate.model.estate import Estate
from casemate.model.rbac import Binding, PolicyRule, Role
from casemate.model.version import KubernetesVersion

EVERYWHERE = ""
"""The scope of what holds in the whole cluster."""
_CLUSTER_ROLE = "ClusterRole"
Fact = TypeVar("Fact")
Place = tuple[str, str, str]
"""Kind, namespace (empty for a ClusterRole) and name of a role."""


class Content(msgspec.Struct, frozen=True, eq=False):
    """What a role gives: the rules that are known to be in effect.

    `open` says that there may be more: it is not read, or takes in roles that may not be read. `within` are
    the ClusterRoles that hold all of it whatever it is, since they aggregate it.
    """

    place: Place
    rules: tuple[PolicyRule, ...]
    open: bool = False
    role: Role | None = None
    within: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """The role for people: `ClusterRole view`."""
        return f"{self.place[0]} {self.place[2]}"


class Holding(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One grant: `key` is who holds it, `scope` the namespace, or empty where it holds in the whole cluster.

    `index` is the first of the binding's subjects that means the holder.
    """

    key: str
    scope: str
    binding: Binding
    index: int
    content: Content

    @property
    def title(self) -> str:
        """How it comes, for people: `ClusterRole view through RoleBinding shop/viewers`."""
        return f"{self.content.title} through {self.binding.ref.kind} {self.binding.ref}"


class Holdings:
    """The grants of an estate, by whom they are given to (`subject_keys.key_of`).

    `aggregated` holds the rules that each ClusterRole with an aggregationRule takes in, by its name;
    `complete` says that every ClusterRole was read, so that these are all. `roles` knows the roles, and no
    binding.
    """

    def __init__(self, estate: Estate) -> None:
        self.complete = estate.coverage.covers(_CLUSTER_ROLE)
        self._roles = _roles(estate.of(Role))
        self._bindings = {_identity(binding): binding for binding in estate.of(Binding)}
        self._counted = frozenset(map(id, self._bindings.values()))
        self.roles = Grants((role for role, _ in self._roles.values()), (), complete=False)
        self.aggregated = effective_rules(self.cluster_roles())
        self._at: dict[KubernetesVersion, dict[str, list[Holding]]] = {}
        self._contents: dict[tuple[Place, KubernetesVersion], Content] = {}
        self._derived: dict[object, object] = {}
        self._spare: set[int] = set()

    @classmethod
    def of(cls, estate: Estate) -> "Holdings":
        """All that an estate holds."""
        return cls(estate)

    def derived(self, kind: "Callable[[Holdings], Fact]") -> Fact:
        """A fact that is built on this one, built once."""
        if kind not in self._derived:
            self._derived[kind] = kind(self)
        return self._derived[kind]  # type: ignore[return-value] # what the kind made

    def cluster_roles(self) -> Iterator[Role]:
        """The ClusterRoles that count."""
        return (role for role, _ in self._roles.values() if role.is_cluster)

    def is_the_role(self, role: Role) -> bool:
        """Whether the role is the one of its identity that counts."""
        return self._roles[_place_of(role)][0] is role

    def counts(self, binding: Binding) -> bool:
        """Whether the binding is the one of its identity that counts."""
        return id(binding) in self._counted

    def has_spare_subjects(self, binding: Binding, kubernetes: KubernetesVersion) -> bool:
        """Whether some subject of a binding is one that it names before, or can be nobody."""
        self.by_key(kubernetes)
        return id(binding) in self._spare

    def by_key(self, kubernetes: KubernetesVersion) -> dict[str, list[Holding]]:
        """Every grant, in the order of the bindings; a subject that is named twice holds it once.

        The release decides what a role of Kubernetes itself gives that was not read.
        """
        found = self._at.get(kubernetes)
        if found is None:
            found = self._at[kubernetes] = {}
            for binding in self._bindings.values():
                scope, content = scope_of(binding), self.content(binding, kubernetes)
                keys = _keys(binding)
                if len(keys) < len(binding.subjects):
                    self._spare.add(id(binding))
                for key, index in keys.items():
                    holding = Holding(key, scope, binding, index, content)
                    found.setdefault(key, []).append(holding)
        return found

    def content(self, binding: Binding, kubernetes: KubernetesVersion) -> Content:
        """What the role of a binding gives."""
        place = _place(binding)
        known = self._contents.get((place, kubernetes))
        if known is None:
            known = self._contents[place, kubernetes] = self._content(place, kubernetes)
        return known

    def _content(self, place: Place, kubernetes: KubernetesVersion) -> Content:
        kind, namespace, name = place
        role, plain = self._roles.get(place, (None, True))
        if role is None:
            rules = default_rules_of(kind, name, namespace or None, kubernetes)
            fed = FED.get(name, ()) if kind == _CLUSTER_ROLE else ()
            aggregates = kind == _CLUSTER_ROLE and name in {ADMIN, EDIT, VIEW}
            return Content(place, rules or (), open=rules is None or aggregates, within=frozenset(fed))
        fed = self.roles.aggregated_to(role) if role.is_cluster and (role.labels or self.aggregated) else ()
        within = frozenset(fed)
        if not plain:
            return Content(place, (), open=True, within=within)
        aggregates = role.is_cluster and role.aggregation_rule is not None
        rules = role.rules
        if aggregates:  # what it says itself is overwritten; Kubernetes' own parts need not be in the estate
            own = default_rules_of(kind, name, None, kubernetes) or ()
            rules = tuple(dict.fromkeys((*own, *(source.rule for source in self.aggregated[name]))))
        if any(rule.attribute_restrictions is not None for rule in rules):
            rules = tuple(rule for rule in rules if rule.attribute_restrictions is None)
        return Content(place, rules, aggregates and not self.complete, role, within)


def scope_of(binding: Binding) -> str:
    """The namespace that a binding's role holds in, empty for the whole cluster."""
    return EVERYWHERE if binding.is_cluster else binding.ref.namespace or HOME


def _keys(binding: Binding) -> dict[str, int]:
    """Who is bound, and the first subject that means them."""
    found: dict[str, int] = {}
    for index, subject in enumerate(binding.subjects):
        key = key_of(binding, subject)
        if key is not None and key not in found:
            found[key] = index
    return found


def _roles(roles: Iterable[Role]) -> dict[Place, tuple[Role, bool]]:
    """The last role of each identity, and whether all of that identity say the same."""
    found: dict[Place, tuple[Role, bool]] = {}
    for role in roles:
        place = _place_of(role)
        before = found.get(place)
        plain = before is None or (
            before[1]
            and before[0].rules == role.rules
            and before[0].aggregation_rule == role.aggregation_rule
        )
        found[place] = (role, plain)
    return found


def _place_of(role: Role) -> Place:
    return role.ref.kind, "" if role.is_cluster else role.ref.namespace or HOME, role.ref.name or ""


def _place(binding: Binding) -> Place:
    kind = binding.role_kind
    return kind, "" if kind == _CLUSTER_ROLE else scope_of(binding), binding.role_name


def _identity(binding: Binding) -> tuple[str, str, str]:
    return binding.ref.kind, scope_of(binding), binding.ref.name or ""
