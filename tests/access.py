"""Roles, bindings and subjects for tests of access."""

from collections.abc import Iterable

from casemate.model.estate import Ref
from casemate.model.place import Document, Origin
from casemate.model.rbac import (
    GROUP,
    SERVICE_ACCOUNT,
    USER,
    Binding,
    PolicyRule,
    Role,
    RoleRef,
    Subject,
)

API = "rbac.authorization.k8s.io/v1"
NOWHERE = Origin(Document("rbac.yaml"))
READ = PolicyRule(verbs=("get", "list"), api_groups=("",), resources=("secrets",))
WRITE = PolicyRule(verbs=("*",), api_groups=("apps",), resources=("deployments",))
HEALTH = PolicyRule(verbs=("get",), non_resource_urls=("/healthz",))
VOID = PolicyRule(verbs=("get",), api_groups=("",), resources=("pods",), attribute_restrictions={"kind": "x"})
ADA = Subject(kind=USER, name="ada")
CART = Subject(kind=SERVICE_ACCOUNT, name="cart", namespace="shop")
CREW = Subject(kind=GROUP, name="crew")


def role(kind: str, name: str, *rules: PolicyRule, namespace: str | None = None, **more: object) -> Role:
    return Role(ref=Ref(API, kind, namespace, name), origin=NOWHERE, rules=rules, **more)  # type: ignore[arg-type] # labels and aggregation of a case


def binding(
    name: str, subjects: Iterable[Subject], kind: str, to: str, namespace: str | None = None
) -> Binding:
    of = "RoleBinding" if namespace else "ClusterRoleBinding"
    return Binding(
        ref=Ref(API, of, namespace, name),
        origin=NOWHERE,
        role_ref=RoleRef(kind=kind, name=to),
        subjects=tuple(subjects),
    )
