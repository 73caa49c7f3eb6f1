"""Rules of roles match as the API server's authorizer matches them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.rules import Request, allows, grants, grants_everything, resource_matches
from casemate.analysis.selectors import selects
from casemate.model.estate import Entity
from casemate.model.place import Document
from casemate.model.rbac import RBAC, AggregationRule, Binding, PolicyRule, Role, RoleRef, Subject
from casemate.model.selectors import LabelSelector
from casemate.readers.objects import entities

WORDS = st.sampled_from(
    ["", "*", "get", "create", "pods", "pods/exec", "*/exec", "pods/*", "a", "/a", "/a/*"]
)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
RULES = st.builds(
    PolicyRule, verbs=LISTS, api_groups=LISTS, resources=LISTS, resource_names=LISTS, non_resource_urls=LISTS
)


class Authorizer:
    """The naive reference: every binding, every role, every rule."""

    def __init__(self, objects: list[dict[str, Any]]) -> None:
        read: list[Entity] = []
        for tree in objects:
            read += [item for item in entities(tree, Document("a.json")) if isinstance(item, Entity)]
        self.roles = [entity for entity in read if isinstance(entity, Role)]
        self.bindings = [entity for entity in read if isinstance(entity, Binding)]

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
        if user != "system:anonymous":
            groups.add("system:authenticated")
        parts = user.split(":")
        if parts[:2] == ["system", "serviceaccount"] and len(parts) == 4:
            groups |= {"system:serviceaccounts", f"system:serviceaccounts:{parts[2]}"}
        if "system:masters" in groups:
            return True
        asked = Request(
            request["verb"], request["apiGroup"], request["resource"], request["subresource"],
            request["name"], request["path"],
        )  # fmt: skip
        is_resource = bool(request["resource"] or request["namespace"])
        for binding in self.bindings:
            inside = binding.is_cluster or (
                request["namespace"] and binding.ref.namespace == request["namespace"] and is_resource
            )
            if inside and any(_is(binding.holder(s), user, groups) for s in binding.subjects):
                for role in self._role(binding):
                    if any(allows(rule, asked, is_resource=is_resource) for rule in self.rules(role)):
                        return True
        return False

    def _role(self, binding: Binding) -> Iterator[Role]:
        for role in self.roles:
            place = None if binding.role_kind == "ClusterRole" else binding.ref.namespace
            if (role.ref.kind, role.ref.name, role.ref.namespace) == (
                binding.role_kind, binding.role_name, place
            ):  # fmt: skip
                yield role


def _is(subject: Subject, user: str, groups: set[str]) -> bool:
    if subject.kind == "Group":
        return subject.name in groups
    if subject.kind == "ServiceAccount":
        return bool(subject.namespace) and user == f"system:serviceaccount:{subject.namespace}:{subject.name}"
    return subject.kind == "User" and subject.name == user


def _rules(found: list[dict[str, Any]]) -> list[PolicyRule]:
    tree = {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": "a"}, "rules": found}
    return [
        rule for role in entities(tree, Document("a.json")) if isinstance(role, Role) for rule in role.rules
    ]


def test_authorizer_corpus(corpora: Path) -> None:
    wrong = []
    for line in (corpora / "rbac" / "cases" / "authorizer.jsonl").read_text().splitlines():
        case = json.loads(line)
        authorizer = Authorizer(case["objects"])
        wrong += [(case["name"], r) for r in case["requests"] if authorizer.allowed(r) != r["allowed"]]
    assert not wrong


@pytest.mark.parametrize("number", [101, 102, 103, 104])
def test_random_estates(corpora: Path, number: int) -> None:
    folder = corpora / "rbac" / "random"
    found = json.loads((folder / f"{number}.objects.json").read_text())
    authorizer = Authorizer(found["items"] if isinstance(found, dict) else found)
    requests = [json.loads(line) for line in (folder / f"{number}.requests.jsonl").read_text().splitlines()]
    assert not [request for request in requests[::4] if authorizer.allowed(request) != request["allowed"]]


def test_covers_corpus(corpora: Path) -> None:
    for line in (corpora / "rbac" / "cases" / "covers.jsonl").read_text().splitlines():
        case = json.loads(line)
        left = list(uncovered(_rules(case["owner"]), _rules(case["servant"])))
        assert (not left) == case["covers"], case["name"]
        assert set(left) == set(_rules(case["uncovered"])), case["name"]


def test_each_way_of_covering() -> None:
    owner = PolicyRule(verbs=("get",), api_groups=("",), resources=("*/log",), resource_names=("a",))
    same = [PolicyRule(verbs=("get",), api_groups=("",), resources=("pods/log",), resource_names=("a",))]
    assert not list(uncovered([owner], same))
    for other in (
        PolicyRule(verbs=("list",), api_groups=("",), resources=("pods/log",), resource_names=("a",)),
        PolicyRule(verbs=("get",), api_groups=("apps",), resources=("pods/log",), resource_names=("a",)),
        PolicyRule(verbs=("get",), api_groups=("",), resources=("log",), resource_names=("a",)),
        PolicyRule(verbs=("get",), api_groups=("",), resources=("pods/log",), resource_names=("b",)),
        PolicyRule(verbs=("get",), api_groups=("",), resources=("pods/log",)),
        PolicyRule(verbs=("get",), non_resource_urls=("/a",)),
    ):
        assert list(uncovered([owner], [other])) == [other]
    urls = [PolicyRule(verbs=("get",), non_resource_urls=("/a/*",))]
    assert not list(uncovered(urls, [PolicyRule(verbs=("get",), non_resource_urls=("/a/b",))]))


def test_resource_patterns() -> None:
    assert resource_matches("*/exec", "pods/exec")
    assert resource_matches("*", "pods/exec")
    assert not resource_matches("pods/*", "pods/exec")
    assert not resource_matches("pods", "pods/exec")
    assert not resource_matches("*/exec", "exec")


def test_names_and_verbs_without_names() -> None:
    rule = PolicyRule(verbs=("*",), api_groups=("",), resources=("*",), resource_names=("a",))
    assert grants(rule, "get", "", "pods")
    assert grants(rule, "list", "", "pods")
    assert not grants(rule, "create", "", "pods")
    assert grants(rule, "create", "", "pods/exec")
    assert not grants_everything(rule)


def test_restricted_rules_of_openshift_grant_nothing() -> None:
    rule = PolicyRule(
        verbs=("*",), api_groups=("*",), resources=("*",), non_resource_urls=("*",), attribute_restrictions={}
    )
    assert not grants(rule, "get", "", "pods")
    assert not grants_everything(rule)
    assert not allows(rule, Request("get", path="/a"))


def test_urls() -> None:
    rule = PolicyRule(verbs=("get",), non_resource_urls=("/a/*", "/b"))
    assert allows(rule, Request("get", path="/a/b"))
    assert allows(rule, Request("get", path="/b"))
    assert not allows(rule, Request("get", path="/b/c"))
    assert not allows(rule, Request("post", path="/b"))


def test_openshift_bindings_tell_the_kind_by_the_namespace() -> None:
    tree: dict[str, Any] = {
        "apiVersion": "authorization.openshift.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "a", "namespace": "n"},
        "roleRef": {"name": "edit"},
        "subjects": [
            {"kind": "SystemGroup", "name": "system:authenticated"},
            {"kind": "ServiceAccount", "name": "b"},
        ],
    }
    (binding,) = (item for item in entities(tree, Document("a.json")) if isinstance(item, Binding))
    assert (binding.role_kind, binding.role_name) == ("ClusterRole", "edit")
    group, account = (binding.holder(subject) for subject in binding.subjects)
    assert (group.kind, account.namespace) == ("Group", "n")
    tree["roleRef"]["namespace"] = "n"
    (binding,) = (item for item in entities(tree, Document("a.json")) if isinstance(item, Binding))
    assert binding.role_kind == "Role"


def test_nulls_and_absent_fields() -> None:
    tree = {"apiVersion": f"{RBAC}/v1beta1", "kind": "Role", "rules": None, "aggregationRule": None}
    (role,) = (item for item in entities(tree, Document("a.json")) if isinstance(item, Role))
    assert role.rules == ()
    assert role.aggregation_rule is None
    assert RoleRef() == RoleRef(kind=None)
    assert AggregationRule(cluster_role_selectors=(LabelSelector(),)).cluster_role_selectors


@given(
    RULES,
    st.builds(Request, WORDS, WORDS, st.sampled_from(["pods", "a"]), st.sampled_from(["", "exec"]), WORDS),
)
def test_what_a_rule_allows_it_grants(rule: PolicyRule, request: Request) -> None:
    if "/" not in request.full_resource and request.verb == "create" and request.name:
        return
    if allows(rule, request):
        assert grants(rule, request.verb, request.group, request.full_resource)


@given(RULES)
def test_a_rule_covers_itself_and_is_covered_by_all(rule: PolicyRule) -> None:
    everything = PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",))
    urls = PolicyRule(verbs=("*",), non_resource_urls=("*",))
    assert not list(uncovered([everything, urls], [rule]))
    if not rule.resource_names or not rule.non_resource_urls:
        assert not list(uncovered([rule], [rule]))
