"""Roles and bindings that the API server makes by itself at each start: they are no fault of anybody's.

Source: plugin/pkg/auth/authorizer/rbac/bootstrappolicy of Kubernetes.
"""

from casemate.model.rbac import GROUP, Binding, Role, Subject

LABEL = "kubernetes.io/bootstrapping"
VALUE = "rbac-defaults"
CLUSTER_ADMIN, ADMIN, EDIT, VIEW = "cluster-admin", "admin", "edit", "view"
USER_FACING = (CLUSTER_ADMIN, ADMIN, EDIT, VIEW)
SYSTEM = "system:"
MASTERS = "system:masters"
AGGREGATES = {f"rbac.authorization.k8s.io/aggregate-to-{name}": name for name in (ADMIN, EDIT, VIEW)}
"""The labels by which a ClusterRole becomes part of a user-facing one."""
FED = {VIEW: (EDIT, ADMIN), EDIT: (ADMIN,), ADMIN: ()}
"""The user-facing roles that hold what another one holds."""


def is_default_role(role: Role) -> bool:
    """Whether Kubernetes itself brings this role."""
    name = role.ref.name or ""
    if role.labels.get(LABEL) == VALUE or name.startswith(SYSTEM):
        return True
    return role.is_cluster and name in USER_FACING


def is_default_name(kind: str, name: str) -> bool:
    """Whether a role of that kind and name is there without anybody having made it."""
    return name.startswith(SYSTEM) or (kind == "ClusterRole" and name in USER_FACING)


def is_default_binding(binding: Binding) -> bool:
    """Whether Kubernetes itself brings this binding, whose role is one of its own."""
    name = binding.ref.name or ""
    own = binding.labels.get(LABEL) == VALUE or name.startswith(SYSTEM)
    return own and binding.role_name.startswith(SYSTEM)


def is_masters(subject: Subject) -> bool:
    """Whether it is the group that the API server lets do everything."""
    return subject.kind == GROUP and subject.name == MASTERS
