"""From an event of an audit log to what the authorizer was asked.

The log shows a request after its body was read: the object's name and namespace are filled in where the
request itself carried none. Both are taken back here, since rights are matched against the request.

Source: k8s.io/apiserver pkg/endpoints/request/requestinfo.go, pkg/audit/request.go (what is filled in),
pkg/endpoints/filters/{authorization,audit}.go, pkg/endpoints/filters/impersonation,
pkg/endpoints/handlers/update.go (what is created by an update).
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from casemate.model.audit import Call, Caller, Outcome
from casemate.model.audit_event import AuditEvent, ImpersonatedUser, ObjectRef

_NAMED_BY_URL = frozenset({"list", "watch"})
_CREATES = frozenset({"update", "patch"})
_AUTHENTICATION = "authentication.k8s.io"
_ACCOUNT, _NODE = "system:serviceaccount:", "system:node:"
_ACCOUNTS, _NODES = "system:serviceaccounts", "system:nodes"
_AUTHENTICATED, _UNAUTHENTICATED = "system:authenticated", "system:unauthenticated"
_ANONYMOUS = "system:anonymous"
_BEFORE_AUTHORIZATION = frozenset({400, 408, 429})
"""Answers that a request can get before an authorizer was asked."""


def call_of(event: AuditEvent) -> Call:
    """The request as the authorizer saw it."""
    ref = event.object_ref
    if ref is None or not ref.resource:
        return Call(event.verb, path=_path(event.request_uri))
    name = ref.name
    verb = event.verb
    if (verb == "create" and not ref.subresource) or verb == "deletecollection":
        name = ""
    elif not name and verb in _NAMED_BY_URL and "fieldSelector" in event.request_uri:
        name = _selected_name(event.request_uri)
    return Call(verb, _group(ref), ref.resource, ref.subresource, _namespace(ref, event.request_uri), name)


def also_needed(event: AuditEvent, call: Call) -> Call | None:
    """The right to create, where an update or patch made the object that it meant to change."""
    status = event.response_status
    if call.verb not in _CREATES or not call.resource or status is None or status.code != 201:
        return None
    return Call("create", call.group, call.resource, call.subresource, call.namespace, call.name)


def outcome_of(event: AuditEvent) -> tuple[Outcome | None, str | None]:
    """What the authorizers decided, and why; None where the caller never became known.

    Their own word counts: a 403 may come from admission after they allowed. Without it the answer's code
    tells, where only an authorizer's yes leads to it.
    """
    said = event.annotations
    reason = said.reason if said is not None else None
    if said is not None and said.decision:
        return (Outcome.ALLOWED if said.decision == "allow" else Outcome.DENIED), reason
    code = event.response_status.code if event.response_status is not None else None
    if code == 401:
        return None, None
    if code == 403:
        return Outcome.DENIED, reason
    if code is None or code in _BEFORE_AUTHORIZATION or code >= 500:
        return Outcome.UNDECIDED, reason
    return Outcome.ALLOWED, reason


def denied_impersonation(event: AuditEvent) -> Call | None:
    """What was refused where the caller may not act as somebody: the log shows the request it was for."""
    status = event.response_status
    if status is None or status.code != 403 or event.impersonated_user is not None:
        return None
    text = status.message or ""
    if " cannot impersonate" not in text:
        return None
    resource, _, rest = text.partition(" ")
    resource, _, group = resource.partition(".")
    resource, _, sub = resource.partition("/")
    return Call("impersonate", group, resource, sub, "", rest.partition('"')[2].partition('"')[0])


def impersonation(user: ImpersonatedUser, constraint: str, call: Call) -> Iterator[Call]:
    """The rights that acting as somebody took, besides those that the somebody needed.

    The log does not tell which groups were asked for: those that the server adds by itself count as its own.
    """
    verb = constraint or "impersonate"
    group = _AUTHENTICATION if constraint else ""
    yield _of_user(user.username, verb, group, constrained=bool(constraint))
    for name in _asked_groups(user, constrained=bool(constraint)):
        yield Call(verb, group, "groups", name=name)
    for key, values in (user.extra or {}).items():
        for value in values:
            yield Call(verb, _AUTHENTICATION, "userextras", key, name=value)
    if user.uid:
        yield Call(verb, _AUTHENTICATION, "uids", name=user.uid)
    if constraint:
        mode = constraint.partition(":")[2]
        yield Call(
            f"impersonate-on:{mode}:{call.verb}",
            call.group, call.resource, call.subresource, call.namespace, call.name, call.path,
        )  # fmt: skip


def caller_of(user: ImpersonatedUser) -> Caller:
    """Whom a request counts for that was sent as somebody else."""
    return Caller(user.username, user.groups or ())


def _of_user(name: str, verb: str, group: str, *, constrained: bool) -> Call:
    if constrained and name.startswith(_NODE):
        node = "*" if verb.endswith(":associated-node") else name.removeprefix(_NODE)
        return Call(verb, group, "nodes", name=node)
    if name.startswith(_ACCOUNT):
        namespace, colon, account = name.removeprefix(_ACCOUNT).partition(":")
        if colon:
            return Call(verb, group, "serviceaccounts", namespace=namespace, name=account)
    return Call(verb, group, "users", name=name)


def _asked_groups(user: ImpersonatedUser, *, constrained: bool) -> tuple[str, ...]:
    groups = user.groups or ()
    own: set[str] = {_UNAUTHENTICATED} if user.username == _ANONYMOUS else {_AUTHENTICATED}
    if user.username.startswith(_ACCOUNT):
        namespace = user.username.removeprefix(_ACCOUNT).partition(":")[0]
        fixed = {_ACCOUNTS, f"{_ACCOUNTS}:{namespace}"}
        if fixed | own == set(groups):
            return ()
    elif constrained and user.username.startswith(_NODE):
        own.add(_NODES)
    return tuple(name for name in groups if name not in own)


def _group(ref: ObjectRef) -> str:
    """The API group; v1alpha1 wrote it before the version."""
    return ref.api_group or ref.api_version.rpartition("/")[0]


def _namespace(ref: ObjectRef, uri: str) -> str:
    """The namespace of the request, which the path names; without a path, what was logged."""
    if ref.namespace and uri and "/namespaces/" not in uri.partition("?")[0]:
        return ""
    return ref.namespace


def _path(uri: str) -> str:
    """The path that rules about URLs are matched against: without the query, and decoded."""
    if not uri.startswith("/"):
        uri = urlsplit(uri).path or uri
    path = uri.partition("?")[0]
    return unquote(path) if "%" in path else path


def _selected_name(uri: str) -> str:
    """The name that a field selector asks for, as far as the server takes one from it."""
    for value in parse_qs(uri.partition("?")[2]).get("fieldSelector", ())[:1]:
        for term in value.split(","):
            field, equals, name = term.partition("=")
            if field == "metadata.name" and equals:
                name = name.removeprefix("=")
                return "" if name in {"", ".", ".."} or "/" in name or "%" in name else name
    return ""
