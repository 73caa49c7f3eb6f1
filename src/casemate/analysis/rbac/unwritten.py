"""What the API server makes by itself and no file needs to say: the roles that bindings name, its bindings.

The data about releases are imported only where a name occurs that no role has.
"""

from collections.abc import Iterable

from casemate.model.rbac import Binding, Role
from casemate.model.version import KubernetesVersion

Key = tuple[str, str | None, str]


def unwritten_roles(
    roles: Iterable[Role], bindings: Iterable[Binding], kubernetes: KubernetesVersion
) -> tuple[Role, ...]:
    """The roles of Kubernetes itself that are not among `roles`; none where no binding names such a one."""
    there = {_key(role) for role in roles}
    named = {
        (b.role_kind, None if b.role_kind == "ClusterRole" else b.ref.namespace, b.role_name)
        for b in bindings
    }
    if named <= there:
        return ()
    from casemate.analysis.rbac.bootstrap import objects  # noqa: PLC0415 # start-up: data that few need

    if not any(objects.is_bootstrap_name(*key) for key in named - there):
        return ()
    return tuple(role for role in objects.bootstrap_roles(kubernetes) if _key(role) not in there)


def unwritten_bindings(bindings: Iterable[Binding], kubernetes: KubernetesVersion) -> tuple[Binding, ...]:
    """The bindings of Kubernetes itself that are not among `bindings`."""
    from casemate.analysis.rbac.bootstrap import objects  # noqa: PLC0415 # start-up: data that few need

    there = {_key(binding) for binding in bindings}
    return tuple(item for item in objects.bootstrap_bindings(kubernetes) if _key(item) not in there)


def _key(entity: Role | Binding) -> Key:
    ref = entity.ref
    return ref.kind, None if entity.is_cluster else ref.namespace, ref.name or ""
