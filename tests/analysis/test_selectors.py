"""Label selectors against the API machinery's own cases, and against the sentence that they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.selectors import is_empty, is_valid, selects
from casemate.model.selectors import LabelSelector, Requirement


def where(key: str | None, operator: str | None, *values: str) -> LabelSelector:
    requirement = Requirement(key=key, operator=operator, values=values or None)
    return LabelSelector(match_expressions=(requirement,))


def test_absent_selects_nothing_and_empty_everything() -> None:
    assert not selects(None, {})
    assert not selects(None, {"a": "1"})
    for empty in (LabelSelector(), LabelSelector(match_labels={}, match_expressions=())):
        assert selects(empty, {})
        assert selects(empty, {"a": "1"})
        assert is_empty(empty)
    assert not is_empty(None)
    assert not is_empty(LabelSelector(match_labels={"a": "1"}))
    assert not is_empty(where("a", "Exists"))


@pytest.mark.parametrize(
    ("operator", "values", "missing", "same", "other"),
    [
        ("In", ("1", "2"), False, True, False),
        ("NotIn", ("1", "2"), True, False, True),
        ("Exists", (), False, True, True),
        ("DoesNotExist", (), True, False, False),
    ],
)
def test_operators(
    operator: str, values: tuple[str, ...], missing: bool, same: bool, other: bool
) -> None:  # columns of the table
    selector = where("a", operator, *values)
    assert is_valid(selector)
    assert selects(selector, {"b": "1"}) is missing
    assert selects(selector, {"a": "1"}) is same
    assert selects(selector, {"a": "3"}) is other


@pytest.mark.parametrize(
    "selector",
    [
        where("a", "In"),
        where("a", "NotIn"),
        where("a", "Exists", "1"),
        where("a", "DoesNotExist", "1"),
        where("a", "Equals", "1"),
        where("a", "in", "1"),
        where("a", None),
        where("", "Exists"),
        where(None, "DoesNotExist"),
    ],
)
def test_what_the_api_server_refuses_selects_nothing(selector: LabelSelector) -> None:
    assert not is_valid(selector)
    assert not selects(selector, {})
    assert not selects(selector, {"a": "1"})


def test_an_empty_value_is_a_value() -> None:
    assert selects(LabelSelector(match_labels={"a": ""}), {"a": ""})
    assert not selects(LabelSelector(match_labels={"a": ""}), {})
    assert selects(where("a", "In", ""), {"a": ""})
    assert selects(where("a", "Exists"), {"a": ""})


KEYS = st.sampled_from("ab")
VALUES = st.sampled_from("123")
LABELS = st.dictionaries(KEYS, VALUES)
REQUIREMENTS = st.one_of(
    st.builds(
        lambda key, operator, values: Requirement(key=key, operator=operator, values=tuple(values)),
        KEYS, st.sampled_from(("In", "NotIn")), st.lists(VALUES, min_size=1),
    ),
    st.builds(lambda key, operator: Requirement(key=key, operator=operator), KEYS, st.sampled_from(("Exists", "DoesNotExist"))),
)  # fmt: skip
SELECTORS = st.builds(
    lambda labels, requirements: LabelSelector(match_labels=labels, match_expressions=tuple(requirements)),
    LABELS,
    st.lists(REQUIREMENTS, max_size=3),
)


@given(SELECTORS, LABELS)
def test_all_parts_must_hold(selector: LabelSelector, labels: dict[str, str]) -> None:
    parts = [LabelSelector(match_labels={key: value}) for key, value in (selector.match_labels or {}).items()]
    parts += [LabelSelector(match_expressions=(part,)) for part in selector.match_expressions or ()]
    assert selects(selector, labels) == all(selects(part, labels) for part in parts)


@given(KEYS, st.lists(VALUES, min_size=1), LABELS)
def test_opposites_exclude_each_other(key: str, values: list[str], labels: dict[str, str]) -> None:
    assert selects(where(key, "In", *values), labels) != selects(where(key, "NotIn", *values), labels)
    assert selects(where(key, "Exists"), labels) != selects(where(key, "DoesNotExist"), labels)
