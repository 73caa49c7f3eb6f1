"""Bindings, roles, subjects and requests as answers about access name them."""

from casemate.analysis.rbac.identity import MASTERS
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import HOME
from casemate.model.rbac import SERVICE_ACCOUNT, Binding, Role, Subject

BY_MASTERS = {"binding": f"Group/{MASTERS}", "role": None, "rule": None}
"""The reason of members of system:masters, who need no role."""


def object_id(entity: Binding | Role) -> str:
    """`ClusterRole/view`, `RoleBinding/shop/devs`."""
    ref = entity.ref
    if entity.is_cluster:
        return f"{ref.kind}/{ref.name or ''}"
    return f"{ref.kind}/{ref.namespace or HOME}/{ref.name or ''}"


def subject_id(subject: Subject) -> str:
    """`User/jane`, `ServiceAccount/shop/cart`."""
    name = subject.name or ""
    if subject.kind == SERVICE_ACCOUNT:
        return f"{subject.kind}/{subject.namespace or HOME}/{name}"
    return f"{subject.kind}/{name}"


def request_words(request: Request) -> str:
    """`get secrets db in shop`, `list deployments.apps`, `get /metrics`."""
    if not request.is_resource:
        return f"{request.verb} {request.path or '(no path)'}"
    resource = request.resource + (f".{request.group}" if request.group else "")
    resource += f"/{request.subresource}" if request.subresource else ""
    name = f" {request.name}" if request.name else ""
    where = f" in {request.namespace}" if request.namespace else ""
    return f"{request.verb} {resource}{name}{where}"
