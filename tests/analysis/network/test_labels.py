"""Conditions on labels: what selectors say, and that the index answers as one set at a time does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from casemate.analysis.network.label_index import LabelIndex, Span
from casemate.analysis.network.labels import (
    CONTAINS,
    ENDS,
    STARTS,
    AllOf,
    Any,
    AnyOf,
    Has,
    Labels,
    Matches,
    Not,
    Nothing,
    OneOf,
    all_of,
    holds,
    namespace_named,
    of_selector,
    text_matches,
)
from casemate.analysis.selectors import selects
from casemate.model.selectors import LabelSelector, Requirement
from tests.analysis.network.test_reach import LABELS

KEYS, VALUES = st.sampled_from(["app", "env"]), st.sampled_from(["web", "db", "dev", "prod"])
SETS = st.lists(st.dictionaries(KEYS, VALUES), max_size=5)
REQUIREMENTS = st.builds(
    Requirement,
    key=st.one_of(KEYS, st.none()),
    operator=st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "Like", None]),
    values=st.one_of(st.none(), st.lists(VALUES, max_size=2).map(tuple)),
)
SELECTORS = st.builds(
    LabelSelector,
    match_labels=st.one_of(st.none(), st.dictionaries(KEYS, VALUES)),
    match_expressions=st.one_of(st.none(), st.lists(REQUIREMENTS, max_size=2).map(tuple)),
)


@settings(deadline=None)
@given(SELECTORS, st.dictionaries(KEYS, VALUES))
def test_a_selector_means_what_it_selects(selector: LabelSelector, labels: dict[str, str]) -> None:
    assert holds(of_selector(selector), labels) == selects(selector, labels)


@pytest.mark.parametrize(
    ("requirement", "condition"),
    [
        (Requirement(key="a", operator="In", values=("b", "c")), OneOf("a", ("b", "c"))),
        (Requirement(key="a", operator="NotIn", values=("b",)), Not(OneOf("a", ("b",)))),
        (Requirement(key="a", operator="Exists"), Has("a")),
        (Requirement(key="a", operator="DoesNotExist", values=()), Not(Has("a"))),
        (Requirement(key="a", operator="In"), Nothing()),
        (Requirement(key="a", operator="Exists", values=("b",)), Nothing()),
        (Requirement(key="a", operator="Like"), Nothing()),
        (Requirement(operator="Exists"), Nothing()),
    ],
)
def test_requirements(requirement: Requirement, condition: Labels) -> None:
    assert of_selector(LabelSelector(match_expressions=(requirement,))) == condition
    both = LabelSelector(match_labels={"k": "v"}, match_expressions=(requirement,))
    assert of_selector(both) == all_of((OneOf("k", ("v",)), condition))


@settings(deadline=None)
@given(LABELS, SETS)
def test_the_index_answers_as_each_set_does(condition: Labels, sets: list[dict[str, str]]) -> None:
    wanted = BitMap(number for number, labels in enumerate(sets) if holds(condition, labels))
    assert LabelIndex(sets).where(condition) == Span(wanted, wanted)


@settings(deadline=None)
@given(LABELS, SETS, st.lists(st.dictionaries(KEYS, VALUES), min_size=1, max_size=4), st.data())
def test_what_is_not_known_is_between_bounds(
    condition: Labels, sets: list[dict[str, str]], more: list[dict[str, str]], data: st.DataObject
) -> None:
    unknown = BitMap(data.draw(st.sets(st.sampled_from(range(len(sets)))) if sets else st.just(set())))
    found = LabelIndex(sets, unknown).where(condition)
    assert found.sure <= found.upper
    for further in more:  # whatever else the labels are, those that are known are so
        full = [further | labels if number in unknown else labels for number, labels in enumerate(sets)]
        meant = BitMap(number for number, labels in enumerate(full) if holds(condition, labels))
        assert found.sure <= meant <= found.upper


def test_a_namespace_of_which_only_the_name_is_known() -> None:
    name = "kubernetes.io/metadata.name"
    index = LabelIndex([{name: "a"}, {name: "b", "env": "dev"}], BitMap([0]))
    assert index.where(namespace_named("a")) == Span(BitMap([0]), BitMap([0]))
    assert index.where(namespace_named("b", "c")) == Span(BitMap([1]), BitMap([1]))
    assert index.where(Has("env")) == Span(BitMap([1]), BitMap([0, 1]))
    assert index.where(Not(Has("env"))) == Span(BitMap(), BitMap([0]))
    assert index.where(Not(OneOf("env", ("dev",)))) == Span(BitMap(), BitMap([0]))
    assert index.where(AllOf((Has("env"), namespace_named("a")))) == Span(BitMap(), BitMap([0]))
    assert index.where(AnyOf((Has("env"), namespace_named("a")))) == Span(BitMap([0, 1]), BitMap([0, 1]))
    assert index.where(Matches("env", STARTS, "d")) == Span(BitMap([1]), BitMap([0, 1]))


def test_no_parts() -> None:
    index = LabelIndex([{}, {"a": "b"}])
    assert index.where(AllOf(())).sure == BitMap([0, 1])
    assert index.where(AnyOf(())).sure == BitMap()
    assert index.where(Any()).sure == BitMap([0, 1])
    assert index.where(Nothing()).sure == BitMap()
    assert (holds(AllOf(()), {}), holds(AnyOf(()), {})) == (True, False)


def test_parts_that_say_nothing_are_left_out() -> None:
    one, other = Has("a"), Has("b")
    assert all_of(()) == Any()
    assert all_of((Any(), one)) == one
    assert all_of((one, other)) == AllOf((one, other))
    assert all_of((one, Nothing())) == Nothing()


@pytest.mark.parametrize(
    ("how", "text", "found"),
    [(STARTS, "we", True), (STARTS, "eb", False), (ENDS, "eb", True), (ENDS, "we", False), (CONTAINS, "e", True)],
)  # fmt: skip
def test_texts(how: str, text: str, found: bool) -> None:
    assert text_matches(Matches("app", how, text), "web") is found
    assert holds(Matches("app", how, text), {"app": "web"}) is found
    assert not holds(Matches("app", how, text), {})
