"""An event of a Kubernetes audit log as far as it says who asked for what, and whether it was let in.

Source: k8s.io/apiserver pkg/apis/audit/v1 types.go (v1beta1 has the same fields; v1alpha1 writes the group
into `apiVersion` of the object and has `timestamp`), and pkg/endpoints/filters/{audit,authorization}.go.
"""

import msgspec

RECEIVED, STARTED, COMPLETE, PANIC = "RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"
STAGES = frozenset({RECEIVED, STARTED, COMPLETE, PANIC})
API_GROUP = "audit.k8s.io/"


class User(msgspec.Struct, frozen=True, gc=False):
    """Who sent the request."""

    username: str = ""
    groups: tuple[str, ...] | None = None


class ImpersonatedUser(msgspec.Struct, frozen=True):
    """Whom the sender acted as; `uid` and `extra` are needed to know what had to be allowed for that."""

    username: str = ""
    groups: tuple[str, ...] | None = None
    uid: str = ""
    extra: dict[str, tuple[str, ...]] | None = None


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """How the sender was let in; `impersonation_constraint` is the verb of constrained impersonation."""

    impersonation_constraint: str = ""


class ObjectRef(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What the request was about, as the authorizer was asked, and filled up from the body."""

    resource: str = ""
    namespace: str = ""
    name: str = ""
    api_group: str = ""
    api_version: str = ""
    subresource: str = ""


class Status(msgspec.Struct, frozen=True, gc=False):
    """What was answered."""

    code: int | None = None
    message: str | None = None


class Annotations(msgspec.Struct, frozen=True, gc=False):
    """What the authorizers said: `reason` is empty where one allows without a word, as only RBAC has one."""

    decision: str | None = msgspec.field(default=None, name="authorization.k8s.io/decision")
    reason: str | None = msgspec.field(default=None, name="authorization.k8s.io/reason")


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event, or in an `EventList` several."""

    kind: str = ""
    api_version: str = ""
    audit_id: str = msgspec.field(default="", name="auditID")
    stage: str = ""
    request_uri: str = msgspec.field(default="", name="requestURI")
    verb: str = ""
    user: User = User()
    impersonated_user: ImpersonatedUser | None = None
    authentication_metadata: Metadata | None = None
    object_ref: ObjectRef | None = None
    response_status: Status | None = None
    request_received_timestamp: str = ""
    stage_timestamp: str = ""
    timestamp: str | None = None
    annotations: Annotations | None = None
    items: "tuple[AuditEvent, ...] | None" = None
