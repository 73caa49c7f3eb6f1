"""Roles and bindings that the API server makes by itself at each start: they are no fault of anybody's.

They are told by their content, as a release of Kubernetes gives it, and not by name or label: a role that
is only called system:something, or that was given more, is judged as anybody's. Without a release the newest
is meant, which includes what the earlier ones gave.

Source: plugin/pkg/auth/authorizer/rbac/bootstrappolicy of Kubernetes.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.covers import atoms
from casemate.model.rbac import GROUP, Binding, PolicyRule, Role, Subject
from casemate.model.version import NEWEST, KubernetesVersion

CLUSTER_ADMIN, ADMIN, EDIT, VIEW = "cluster-admin", "admin", "edit", "view"
USER_FACING = (CLUSTER_ADMIN, ADMIN, EDIT, VIEW)
SYSTEM = "system:"
MASTERS = "system:masters"
AGGREGATES = {f"rbac.authorization.k8s.io/aggregate-to-{name}": name for name in (ADMIN, EDIT, VIEW)}
"""The labels by which a ClusterRole becomes part of a user-facing one."""
FED = {VIEW: (EDIT, ADMIN), EDIT: (ADMIN,), ADMIN: ()}
"""The user-facing roles that hold what another one holds."""
_OTHERS = frozenset({*USER_FACING, "extension-apiserver-authentication-reader"})
"""The names of Kubernetes' own that do not begin with system:; no other name is looked up."""


def is_default_role(role: Role, kubernetes: KubernetesVersion = NEWEST) -> bool:
    """Whether Kubernetes itself brings this role, and nothing was added to it."""
    return added_rules(role, kubernetes) == ()


def added_rules(role: Role, kubernetes: KubernetesVersion = NEWEST) -> tuple[PolicyRule, ...] | None:
    """The smallest rules that were added to a role of Kubernetes' own; None where it is none.

    The rules of admin, edit and view count as nothing added while these aggregate as Kubernetes wants it:
    the controller writes them from other roles, which are judged themselves. A role of Kubernetes that
    somebody made part of admin, edit or view is no longer its own.
    """
    if not _may_be_default(role.ref.name):
        return None
    from casemate.analysis.rbac.bootstrap import compare  # noqa: PLC0415 # start-up: few names need the data

    if compare.is_passed_on(role):
        return None
    return () if compare.is_filled_in(role) else compare.beyond(role, kubernetes)


def own_rules(role: Role, kubernetes: KubernetesVersion = NEWEST) -> Iterator[tuple[int, PolicyRule]]:
    """The rules that are not wholly Kubernetes' own, with their positions; all, in most roles."""
    added = added_rules(role, kubernetes)
    for index, rule in enumerate(role.rules):
        if added is None or any(atom in added for atom in atoms(rule)):
            yield index, rule


def is_default_name(kind: str, name: str, namespace: str | None = None) -> bool:
    """Whether Kubernetes makes a role of that kind and name, for a Role in that namespace."""
    if not _may_be_default(name):
        return False
    from casemate.analysis.rbac.bootstrap import objects  # noqa: PLC0415 # start-up: few names need the data

    return objects.is_bootstrap_name(kind, None if kind == "ClusterRole" else namespace, name)


def default_rules_of(
    kind: str, name: str, namespace: str | None, kubernetes: KubernetesVersion
) -> tuple[PolicyRule, ...] | None:
    """The rules of Kubernetes' own role of that name, those that it takes in included; None without one.

    Where the release does not make it, what any release gave it.
    """
    if not is_default_name(kind, name, namespace):
        return None
    from casemate.analysis.rbac.bootstrap import objects  # noqa: PLC0415 # start-up: few names need the data

    return objects.rules_of((kind, None if kind == "ClusterRole" else namespace, name), kubernetes)


def default_rules_for(subject: Subject, kubernetes: KubernetesVersion) -> tuple[PolicyRule, ...]:
    """What Kubernetes' own bindings give a subject in the whole cluster, as everybody of its sort."""
    from casemate.analysis.rbac.bootstrap import objects  # noqa: PLC0415 # start-up: few names need the data

    return objects.default_rules(subject.kind or "", subject.name or "", kubernetes)


def is_default_binding(binding: Binding, kubernetes: KubernetesVersion = NEWEST) -> bool:
    """Whether Kubernetes itself brings this binding, and nobody was added to it."""
    return _added_subjects(binding, kubernetes) == ()


def added_subjects(binding: Binding, kubernetes: KubernetesVersion = NEWEST) -> Iterator[tuple[int, Subject]]:
    """The subjects that somebody else than Kubernetes bound, with their positions; all, in most bindings."""
    added = _added_subjects(binding, kubernetes)
    for index, subject in enumerate(binding.subjects):
        if added is None or index in added:
            yield index, subject


def is_masters(subject: Subject) -> bool:
    """Whether it is the group that the API server lets do everything."""
    return subject.kind == GROUP and subject.name == MASTERS


def _added_subjects(binding: Binding, kubernetes: KubernetesVersion) -> tuple[int, ...] | None:
    if not _may_be_default(binding.ref.name):
        return None
    from casemate.analysis.rbac.bootstrap import compare  # noqa: PLC0415 # start-up: few names need the data

    return compare.added_subjects(binding, kubernetes)


def _may_be_default(name: str | None) -> bool:
    return name is not None and (name.startswith(SYSTEM) or name in _OTHERS)
