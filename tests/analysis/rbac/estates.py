"""Estates of roles and bindings for tests, from the fewest words."""

from casemate.model.estate import Coverage, Entity, Estate, Ref
from casemate.model.place import Document, Origin
from casemate.model.rbac import RBAC, AggregationRule, Binding, PolicyRule, Role, RoleRef, Subject
from casemate.model.selectors import LabelSelector

_ORIGIN = Origin(Document("a.yaml"))


def role(
    name: str,
    *rules: PolicyRule,
    namespace: str | None = None,
    labels: dict[str, str] | None = None,
    takes: dict[str, str] | None = None,
) -> Role:
    """A Role where a namespace is given (empty: none is written), else a ClusterRole."""
    kind = "ClusterRole" if namespace is None else "Role"
    selector = LabelSelector(match_labels=takes)
    return Role(
        ref=Ref(f"{RBAC}/v1", kind, namespace or None, name),
        origin=_ORIGIN,
        labels=labels or {},
        rules=rules,
        aggregation_rule=AggregationRule(cluster_role_selectors=(selector,)) if takes else None,
    )


def binding(
    role_name: str,
    *subjects: Subject,
    namespace: str | None = None,
    kind: str = "ClusterRole",
    name: str = "b",
) -> Binding:
    """A RoleBinding where a namespace is given (empty: none is written), else a ClusterRoleBinding."""
    own = "ClusterRoleBinding" if namespace is None else "RoleBinding"
    return Binding(
        ref=Ref(f"{RBAC}/v1", own, namespace or None, name),
        origin=_ORIGIN,
        role_ref=RoleRef(kind=kind, name=role_name),
        subjects=subjects,
    )


def rule(verbs: str, *resources: str, group: str = "", names: tuple[str, ...] = ()) -> PolicyRule:
    """A rule of one group."""
    return PolicyRule(
        verbs=tuple(verbs.split()), api_groups=(group,), resources=resources, resource_names=names
    )


def account(name: str, namespace: str | None = "n") -> Subject:
    """A service account as a subject."""
    return Subject(kind="ServiceAccount", name=name, namespace=namespace)


def estate(*entities: Entity, complete: bool = False) -> Estate:
    """These objects; `complete` where there are no others."""
    return Estate(entities=entities, coverage=Coverage(complete=frozenset({"*"} if complete else ())))
