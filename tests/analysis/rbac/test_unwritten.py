"""Roles of Kubernetes itself are there without a file."""

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.model.rbac import Subject
from tests.analysis.rbac.estates import binding, estate, role, rule

JANE = Subject(kind="User", name="jane")
WHO = Identity.of("jane")


def _allowed(known: Authorizer, verb: str, resource: str, namespace: str = "n") -> bool:
    return known.decide(WHO, Request(verb, resource=resource, namespace=namespace)) is not None


def test_a_binding_to_view_reads() -> None:
    known = Authorizer.of(estate(binding("view", JANE, namespace="n")))
    assert _allowed(known, "get", "pods")
    assert not _allowed(known, "get", "secrets")
    assert not _allowed(known, "get", "pods", "m")


def test_labels_feed_it() -> None:
    feeds = role(
        "mine", rule("get", "secrets"), labels={"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    )
    known = Authorizer.of(estate(feeds, binding("view", JANE, namespace="n")))
    assert _allowed(known, "get", "secrets")


def test_what_was_read_counts() -> None:
    known = Authorizer.of(
        estate(role("view", rule("get", "nodes")), binding("view", JANE), binding("edit", JANE, name="x"))
    )
    assert _allowed(known, "get", "nodes")
    assert _allowed(known, "create", "pods")


def test_a_role_that_nobody_has_is_missing() -> None:
    known = Authorizer.of(estate(role("other"), binding("gone", JANE)))
    assert [item.role_name for item in known.missing_roles(WHO, "")] == ["gone"]


def test_a_role_of_kube_system() -> None:
    name = "extension-apiserver-authentication-reader"
    known = Authorizer.of(estate(binding(name, JANE, kind="Role", namespace="kube-system")))
    request = Request(
        "get", resource="configmaps", name="extension-apiserver-authentication", namespace="kube-system"
    )
    assert known.decide(WHO, request) is not None


def test_bindings_only_where_asked() -> None:
    version = Request("get", path="/version")
    empty = estate()
    assert Authorizer.of(empty).decide(WHO, version) is None
    grant = Authorizer.of(empty, with_bindings=True).decide(WHO, version)
    assert grant is not None
    assert grant.role.name == "system:discovery"
