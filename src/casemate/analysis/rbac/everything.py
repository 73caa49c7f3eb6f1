"""Rules that grant everything without saying `*` thrice: cluster-admin, spelled out.

A request has one verb and one group, so that rules on `*` of the resources add up verb by verb and group by
group, exactly. Verbs count as all where each one that every kind of object has is there: with these,
somebody makes tokens and pods under any service account, and reaches the others.

Source: pkg/apis/rbac/v1/evaluation_helpers.go of Kubernetes, and its API groups.
"""

from collections.abc import Sequence

from casemate.analysis.rbac.rules import ALL, grants_everything, matches_group
from casemate.model.rbac import RBAC, PolicyRule

_VERBS = frozenset({"create", "delete", "get", "list", "patch", "update", "watch"})
_GROUPS = (
    "",
    "apps",
    "batch",
    "networking.k8s.io",
    "policy",
    RBAC,
    "storage.k8s.io",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "certificates.k8s.io",
)
"""Those of Kubernetes' own groups by which a cluster is run; who has these has the rest within reach."""


def spelled_out(rules: Sequence[PolicyRule]) -> tuple[int, ...]:
    """The rules that together grant every ordinary verb on every resource; none where they do not.

    One rule that does so by itself is the answer alone, and before others one that says `*` thrice.
    """
    whole = [
        (index, rule)
        for index, rule in enumerate(rules)
        if ALL in rule.resources and not rule.resource_names and rule.attribute_restrictions is None
    ]
    for enough in (grants_everything, _is_all_alone):
        for index, rule in whole:
            if enough(rule):
                return (index,)
    return tuple(index for index, _ in whole) if _is_all([rule for _, rule in whole]) else ()


def _is_all_alone(rule: PolicyRule) -> bool:
    return _is_all((rule,))


def _is_all(whole: Sequence[PolicyRule]) -> bool:
    if not whole:
        return False
    for group in _GROUPS:
        verbs = {verb for rule in whole if matches_group(rule, group) for verb in rule.verbs}
        if ALL not in verbs and not _VERBS.issubset(verbs):
            return False
    return True
