"""What a role or binding holds beyond the one of that name that Kubernetes itself makes.

At each start the API server adds to its roles and bindings what is missing and takes nothing away. A cluster
that was upgraded therefore has what any release up to its own gave, feature gates included: all of that is
Kubernetes' own. A snapshot may also be of a newer cluster than the release that was asked about: where some
later release by itself explains more of an object, the object is compared with that one.

Source: pkg/registry/rbac/reconciliation of Kubernetes; what is "beyond" is what its check against
escalation leaves uncovered.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from casemate.analysis.rbac.bootstrap import table
from casemate.analysis.rbac.bootstrap.objects import granted, made_aggregation, made_labels
from casemate.analysis.rbac.bootstrap.table import OLDEST, Key, minor_of
from casemate.analysis.rbac.covers import uncovered
from casemate.model.estate import Ref
from casemate.model.rbac import Binding, PolicyRule, Role, Subject
from casemate.model.version import NEWEST, KubernetesVersion

_REMEMBERED = 1_024
Left = TypeVar("Left")
_AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-"


def beyond(role: Role, kubernetes: KubernetesVersion) -> tuple[PolicyRule, ...] | None:
    """The smallest rules of a role that Kubernetes does not give to its role of that name.

    None where no release makes such a role; empty where all of it is Kubernetes' own. What other
    roles add to admin, edit and view by their labels is beyond too.
    """
    key = _key(role.ref)
    return _beyond(key, role.rules, minor_of(kubernetes)) if key in table.roles() else None


def is_filled_in(role: Role) -> bool:
    """Whether the aggregation controller writes the role's rules, from the roles that Kubernetes means."""
    history = table.roles().get(_key(role.ref))
    if history is None or role.aggregation_rule is None:
        return False
    return role.aggregation_rule == made_aggregation(history)


def is_passed_on(role: Role) -> bool:
    """Whether labels make the role part of admin, edit or view where Kubernetes does not."""
    history = table.roles().get(_key(role.ref))
    made = {} if history is None else made_labels(history)
    return any(
        name.startswith(_AGGREGATE) and value == "true" and name not in made
        for name, value in role.labels.items()
    )


def is_bootstrap_binding(binding: Binding, kubernetes: KubernetesVersion) -> bool:
    """Whether a binding is Kubernetes' own: of that name and role, and with no further subject."""
    return added_subjects(binding, kubernetes) == ()


def added_subjects(binding: Binding, kubernetes: KubernetesVersion) -> tuple[int, ...] | None:
    """The positions of a binding's subjects that Kubernetes does not name in its binding of that name.

    None where no release makes such a binding to that role.
    """
    history = table.bindings().get(_key(binding.ref))
    if history is None or history.words[0] != f"{binding.role_kind}/{binding.role_name}":
        return None
    here = [_who(binding.holder(subject)) for subject in binding.subjects]
    readings = (set(map(_who, history.within(*span))) for span in _spans(minor_of(kubernetes)))
    left = (tuple(index for index, who in enumerate(here) if who not in known) for known in readings)
    return _least(left)


def _who(subject: Subject) -> tuple[str | None, str | None, str | None]:
    return subject.kind, subject.name, subject.namespace


def _key(ref: Ref) -> Key:
    """The identity in the table; what stands in the whole cluster has no namespace."""
    return ref.kind, None if ref.kind.startswith("Cluster") else ref.namespace, ref.name or ""


@lru_cache(maxsize=_REMEMBERED)
def _beyond(key: Key, rules: tuple[PolicyRule, ...], minor: int) -> tuple[PolicyRule, ...]:
    return _least(tuple(_uncovered(key, *span, rules)) for span in _spans(minor))


def _spans(minor: int) -> Iterator[tuple[int, int]]:
    """The releases that an object may be of: those up to the one in question together, and each later one."""
    yield OLDEST, minor
    for later in range(minor + 1, NEWEST.minor + 1):
        yield later, later


def _least(readings: Iterable[tuple[Left, ...]]) -> tuple[Left, ...]:
    """The first of the shortest; the others are not asked once one is empty."""
    best: tuple[Left, ...] | None = None
    for left in readings:
        if best is None or len(left) < len(best):
            best = left
        if not best:
            break
    return best or ()


def _uncovered(key: Key, first: int, last: int, rules: Sequence[PolicyRule]) -> Iterator[PolicyRule]:
    """The smallest rules that none of a role's in these releases covers; equal rules need no closer look."""
    own = _own(key, first, last)
    same = _sorted_rules(key, first, last)
    return uncovered(own, (r for r in rules if r.attribute_restrictions is None and _sorted(r) not in same))


@lru_cache(maxsize=_REMEMBERED)
def _own(key: Key, first: int, last: int) -> tuple[PolicyRule, ...]:
    return granted(key, first, last)


@lru_cache(maxsize=_REMEMBERED)
def _sorted_rules(key: Key, first: int, last: int) -> frozenset[PolicyRule]:
    return frozenset(map(_sorted, _own(key, first, last)))


def _sorted(rule: PolicyRule) -> PolicyRule:
    return PolicyRule(
        verbs=tuple(sorted(rule.verbs)),
        api_groups=tuple(sorted(rule.api_groups)),
        resources=tuple(sorted(rule.resources)),
        resource_names=tuple(sorted(rule.resource_names)),
        non_resource_urls=tuple(sorted(rule.non_resource_urls)),
    )
