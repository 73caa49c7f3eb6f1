"""Calico's selectors: what upstream's own tests match and refuse, and the laws of the language.

The facts are those of libcalico-go/lib/selector/parser/parser_test.go and tokenizer_test.go.
"""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.analysis.network.calico.selectors import SelectorError, is_global, parse, problem
from casemate.analysis.network.labels import (
    AllOf,
    Any,
    AnyOf,
    Has,
    Labels,
    Matches,
    Not,
    Nothing,
    OneOf,
    holds,
)

Map = dict[str, str]
A, B, C = {"a": "a"}, {"a": "b"}, {"a": "c"}
BOTH = {"a": "a1", "b": "b1"}
QUOTES = [{"a": "c"}, {"a": '"'}, {"a": "'"}]

FACTS: list[tuple[str, list[Map], list[Map]]] = [
    ('a == "b"', [B, {"a": "b", "c": "d"}], [{}, C, {"c": "d"}]),
    (
        'a == "b" && c == "d"',
        [{"a": "b", "c": "d"}],
        [{}, {"a": "b", "c": "e"}, {"a": "c", "c": "d"}, {"c": "d"}, B],
    ),
    (
        'a == "b" || c == "d"',
        [{"a": "b", "c": "d"}, B, {"c": "d"}],
        [{}, {"a": "e", "c": "e"}, {"c": "e"}, {"a": "e"}],
    ),
    ("""a in {"'", '"', "c"}""", QUOTES, [{}, {"a": "e"}]),
    ("""a not in {"'", '"', "c"}""", [{}, {"a": "e"}], QUOTES),
    ("a == 'a'", [A], [B, {}]),
    ('a == "a"', [A], []),
    ('a != "b"', [A, {}], [B]),
    ('a != "a"', [{}], [A]),
    ('a contains "a"', [A, {"a": "bab"}, {"a": "aaa", "b": "c"}], [{}, B, {"b": "aaa"}]),
    ('a starts with "a"', [A, {"a": "abb"}, {"a": "aaa", "b": "c"}], [{}, B, {"a": "baa"}, {"b": "aaa"}]),
    ('a startswith "a"', [{"a": "abb"}], [{"a": "baa"}]),
    ('a ends  with "a"', [A, {"a": "bba"}, {"a": "aaa", "b": "c"}], [{}, B, {"a": "aab"}, {"b": "aaa"}]),
    ('a in {"a"}', [A], [B]),
    ('!a in {"a"}', [B, {}], [A]),
    ('a in {"a", "b"}', [A, B], [C]),
    ('a in {"a",}', [A], [B]),
    ("a in {}", [], [A, {}]),
    ("a not in {}", [A, {}], []),
    ('a not in {"d", "e"}', [A], []),
    ('a notin{"a"}', [B], [A]),
    ("has(a)", [B], [{}]),
    ("has( a\t)", [B], [{}]),
    ("!has(a)", [{"b": "b"}], [B]),
    ("", [{}, B], []),
    (" ", [{}], []),
    (" all( ) ", [{}, B], []),
    ("! all()", [], [{}, B]),
    (" global()", [{}, B], []),
    ("has(b)", [], [B]),
    ("!!has(b)", [], [B]),
    ("! has(a)", [], [B]),
    ("!!! has(a)", [], [B]),
    ("!! ! has(a)", [{}], [B]),
    ("a == 'a1' && b == 'b1'", [BOTH], []),
    ("a == 'a1' && b != 'b1'", [], [BOTH]),
    ("a != 'a1' && b == 'b1'", [], [BOTH]),
    ("a != 'a1' && !b == 'b1'", [], [BOTH]),
    ("!a == 'a1' && b == 'b1'", [], [BOTH]),
    ("has(a) && !has(b)", [A], []),
    ("!has(b) && has(a)", [A], []),
    ("!(!has(a) || has(b))", [A], [BOTH]),
    ("!(has(b) || !has(a))", [A], []),
    ("a == 'a1' || b != 'b1'", [BOTH], []),
    ("a != 'a1' || b == 'b1'", [BOTH], []),
    ("a != 'a1' || b != 'b1'", [], [BOTH]),
    ("! a == 'a1' || ! b == 'b1'", [], [BOTH]),
    ("has(calico/k8s_NS-.1/role)", [{"calico/k8s_NS-.1/role": ""}], [{}]),
    ("contains contains 'contains'", [{"contains": "it contains it"}], [{"contains": ""}]),
    ("in in {'in'} && all == 'x' && hash == 'y'", [{"in": "in", "all": "x", "hash": "y"}], [{}]),
]

REFUSED = [
    "b == b", "b contains b", "b starts with b", "b ends with b", "'b1' == b", "b", "a b", "!", 'foo == "bar" &',
    'foo == "bar" |', "foo != ||", 'foo in {"", ||', 'foo in ""', '"FOO', "\"FOO'", "'FOO", "(", '(a == "foo"', ")",
    "()", "%", 'a == "b" && %', 'a == "b" || %', "a ", "has(foo) &&", 'label starts foo "value"',
    'label ends foo "value"', 'label squiggles "value"', "has(", "has()", "has(a", "all(", "global(x)", "a = 'b'",
    "a == 'b'\n", "a == 'b')", "a not 'b'", "a in {'b' 'c'}", "!all() all()",
]  # fmt: skip


@pytest.mark.parametrize(("text", "yes", "no"), FACTS)
def test_upstreams_matches(text: str, yes: list[Map], no: list[Map]) -> None:
    condition = parse(text)
    assert [labels for labels in yes if not holds(condition, labels)] == []
    assert [labels for labels in no if holds(condition, labels)] == []


@pytest.mark.parametrize("text", REFUSED)
def test_upstreams_refusals(text: str) -> None:
    with pytest.raises(SelectorError):
        parse(text)
    assert problem(text)


def test_a_right_selector_has_no_problem() -> None:
    assert problem("a == 'b'") == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("role = 'db'", "\"= 'db'\" is no operator"),
        ("role == db", "a text in quotes is expected, not label db"),
        ("role in {'a'", "} is expected, not the end"),
        ("role == 'a' role == 'b'", "label role follows where the selector should end"),
        ("has(role", "'has(role' is not understood"),
        ("role == 'db", 'the text from "\'db" on has no closing quote'),
        ("role", "== or != or in or notin or contains or startswith or endswith is expected, not the end"),
    ],
)
def test_errors_say_what_is_wrong_and_where(text: str, message: str) -> None:
    assert problem(text) == message


def test_what_all_and_global_mean_and_prefixes() -> None:
    found = parse("all() && !global() && a == 'b' && has(c)", "pcns.", Has("here"), Nothing())
    parts = (Has("here"), Not(Nothing()), OneOf("pcns.a", ("b",)), Has("pcns.c"))
    assert found == AllOf(parts)
    assert parse("", "pcns.", Has("here")) == Has("here")


def test_only_global_alone_is_global() -> None:
    assert is_global(" global( )")
    assert not is_global("global() || all()")
    assert not is_global("all()")


def test_deep_parentheses_are_refused_instead_of_followed() -> None:
    assert problem("(" * 100 + "has(a)" + ")" * 100) == ""
    assert "parentheses" in problem("(" * 100_000)


@given(st.text(alphabet="ab!&|=(){},'\" \thasinlglo", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SelectorError):
        parse(text)


KEYS, VALUES = st.sampled_from(["a", "b", "in"]), st.sampled_from(["", "a", "ab", "b a"])
LEAVES = st.one_of(
    st.builds(Has, KEYS),
    st.builds(OneOf, KEYS, st.lists(VALUES, max_size=3).map(lambda found: tuple(sorted(set(found))))),
    st.builds(Matches, KEYS, st.sampled_from(["contains", "starts with", "ends with"]), VALUES),
    st.just(Any()),
)
CONDITIONS: st.SearchStrategy[Labels] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=8,
)


def written(condition: Labels) -> str:
    """A condition in Calico's language."""
    if isinstance(condition, Has):
        return f"has({condition.key})"
    if isinstance(condition, OneOf):
        return f"{condition.key} in {{{','.join(repr(value) for value in condition.values)}}}"
    if isinstance(condition, Matches):
        return f"{condition.key} {condition.how} '{condition.text}'"
    if isinstance(condition, Not):
        return f"!({written(condition.inner)})"
    if isinstance(condition, (AllOf, AnyOf)):
        sign = " && " if isinstance(condition, AllOf) else "||"
        return "(" + sign.join(map(written, condition.parts)) + ")"
    return "all()"


@given(CONDITIONS, st.dictionaries(KEYS, VALUES))
def test_what_is_written_is_what_is_read(condition: Labels, labels: Map) -> None:
    assert holds(parse(written(condition)), labels) == holds(condition, labels)
