"""Rules of roles match as the API server's authorizer matches them."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.rules import Request, allows, grants, grants_everything, resource_matches
from casemate.model.place import Document
from casemate.model.rbac import RBAC, AggregationRule, Binding, PolicyRule, Role, RoleRef
from casemate.model.selectors import LabelSelector
from casemate.readers.objects import entities

WORDS = st.sampled_from(
    ["", "*", "get", "create", "pods", "pods/exec", "*/exec", "pods/*", "a", "/a", "/a/*"]
)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
RULES = st.builds(
    PolicyRule, verbs=LISTS, api_groups=LISTS, resources=LISTS, resource_names=LISTS, non_resource_urls=LISTS
)


def _rules(found: list[dict[str, Any]]) -> list[PolicyRule]:
    tree = {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": "a"}, "rules": found}
    return [
        rule for role in entities(tree, Document("a.json")) if isinstance(role, Role) for rule in role.rules
    ]


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
