"""The naive authorizer: every binding, every role, every rule, straight from the specification."""

from collections.abc import Iterator
from typing import Any

from casemate.analysis.rbac.rules import Request, allows
from casemate.analysis.selectors import selects
from casemate.model.estate import Entity
from casemate.model.place import Document
from casemate.model.rbac import Binding, PolicyRule, Role, Subject
from casemate.readers.objects import entities


def read(objects: list[dict[str, Any]]) -> list[Entity]:
    """The objects of plain trees."""
    return [
        item for tree in objects for item in entities(tree, Document("a.json")) if isinstance(item, Entity)
    ]


class Reference:
    """Answers requests the slow way."""

    def __init__(self, found: list[Entity]) -> None:
        self.roles = [entity for entity in found if isinstance(entity, Role)]
        self.bindings = [entity for entity in found if isinstance(entity, Binding)]

    def rules(self, role: Role, seen: frozenset[str] = frozenset()) -> Iterator[PolicyRule]:
        if role.aggregation_rule is None:
            yield from role.rules
            return
        for other in self.roles:
            chosen = any(selects(s, other.labels) for s in role.aggregation_rule.cluster_role_selectors)
            if other.is_cluster and chosen and other.ref.name not in seen:
                yield from self.rules(other, seen | {str(role.ref.name)})

    def allowed(self, request: dict[str, Any]) -> bool:
        user, groups = request["user"], {*request["groups"]}
        groups.add("system:unauthenticated" if user == "system:anonymous" else "system:authenticated")
        parts = user.split(":")
        if parts[:2] == ["system", "serviceaccount"] and len(parts) == 4:
            groups |= {"system:serviceaccounts", f"system:serviceaccounts:{parts[2]}"}
        if "system:masters" in groups:
            return True
        asked = request_of(request)
        for binding in self.bindings:
            inside = binding.is_cluster or (
                request["namespace"] and binding.ref.namespace == request["namespace"] and asked.is_resource
            )
            if inside and any(_is(binding.holder(s), user, groups) for s in binding.subjects):
                for role in self._role(binding):
                    if any(allows(rule, asked) for rule in self.rules(role)):
                        return True
        return False

    def _role(self, binding: Binding) -> Iterator[Role]:
        for role in self.roles:
            place = None if binding.role_kind == "ClusterRole" else binding.ref.namespace
            if (role.ref.kind, role.ref.name, role.ref.namespace) == (
                binding.role_kind, binding.role_name, place
            ):  # fmt: skip
                yield role


def request_of(request: dict[str, Any]) -> Request:
    """A request as the corpus writes it."""
    return Request(
        request["verb"], request["apiGroup"], request["resource"], request["subresource"],
        request["name"], request["path"], request["namespace"],
    )  # fmt: skip


def _is(subject: Subject, user: str, groups: set[str]) -> bool:
    if subject.kind == "Group":
        return subject.name in groups
    if subject.kind == "ServiceAccount":
        return bool(subject.namespace) and user == f"system:serviceaccount:{subject.namespace}:{subject.name}"
    return subject.kind == "User" and subject.name == user
