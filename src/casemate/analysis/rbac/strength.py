"""How much a role gives, in four steps, for questions about who holds it."""

import enum
from collections.abc import Iterable
from functools import lru_cache

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.defaults import CLUSTER_ADMIN, default_rules_for, default_rules_of
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.holding import held
from casemate.analysis.rbac.rules import grants_everything, url_matches
from casemate.model.rbac import Binding, PolicyRule, Subject
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion

_REMEMBERED = 16_384
_READ = frozenset({"get", "list", "watch"})
_PUBLIC_URLS = (
    "/",
    "/api",
    "/api/*",
    "/apis",
    "/apis/*",
    "/healthz",
    "/healthz/*",
    "/livez",
    "/livez/*",
    "/openapi",
    "/openapi/*",
    "/readyz",
    "/readyz/*",
    "/swagger*",
    "/version",
    "/version/",
    "/.well-known/*",
    "/openid/v1/jwks",
    "/openid/v1/jwks/",
)
"""What the default roles open to everybody: health, versions, discovery, keys of tokens' issuer."""
_OWN_REVIEWS = frozenset({"selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"})
_REVIEWS = _OWN_REVIEWS | {"localsubjectaccessreviews", "subjectaccessreviews", "tokenreviews"}
_ASK = ("create",)
"""A review is created to be answered, and changes nothing."""
_CLUSTER_INFO = "cluster-info"
"""The ConfigMap that kubeadm publishes for nodes that join."""


class Strength(enum.IntEnum):
    """What the holder of a role can do."""

    NOTHING = 0
    READS = 1
    WRITES = 2
    POWER = 3


def strength_of(binding: Binding, known: Grants, kubernetes: KubernetesVersion = NEWEST) -> Strength | None:
    """How much a binding gives; None where its role was not read and is none of Kubernetes' own.

    A role of Kubernetes that was not read gives what it gives in that release.
    """
    given = _given(binding, known, kubernetes)
    return None if given is None else max(_whole(rules, kubernetes) for rules in given)


def strength_for(
    holder: Subject, binding: Binding, known: Grants, kubernetes: KubernetesVersion
) -> Strength | None:
    """How much a binding gives a subject that Kubernetes does not give it anyway."""
    given = _given(binding, known, kubernetes)
    if given is None:
        return None
    found = max(_whole(rules, kubernetes) for rules in given)
    if found is not Strength.READS:
        return found  # nothing that the release's own bindings give is more
    usual = default_rules_for(holder, kubernetes)
    return max(_beyond(usual, rules, kubernetes) for rules in given)


@lru_cache(maxsize=_REMEMBERED)
def _whole(rules: tuple[PolicyRule, ...], kubernetes: KubernetesVersion) -> Strength:
    """How much rules give; many bindings give the same."""
    return strength(rules, kubernetes)


@lru_cache(maxsize=_REMEMBERED)
def _beyond(
    usual: tuple[PolicyRule, ...], rules: tuple[PolicyRule, ...], kubernetes: KubernetesVersion
) -> Strength:
    return strength(uncovered(usual, rules), kubernetes)


def _given(
    binding: Binding, known: Grants, kubernetes: KubernetesVersion
) -> list[tuple[PolicyRule, ...]] | None:
    """The rules of a binding's role, of each of that name; what Kubernetes aggregates is there unread."""
    kind, name, namespace = binding.role_kind, binding.role_name, binding.ref.namespace
    roles = known.roles_of(binding)
    if roles and not any(role.aggregation_rule for role in roles):
        return [known.rules_of(role) for role in roles]
    own = default_rules_of(kind, name, namespace, kubernetes)
    if roles:
        return [(*known.rules_of(role), *(own or ())) for role in roles]
    return None if own is None else [own]


def is_cluster_admin(binding: Binding) -> bool:
    """Whether the role is Kubernetes' own cluster-admin."""
    return binding.role_kind == "ClusterRole" and binding.role_name == CLUSTER_ADMIN


def strength(rules: Iterable[PolicyRule], kubernetes: KubernetesVersion = NEWEST) -> Strength:
    """How much rules give to one subject; rights that are needed together may stand in different ones."""
    effective = [rule for rule in rules if rule.verbs and rule.attribute_restrictions is None]
    steps = [_strength(rule) for rule in effective]
    if steps and any(_is_power(one.severity) for one in held(effective, kubernetes, wide=True)):
        return Strength.POWER
    return max(steps, default=Strength.NOTHING)


def _strength(rule: PolicyRule) -> Strength:
    if _is_public(rule):
        return Strength.NOTHING
    if grants_everything(rule):
        return Strength.POWER
    reads = _READ.issuperset(rule.verbs) or (rule.verbs == _ASK and _REVIEWS.issuperset(rule.resources))
    return Strength.READS if reads else Strength.WRITES


def _is_power(severity: Severity | None) -> bool:
    return severity is not None and severity >= Severity.MEDIUM


def _is_public(rule: PolicyRule) -> bool:
    """Whether Kubernetes itself gives as much to everybody."""
    if rule.resources:
        if _OWN_REVIEWS.issuperset(rule.resources):
            return True
        return rule.resources == ("configmaps",) and rule.resource_names == (_CLUSTER_INFO,)
    return all(any(url_matches(known, url) for known in _PUBLIC_URLS) for url in rule.non_resource_urls)
