"""The roles and bindings of a release as objects, as a new cluster has them once its controllers ran.

The feature gates are those of the release's default. The rules of admin, edit and view are the ones that
the aggregation controller fills in.
"""

from collections.abc import Iterator
from functools import cache

from casemate.analysis.rbac.bootstrap import table
from casemate.analysis.rbac.bootstrap.table import History, Key, minor_of
from casemate.model.estate import Ref
from casemate.model.place import Document, Origin
from casemate.model.rbac import (
    GROUP,
    RBAC,
    SERVICE_ACCOUNT,
    AggregationRule,
    Binding,
    PolicyRule,
    Role,
    RoleRef,
    Subject,
)
from casemate.model.selectors import LabelSelector
from casemate.model.version import NEWEST, KubernetesVersion

_LABELS = {"kubernetes.io/bootstrapping": "rbac-defaults"}
_ANNOTATIONS = {"rbac.authorization.kubernetes.io/autoupdate": "true"}
_AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-"
_UNAUTHENTICATED = ("Group", "system:unauthenticated")
_AUTHENTICATED = ("Group", "system:authenticated")
_ACCOUNTS = ("Group", "system:serviceaccounts")


def bootstrap_roles(kubernetes: KubernetesVersion) -> tuple[Role, ...]:
    """The roles that a release makes; those of the nearest known one where it is not known."""
    return _roles(minor_of(kubernetes))


def bootstrap_bindings(kubernetes: KubernetesVersion) -> tuple[Binding, ...]:
    """The bindings that a release makes; those of the nearest known one where it is not known."""
    return _bindings(minor_of(kubernetes))


def bootstrap_role(kind: str, namespace: str | None, name: str, kubernetes: KubernetesVersion) -> Role | None:
    """The role of that kind, namespace and name that a release makes, if it does."""
    return _by_key(minor_of(kubernetes)).get((kind, namespace, name))


def is_bootstrap_name(kind: str, namespace: str | None, name: str) -> bool:
    """Whether some release makes a role of that kind, namespace and name, feature gates included."""
    return (kind, namespace, name) in table.roles()


def rules_of(key: Key, kubernetes: KubernetesVersion) -> tuple[PolicyRule, ...]:
    """The rules that a role has in effect; where the release does not make it, those of every release."""
    role = bootstrap_role(*key, kubernetes)
    return granted(key, table.OLDEST, NEWEST.minor) if role is None else role.rules


def granted(key: Key, first: int, last: int) -> tuple[PolicyRule, ...]:
    """All rules that a role has in any of these minor releases, whatever the feature gates; each once."""
    return tuple(dict.fromkeys(_granted(table.roles()[key], first, last)))


def default_rules(kind: str, name: str, kubernetes: KubernetesVersion) -> tuple[PolicyRule, ...]:
    """What the release's own bindings give cluster-wide to a user, group or service account.

    The groups that the API server adds count: everybody who logs in is in system:authenticated, and a
    service account in system:serviceaccounts too.
    """
    return _default_rules(frozenset(_implied(kind, name)), minor_of(kubernetes))


def _implied(kind: str, name: str) -> Iterator[tuple[str, str]]:
    """Whose rights a subject has for sure."""
    yield kind, name
    if name in {"system:anonymous", _UNAUTHENTICATED[1]}:
        yield _UNAUTHENTICATED
        return
    yield _AUTHENTICATED
    if kind == SERVICE_ACCOUNT or (kind == GROUP and name.startswith(f"{_ACCOUNTS[1]}:")):
        yield _ACCOUNTS


@cache
def _default_rules(subjects: frozenset[tuple[str, str]], minor: int) -> tuple[PolicyRule, ...]:
    roles = _by_key(minor)
    bindings = (
        binding
        for binding in _bindings(minor)
        if binding.is_cluster and any((s.kind, s.name) in subjects for s in binding.subjects)
    )
    rules = (rule for b in bindings for rule in roles["ClusterRole", None, b.role_name].rules)
    return tuple(dict.fromkeys(rules))


def made_labels(history: History[PolicyRule]) -> dict[str, str]:
    """The labels that the API server gives a role."""
    feeds = (word[1:] for word in history.words if word.startswith(">"))
    return _LABELS | {f"{_AGGREGATE}{name}": "true" for name in feeds}


def made_aggregation(history: History[PolicyRule]) -> AggregationRule | None:
    """The aggregation rule that the API server gives a role."""
    selectors = tuple(LabelSelector(match_labels={f"{_AGGREGATE}{name}": "true"}) for name in _taken(history))
    return AggregationRule(cluster_role_selectors=selectors) if selectors else None


def _taken(history: History[PolicyRule]) -> tuple[str, ...]:
    return tuple(word[1:] for word in history.words if word.startswith("<"))


def _granted(history: History[PolicyRule], first: int, last: int) -> Iterator[PolicyRule]:
    yield from history.within(first, last)
    for other in _feeders(history):
        yield from _granted(other, first, last)


def _feeders(history: History[PolicyRule]) -> Iterator[History[PolicyRule]]:
    """The roles whose rules a role takes in; no two of Kubernetes' take in each other."""
    labels = {f">{name}" for name in _taken(history)}
    return (other for other in table.roles().values() if labels.intersection(other.words))


def _effective(history: History[PolicyRule], minor: int) -> Iterator[PolicyRule]:
    yield from history.at(minor)
    for other in _feeders(history):
        yield from _effective(other, minor)


@cache
def _by_key(minor: int) -> dict[Key, Role]:
    made = (history for history in table.roles().values() if history.is_made(minor))
    return {history.key: _role(history, minor) for history in made}


@cache
def _roles(minor: int) -> tuple[Role, ...]:
    return tuple(_by_key(minor).values())


@cache
def _bindings(minor: int) -> tuple[Binding, ...]:
    made = (history for history in table.bindings().values() if history.is_made(minor))
    return tuple(_binding(history, minor) for history in made)


@cache
def _origin(minor: int) -> Origin:
    return Origin(Document(f"Kubernetes 1.{minor}"))


def _ref(key: Key) -> Ref:
    kind, namespace, name = key
    return Ref(f"{RBAC}/v1", kind, namespace, name)


def _role(history: History[PolicyRule], minor: int) -> Role:
    return Role(
        ref=_ref(history.key),
        origin=_origin(minor),
        labels=made_labels(history),
        annotations=_ANNOTATIONS,
        rules=tuple(dict.fromkeys(_effective(history, minor))),
        aggregation_rule=made_aggregation(history),
    )


def _binding(history: History[Subject], minor: int) -> Binding:
    kind, _, name = history.words[0].partition("/")
    return Binding(
        ref=_ref(history.key),
        origin=_origin(minor),
        labels=_LABELS,
        annotations=_ANNOTATIONS,
        role_ref=RoleRef(api_group=RBAC, kind=kind, name=name),
        subjects=history.at(minor),
    )
