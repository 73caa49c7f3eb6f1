"""What the authorizer was asked, from what the log shows of it."""

from typing import Any

import msgspec
import pytest

from casemate.model.audit import Call, Outcome
from casemate.model.audit_event import AuditEvent, ImpersonatedUser
from casemate.readers.audit_calls import (
    also_needed,
    call_of,
    denied_impersonation,
    impersonation,
    outcome_of,
)

CALL = Call("get", "apps", "deployments", "", "n", "a")
AUTHENTICATED = "system:authenticated"


def event(**fields: Any) -> AuditEvent:
    return msgspec.convert({"stage": "ResponseComplete", "verb": "get", **fields}, AuditEvent)


def call(verb: str, ref: dict[str, str] | None, uri: str = "") -> Call:
    return call_of(event(verb=verb, objectRef=ref, requestURI=uri))


PODS = {"resource": "pods", "namespace": "n", "apiVersion": "v1"}


@pytest.mark.parametrize(
    ("verb", "ref", "uri", "expected"),
    [
        ("get", {**PODS, "name": "a"}, "", Call("get", "", "pods", "", "n", "a")),
        ("create", {**PODS, "name": "a"}, "", Call("create", "", "pods", "", "n", "")),
        ("create", {**PODS, "name": "a", "subresource": "exec"}, "", Call("create", "", "pods", "exec", "n", "a")),
        ("deletecollection", {**PODS, "name": "a"}, "", Call("deletecollection", "", "pods", "", "n", "")),
        ("list", {**PODS, "name": "a"}, "", Call("list", "", "pods", "", "n", "a")),
        ("list", PODS, "/api/v1/namespaces/n/pods?fieldSelector=metadata.name%3Da", Call("list", "", "pods", "", "n", "a")),
        ("watch", PODS, "/p?fieldSelector=status.phase!%3DX,metadata.name%3D%3Da", Call("watch", "", "pods", "", "", "a")),
        ("watch", PODS, "/p?fieldSelector=metadata.name!%3Da", Call("watch", "", "pods", "", "", "")),
        ("list", PODS, "/p?fieldSelector=metadata.name%3D..", Call("list", "", "pods", "", "", "")),
        ("list", PODS, "/p?fieldSelector=", Call("list", "", "pods", "", "", "")),
        ("get", PODS, "/namespaces/n/p?fieldSelector=metadata.name%3Da", Call("get", "", "pods", "", "n", "")),
        (
            "get",
            {"resource": "namespaces", "namespace": "n", "name": "n"},
            "/api/v1/namespaces/n",
            Call("get", "", "namespaces", "", "n", "n"),
        ),
        (
            "create",
            {"resource": "clusterroles", "namespace": "sloppy", "name": "x", "apiGroup": "rbac.authorization.k8s.io"},
            "/apis/rbac.authorization.k8s.io/v1/clusterroles?a=/namespaces/x",
            Call("create", "rbac.authorization.k8s.io", "clusterroles"),
        ),
        ("get", {"resource": "jobs", "apiVersion": "batch/v1"}, "", Call("get", "batch", "jobs")),
        ("get", None, "/metrics?a=/b", Call("get", path="/metrics")),
        ("get", None, "/a%20b", Call("get", path="/a b")),
        ("get", None, "https://host:6443/healthz?x", Call("get", path="/healthz")),
        ("get", None, "", Call("get")),
        ("get", {}, "/api", Call("get", path="/api")),
    ],
)  # fmt: skip
def test_the_request_is_that_of_the_url(verb: str, ref: Any, uri: str, expected: Call) -> None:
    assert call(verb, ref, uri) == expected


@pytest.mark.parametrize(
    ("annotations", "code", "expected"),
    [
        ({"authorization.k8s.io/decision": "allow"}, 403, (Outcome.ALLOWED, None)),
        ({"authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": ""}, 200, (Outcome.ALLOWED, "")),
        ({"authorization.k8s.io/decision": "allow"}, 500, (Outcome.ALLOWED, None)),
        ({"authorization.k8s.io/decision": "forbid"}, 403, (Outcome.DENIED, None)),
        ({"authorization.k8s.io/reason": "internal error"}, 500, (Outcome.UNDECIDED, "internal error")),
        ({}, 404, (Outcome.ALLOWED, None)),
        (None, 200, (Outcome.ALLOWED, None)),
        (None, 403, (Outcome.DENIED, None)),
        (None, 401, (None, None)),
        (None, 429, (Outcome.UNDECIDED, None)),
        (None, 400, (Outcome.UNDECIDED, None)),
        (None, 503, (Outcome.UNDECIDED, None)),
        (None, None, (Outcome.UNDECIDED, None)),
    ],
)  # fmt: skip
def test_the_authorizers_own_word_comes_first(annotations: Any, code: int | None, expected: Any) -> None:
    status = None if code is None else {"code": code}
    assert outcome_of(event(annotations=annotations, responseStatus=status)) == expected


def test_an_update_that_made_the_object_needed_create_too() -> None:
    made = event(verb="patch", responseStatus={"code": 201})
    patch = Call("patch", "apps", "deployments", "", "n", "a")
    assert also_needed(made, patch) == Call("create", "apps", "deployments", "", "n", "a")
    assert also_needed(event(verb="patch", responseStatus={"code": 200}), patch) is None
    assert also_needed(event(verb="patch"), patch) is None
    assert also_needed(made, CALL) is None
    assert also_needed(made, Call("patch", path="/x")) is None


def user(name: str, *groups: str, **more: Any) -> ImpersonatedUser:
    return ImpersonatedUser(name, groups or None, **more)


ACCOUNT = "system:serviceaccount:n:a"
FIXED = ("system:serviceaccounts", "system:serviceaccounts:n", AUTHENTICATED)


def acting(who: ImpersonatedUser, constraint: str = "") -> set[Call]:
    return set(impersonation(who, constraint, CALL))


def test_acting_as_a_user_needs_the_user_and_the_groups_that_were_asked_for() -> None:
    verb = "impersonate"
    assert acting(user("jane", AUTHENTICATED)) == {Call(verb, resource="users", name="jane")}
    assert acting(user("jane", "devs", AUTHENTICATED)) == {
        Call(verb, resource="users", name="jane"),
        Call(verb, resource="groups", name="devs"),
    }
    assert acting(user("system:anonymous", "system:unauthenticated")) == {
        Call(verb, resource="users", name="system:anonymous")
    }
    assert acting(user("jane", uid="7", extra={"scopes": ("a", "b")})) == {
        Call(verb, resource="users", name="jane"),
        Call(verb, "authentication.k8s.io", "uids", name="7"),
        Call(verb, "authentication.k8s.io", "userextras", "scopes", name="a"),
        Call(verb, "authentication.k8s.io", "userextras", "scopes", name="b"),
    }


def test_a_service_account_brings_its_groups() -> None:
    account = Call("impersonate", resource="serviceaccounts", namespace="n", name="a")
    assert acting(user(ACCOUNT, *FIXED)) == {account}
    assert acting(user(ACCOUNT, "devs", AUTHENTICATED)) == {
        account,
        Call("impersonate", resource="groups", name="devs"),
    }
    assert acting(user(ACCOUNT, *FIXED, "devs")) == {
        account,
        *(Call("impersonate", resource="groups", name=name) for name in (*FIXED[:2], "devs")),
    }
    assert acting(user("system:serviceaccount:odd", AUTHENTICATED)) == {
        Call("impersonate", resource="users", name="system:serviceaccount:odd")
    }


def test_constrained_impersonation_needs_both_verbs() -> None:
    group = "authentication.k8s.io"
    on = "impersonate-on:{}:get"
    assert acting(user("jane", AUTHENTICATED), "impersonate:user-info") == {
        Call("impersonate:user-info", group, "users", name="jane"),
        Call(on.format("user-info"), "apps", "deployments", "", "n", "a"),
    }
    node = user("system:node:w", "system:nodes", AUTHENTICATED)
    assert acting(node, "impersonate:arbitrary-node") == {
        Call("impersonate:arbitrary-node", group, "nodes", name="w"),
        Call(on.format("arbitrary-node"), "apps", "deployments", "", "n", "a"),
    }
    assert Call("impersonate:associated-node", group, "nodes", name="*") in acting(
        node, "impersonate:associated-node"
    )
    assert acting(user(ACCOUNT, *FIXED), "impersonate:serviceaccount") == {
        Call("impersonate:serviceaccount", group, "serviceaccounts", "", "n", "a"),
        Call(on.format("serviceaccount"), "apps", "deployments", "", "n", "a"),
    }


def test_a_refused_impersonation_is_told_from_the_request_that_it_was_for() -> None:
    def refused(message: str | None, code: int = 403, **more: Any) -> Call | None:
        return denied_impersonation(event(responseStatus={"code": code, "message": message}, **more))

    text = '{} "bob" is forbidden: User "jane" cannot impersonate resource "users" in API group ""'
    assert refused(text.format("users")) == Call("impersonate", resource="users", name="bob")
    assert refused(text.format("userextras.authentication.k8s.io/scopes")) is not None
    assert refused("pods is forbidden") is None
    assert refused(None) is None
    assert refused(text.format("users"), 200) is None
    assert refused(text.format("users"), impersonatedUser={"username": "x"}) is None
    assert denied_impersonation(event()) is None
