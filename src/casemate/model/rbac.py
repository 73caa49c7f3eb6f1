"""Roles and what binds them to users, groups and service accounts.

Source: k8s.io/api rbac/v1 types.go (v1beta1 and v1alpha1 have the same fields), and OpenShift's older
authorization.openshift.io/v1, as its API server converts it to the former.
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Entity
from casemate.model.selectors import LabelSelector

RBAC = "rbac.authorization.k8s.io"
OPENSHIFT = "authorization.openshift.io"
USER, GROUP, SERVICE_ACCOUNT = "User", "Group", "ServiceAccount"
_OF_OPENSHIFT = {"SystemUser": USER, "SystemGroup": GROUP}


class _Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of an object, with the names that the API uses."""


class PolicyRule(_Part, frozen=True, kw_only=True):
    """Verbs on resources or on URLs; all of its lists must match at once.

    `attribute_restrictions` is OpenShift's: a rule that has any grants nothing.
    """

    verbs: tuple[str, ...] = ()
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()
    non_resource_urls: tuple[str, ...] = msgspec.field(default=(), name="nonResourceURLs")
    attribute_restrictions: dict[str, object] | None = None

    def __hash__(self) -> int:
        return hash(
            (self.verbs, self.api_groups, self.resources, self.resource_names, self.non_resource_urls)
        )


class AggregationRule(_Part, frozen=True, kw_only=True):
    """The ClusterRoles whose rules become those of the role: those that any of the selectors selects."""

    cluster_role_selectors: tuple[LabelSelector, ...] = ()


class Role(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A Role or ClusterRole: rights without an owner."""

    KINDS: ClassVar[tuple[str, ...]] = ("Role", "ClusterRole")

    rules: tuple[PolicyRule, ...] = ()
    aggregation_rule: AggregationRule | None = None

    @property
    def is_cluster(self) -> bool:
        """Whether it is a ClusterRole."""
        return self.ref.kind == "ClusterRole"


class RoleRef(_Part, frozen=True, kw_only=True):
    """The role that a binding gives; `namespace` exists only in OpenShift's older form."""

    api_group: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None


class Subject(_Part, frozen=True, kw_only=True):
    """Who holds the role: a user, a group or a service account."""

    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    api_group: str | None = None


class Binding(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A RoleBinding or ClusterRoleBinding: who holds a role, in its namespace or everywhere."""

    KINDS: ClassVar[tuple[str, ...]] = ("RoleBinding", "ClusterRoleBinding")

    role_ref: RoleRef = RoleRef()
    subjects: tuple[Subject, ...] = ()

    @property
    def is_cluster(self) -> bool:
        """Whether it gives the role in the whole cluster."""
        return self.ref.kind == "ClusterRoleBinding"

    @property
    def role_kind(self) -> str:
        """The kind of its role; OpenShift's older form tells it by the namespace."""
        if self.ref.group == OPENSHIFT:
            return "Role" if self.role_ref.namespace else "ClusterRole"
        return self.role_ref.kind or ""

    @property
    def role_name(self) -> str:
        """The name of its role."""
        return self.role_ref.name or ""

    def holder(self, subject: Subject) -> Subject:
        """The subject as the authorizer sees it.

        A service account without a namespace is one of a RoleBinding's own.
        """
        kind = self.kind_of(subject)
        namespace = subject.namespace or None
        if kind == SERVICE_ACCOUNT and namespace is None and not self.is_cluster:
            namespace = self.ref.namespace
        return Subject(kind=kind, name=subject.name, namespace=namespace, api_group=subject.api_group)

    @staticmethod
    def kind_of(subject: Subject) -> str | None:
        """The kind of a subject, as Kubernetes names it."""
        return _OF_OPENSHIFT.get(subject.kind or "", subject.kind)
