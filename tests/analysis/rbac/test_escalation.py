"""The escalation check agrees with the cases and says what is missing."""

import json
from pathlib import Path

import pytest

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.escalation import UPDATE, may_write
from casemate.analysis.rbac.identity import Identity
from casemate.model.rbac import RBAC, Binding, PolicyRule, Role, Subject
from tests.analysis.rbac.estates import binding, estate, role, rule
from tests.analysis.rbac.reference import read

JANE = Subject(kind="User", name="jane")
WHO = Identity.of("jane")
GET_PODS = rule("get", "pods")
EVERYTHING = PolicyRule(verbs=("*",), api_groups=("*",), resources=("*",))
EVERY_URL = PolicyRule(verbs=("*",), non_resource_urls=("*",))


def _known(*rules: PolicyRule, namespace: str | None = None) -> Authorizer:
    return Authorizer.of(estate(role("own", *rules), binding("own", JANE, namespace=namespace)))


def test_the_cases(corpora: Path) -> None:
    wrong = []
    for line in (corpora / "rbac" / "cases" / "escalation.jsonl").read_text().splitlines():
        case = json.loads(line)
        known = Authorizer.of(estate(*read(case["objects"])))
        (target,) = read([case["target"]])
        assert isinstance(target, (Role, Binding))
        answer = may_write(known, Identity.of(case["user"], tuple(case["groups"])), target, case["verb"])
        assert answer.why
        wrong += [case["name"]] if answer.allowed != case["allowed"] else []
    assert not wrong


def test_what_is_missing_is_named() -> None:
    answer = may_write(_known(GET_PODS), WHO, role("new", rule("get list", "pods")))
    assert not answer.allowed
    assert answer.missing == (rule("list", "pods"),)


def test_escalate_counts_where_the_role_is_and_for_the_name_that_is_updated() -> None:
    new = role("new", GET_PODS, namespace="n")
    everywhere = _known(rule("escalate", "roles", group=RBAC))
    inside = _known(rule("escalate", "roles", group=RBAC), namespace="n")
    other = _known(rule("escalate", "roles", group=RBAC), namespace="m")
    assert [may_write(known, WHO, new).allowed for known in (everywhere, inside, other)] == [
        True,
        True,
        False,
    ]
    by = may_write(inside, WHO, new).by
    assert by is not None
    assert by.binding.name == "b"
    named = _known(rule("escalate", "roles", group=RBAC, names=("new",)))
    assert not may_write(named, WHO, new).allowed  # a request to create carries no name
    assert may_write(named, WHO, new, UPDATE).allowed


def test_an_aggregation_rule_needs_everything() -> None:
    takes, plain = role("new", takes={"x": "1"}), role("new", GET_PODS)
    answer = may_write(_known(GET_PODS), WHO, takes)
    assert not answer.allowed
    assert answer.missing == (EVERYTHING, EVERY_URL)
    assert may_write(_known(EVERYTHING), WHO, takes).why == "may escalate clusterroles"
    assert may_write(_known(GET_PODS), WHO, plain, UPDATE, old=plain).allowed
    assert not may_write(_known(GET_PODS), WHO, plain, UPDATE, old=takes).allowed


@pytest.mark.parametrize(
    ("held", "allowed", "why"),
    [
        ((GET_PODS,), True, "holds every right"),
        ((rule("bind", "clusterroles", group=RBAC, names=("given",)),), True, "may bind ClusterRole given"),
        ((rule("bind", "roles", group=RBAC),), False, "more than the writer may do"),
        ((), False, "more than the writer may do"),
    ],
)
def test_bindings(held: tuple[PolicyRule, ...], allowed: bool, why: str) -> None:
    found = [role("own", *held), binding("own", JANE), role("given", GET_PODS)]
    answer = may_write(Authorizer.of(estate(*found)), WHO, binding("given", JANE, namespace="n"))
    assert answer.allowed == allowed
    assert why in answer.why


def test_a_role_that_is_not_there_takes_bind() -> None:
    gone = binding("gone", JANE, kind="Role", namespace="n")
    answer = may_write(_known(GET_PODS), WHO, gone)
    assert not answer.allowed
    assert "there is no Role gone" in answer.why
    assert may_write(_known(rule("bind", "roles", group=RBAC)), WHO, gone).allowed
    assert not may_write(_known(EVERYTHING), WHO, binding("gone", JANE, kind="Odd")).allowed
