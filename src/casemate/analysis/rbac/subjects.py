"""Subjects of bindings that stand for many, or for nobody in particular.

Source: apiserver pkg/authentication/user (names of groups) and pkg/authentication/serviceaccount (groups
of tokens) of Kubernetes.
"""

import enum
from collections.abc import Iterator, Mapping

from casemate.analysis.rbac.defaults import added_subjects
from casemate.analysis.rbac.grants import Grants, matches_nobody, title
from casemate.analysis.rbac.strength import Strength, is_cluster_admin, strength_for
from casemate.model.control import Fault
from casemate.model.rbac import GROUP, SERVICE_ACCOUNT, USER, Binding, Subject
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_OF_NAMESPACE = "system:serviceaccounts:"
_GROUPS = {
    "system:unauthenticated": "ANONYMOUS",
    "system:authenticated": "AUTHENTICATED",
    "system:authenticated:oauth": "AUTHENTICATED",
    "system:serviceaccounts": "SERVICE_ACCOUNTS",
}


class Crowd(enum.IntEnum):
    """Who a subject stands for, the most people first."""

    ANONYMOUS = 0
    AUTHENTICATED = 1
    SERVICE_ACCOUNTS = 2
    OF_NAMESPACE = 3
    DEFAULT = 4
    ACCOUNT = 5
    OTHER = 6


WORDS = {
    Crowd.ANONYMOUS: "whoever reaches the API server, without logging in",
    Crowd.AUTHENTICATED: "whoever can log in, every service account included",
    Crowd.SERVICE_ACCOUNTS: "every service account of the cluster",
    Crowd.OF_NAMESPACE: "every service account of a namespace",
    Crowd.DEFAULT: "every pod of its namespace that names no service account",
}


def crowd_of(holder: Subject) -> Crowd:
    """Who a subject, as the authorizer sees it, stands for."""
    name = holder.name or ""
    if holder.kind == USER and name == "system:anonymous":
        return Crowd.ANONYMOUS
    if holder.kind == GROUP:
        return Crowd.OF_NAMESPACE if name.startswith(_OF_NAMESPACE) else Crowd[_GROUPS.get(name, "OTHER")]
    if holder.kind == SERVICE_ACCOUNT:
        return Crowd.DEFAULT if name == "default" else Crowd.ACCOUNT
    return Crowd.OTHER


Scale = Mapping[Strength | None, Severity]
"""How bad a role is by what it gives; None for a role that was not read."""


def given_to(
    binding: Binding,
    known: Grants,
    kubernetes: KubernetesVersion,
    crowds: tuple[Crowd, ...],
    wide: Scale,
    inside: Scale,
) -> Iterator[Fault]:
    """A fault for each subject of these crowds whose role gives more than Kubernetes gives to everybody.

    cluster-admin is another control's, and what Kubernetes itself binds is nobody's fault.
    """
    if is_cluster_admin(binding):
        return
    holders = ((index, binding.holder(subject)) for index, subject in added_subjects(binding, kubernetes))
    found = [
        (index, holder)
        for index, holder in holders
        if crowd_of(holder) in crowds and not (binding.is_cluster and matches_nobody(holder))
    ]
    scale = wide if binding.is_cluster else inside
    for index, holder in found:
        strength = strength_for(holder, binding, known, kubernetes)
        severity = scale.get(strength)
        if severity is None:
            continue
        yield Fault(
            message=f"{title(holder)} holds {binding.role_kind} {binding.role_name}{_gives(strength)}",
            at=("subjects", index, "name"),
            why=(
                f"that is {WORDS[crowd_of(holder)]}",
                *(("the role was not read",) if strength is None else ()),
            ),
            severity=severity,
            confidence=Confidence.POSSIBLE if strength is None else None,
        )


def _gives(strength: Strength | None) -> str:
    if strength is None:
        return ""
    words = {
        Strength.READS: "reads",
        Strength.WRITES: "changes objects",
        Strength.POWER: "leads to further rights",
    }
    return f", which {words[strength]}"
