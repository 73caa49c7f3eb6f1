"""Fewer rules that say the same: upstream's own cases, and laws."""

import json
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.rbac.compact import compact, gathered
from casemate.analysis.rbac.covers import atoms, uncovered
from casemate.model.rbac import PolicyRule

_FIELDS = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")


def _rules(trees: list[dict[str, Any]]) -> list[PolicyRule]:
    return [
        msgspec.convert({key: value for key, value in tree.items() if value is not None}, PolicyRule)
        for tree in trees
    ]


def test_the_corpus_agrees(corpora: Path) -> None:
    cases = [
        json.loads(line) for line in (corpora / "rbac" / "cases" / "compact.jsonl").read_text().splitlines()
    ]
    assert len(cases) == 6
    for case in cases:
        found, expected = compact(_rules(case["rules"])), _rules(case["expected"])
        assert sorted(map(repr, found)) == sorted(map(repr, expected)), case["name"]


def _some(*values: str) -> Any:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


RULES = st.lists(
    st.one_of(
        st.builds(
            PolicyRule,
            verbs=_some("get", "list", "*"),
            api_groups=_some("", "apps"),
            resources=_some("pods", "pods/log", "*"),
            resource_names=_some("", "a", "b"),
        ),
        st.builds(PolicyRule, verbs=_some("get", "post"), non_resource_urls=_some("/a", "/b*")),
    ),
    max_size=8,
)


@given(RULES)
def test_merged_rules_have_exactly_the_same_atoms(rules: list[PolicyRule]) -> None:
    known = {atom for rule in rules for atom in atoms(rule)}
    for found in (compact(rules), gathered(rules)):
        assert {atom for rule in found for atom in atoms(rule)} == known
        assert not list(uncovered(rules, found))
        assert not list(uncovered(found, rules))
    assert len(gathered(rules)) <= len(rules)
    assert gathered(gathered(rules)) == gathered(rules)
    assert gathered(reversed(rules)) == gathered(rules)


def test_what_differs_in_one_list_becomes_one_rule() -> None:
    def rule(verb: str, resource: str, *names: str) -> PolicyRule:
        return PolicyRule(verbs=(verb,), api_groups=("",), resources=(resource,), resource_names=names)

    found = gathered(
        [rule("get", "pods", "b"), rule("get", "pods", "a"), rule("get", "services"), rule("get", "nodes")]
    )
    assert found == (
        PolicyRule(verbs=("get",), api_groups=("",), resources=("nodes", "services")),
        PolicyRule(verbs=("get",), api_groups=("",), resources=("pods",), resource_names=("a", "b")),
    )


def test_rules_of_openshift_with_restrictions_stay_alone() -> None:
    odd = PolicyRule(verbs=("get",), api_groups=("",), resources=("pods",), attribute_restrictions={"a": 1})
    plain = PolicyRule(verbs=("list",), api_groups=("",), resources=("pods",))
    assert compact([odd, plain]) == (odd, plain)
    assert odd in gathered([odd, plain])
