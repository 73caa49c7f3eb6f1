"""JSON text, whole or streamed through a window: the same values at the same places."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemate.model.errors import ReadError
from casemate.readers import json_text
from casemate.readers.json_text import Value, read, stream
from tests.trees import LAW, ODD_TEXT, TEXT, trees

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ANY = trees(st.none() | st.booleans() | st.integers() | NUMBERS | TEXT | ODD_TEXT)
WRITERS: dict[str, Callable[[Any], str]] = {
    "compact": lambda value: json.dumps(value, separators=(",", ":")),
    "indented": lambda value: json.dumps(value, indent=2, ensure_ascii=False),
    "tabs": lambda value: json.dumps(value, indent="\t").replace("\n", "\r\n"),
}
WINDOWED = settings(LAW, suppress_health_check=[*HealthCheck])


def refusal(text: str | bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        list(read(text if isinstance(text, bytes) else text.encode()))
    return caught.value


def streamed(text: str | bytes, window: int, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(json_text, "WINDOW", window)
    monkeypatch.setattr(json_text._Window.fill, "__defaults__", (window,))
    return list(stream(io.BytesIO(text if isinstance(text, bytes) else text.encode())))


# Whole texts


@LAW
@given(ANY, st.sampled_from(sorted(WRITERS)))
def test_a_text_reads_as_the_standard_reads_it(tree: Any, writer: str) -> None:
    text = WRITERS[writer](tree)
    (found,) = read(text.encode())
    assert found == Value(json.loads(text), 1, 1, 0, len(text), ())


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", []),
        (" \n", []),
        ("1", [(1, 1, 0, 1)]),
        ('{"a": 1}', [(1, 1, 0, 8)]),
        ("\n  [1]\n", [(2, 3, 3, 3)]),
        ('{"a": 1}\n{"b": 2}\n', [(1, 1, 0, 8), (2, 1, 9, 8)]),
        ("[1][2]", [(1, 1, 0, 3), (1, 4, 3, 3)]),
        ('"é"\r\n\r\n "x"', [(1, 1, 0, 3), (3, 2, 8, 3)]),
    ],
)
def test_values_one_after_the_other(text: str, places: list[tuple[int, int, int, int]]) -> None:
    found = list(read(text.encode()))
    assert [(v.line, v.column, v.offset, v.length) for v in found] == places
    assert [v.value for v in found] == [json.loads(text[at : at + size]) for _, _, at, size in places]


@pytest.mark.parametrize(
    ("text", "line", "column", "about"),
    [
        ('{"a": 1', 1, 8, "delimiter"),
        ('{"a": 1,\n', 2, 1, "property name"),
        ('{"a": 1}\nx', 2, 1, "a value is expected"),
        ('{"a": 1}}', 1, 9, "a value is expected"),
        ('{"a": }', 1, 7, "value"),
        ("[1,\n2,\n3 4]", 3, 3, "delimiter"),
        ("{a: 1}", 1, 2, "property name"),
        ("['a']", 1, 2, "value"),
        ('"abc', 1, 1, "string"),
        ('"\\x"', 1, 2, "escape"),
        ('"\\u12"', 1, 3, "escape"),
        ("[01]", 1, 3, "delimiter"),
        ("// c\n{}", 1, 1, "value"),
        ("[" * 200_000, 1, 1, "nested too deeply"),
        ('{"a":' * 200_000, 1, 1, "nested too deeply"),
        ("9" * 5000, 1, 1, "no JSON"),
        (b'{"a": "\xff"}', 1, 8, "no UTF-8 text"),
        (b'{"a": 1,\n "\xed\xa0\x80": 1}', 2, 3, "no UTF-8 text"),
        (b'["\xc3', 1, 3, "no UTF-8 text"),
    ],
)
def test_what_is_refused_and_where(text: str | bytes, line: int, column: int, about: str) -> None:
    error = refusal(text)
    assert about in str(error)
    assert (error.line, error.column) == (line, column)


def test_values_before_a_fault_are_kept() -> None:
    reading = read(b"[1]\n[2]\n[3")
    assert [next(reading).value, next(reading).value] == [[1], [2]]
    with pytest.raises(ReadError):
        next(reading)


def test_control_characters_in_text_are_accepted() -> None:
    assert next(iter(read(b'"a\tb\nc"'))).value == "a\tb\nc"


def test_numbers_that_are_none_are_read_as_python_reads_them() -> None:
    (found,) = read(b"[NaN, Infinity, -Infinity]")
    assert list(map(repr, found.value)) == ["nan", "inf", "-inf"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"\\ud83d"', "\ufffd"),
        ('{"\\ude00": ["a\\ud83d\\u0041"]}', {"\ufffd": ["a\ufffdA"]}),
        ('"\\ud83d\\ude00"', "😀"),
        ('["\\u0041", "\\\\ud83d"]', ["A", "\\ud83d"]),
    ],
)
def test_half_characters_are_replaced(text: str, value: object) -> None:
    (found,) = read(text.encode())
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "value", "paths"),
    [
        ('{"a": 1, "a": 2}', {"a": 2}, [("a",)]),
        ('{"a": {"b": 1, "b": 2}}', {"a": {"b": 2}}, [("a", "b")]),
        ('{"a": [0, {"b": 1, "c": 2, "b": 3}]}', {"a": [0, {"b": 3, "c": 2}]}, [("a", 1, "b")]),
        ('[{"a": 1, "a": 1}, {"a": 1, "a": 1}]', [{"a": 1}, {"a": 1}], [(0, "a"), (1, "a")]),
        ('{"a": 1, "b": 1, "a": 2, "b": 2}', {"a": 2, "b": 2}, [("a",), ("b",)]),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', {"a": 3}, [("a",)]),
        ('{"\\ud83d": 1, "\\ud83d": 2}', {"\ufffd": 2}, [("\ufffd",)]),
    ],
)
def test_keys_given_twice(text: str, value: object, paths: list[tuple[str | int, ...]]) -> None:
    (found,) = read(text.encode())
    assert found.value == value
    assert sorted(found.duplicates, key=str) == sorted(paths, key=str)


def test_keys_given_twice_are_not_carried_into_the_next_value() -> None:
    first, second = read(b'{"a": 1, "a": 2} {"a": 1}')
    assert (first.duplicates, second.duplicates) == ((("a",),), ())


# Through a window


@WINDOWED
@given(st.lists(ANY, max_size=4), ANY, st.sampled_from(sorted(WRITERS)), st.integers(4, 40))
def test_streaming_gives_the_same_values_at_their_places(
    monkeypatch: pytest.MonkeyPatch, items: list[Any], others: dict[str, Any], writer: str, window: int
) -> None:
    listed = {
        "before": others,
        "items": items,
        **{key: value for key, value in others.items() if key != "items"},
    }
    text = WRITERS[writer](listed)
    data = text.encode()
    pairs: dict[str, Any] = {}
    values: list[Any] = []
    for found in streamed(data, window, monkeypatch):
        if isinstance(found, tuple):
            pairs[found[0]] = found[1]
            continue
        values.append(found.value)
        assert json.loads(data[found.offset : found.offset + found.length]) == found.value
        before = data[: found.offset].decode()
        assert found.line == before.count("\n") + 1
        assert found.column == len(before) - before.rfind("\n")
    assert values == items
    assert pairs == {key: value for key, value in json.loads(text).items() if key != "items"}


@pytest.mark.parametrize("window", [4, 5, 7, 1000])
def test_characters_and_numbers_that_a_window_cuts(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"items": ["é", "😀😀😀", 1234567890, -1.5e-10, true, "a\\u00e9", null], "x": 12345}'
    found = streamed(text, window, monkeypatch)
    assert [item.value for item in found if isinstance(item, Value)] == json.loads(text)["items"]
    assert found[-1] == ("x", 12345)


def test_items_say_which_keys_they_have_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    found = streamed('{"items": [{"a": 1, "a": 2}, {"a": 1}]}', 8, monkeypatch)
    assert [(item.value, item.duplicates) for item in found] == [({"a": 2}, (("a",),)), ({"a": 1}, ())]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", []),
        (' \n{ "a" : 1 } \n', [("a", 1)]),
        ('{"items": []}', []),
        ('{"items": null}', [("items", None)]),
        ('{"items": {"a": 1}}', [("items", {"a": 1})]),
        ('{"a": {"items": [1]}}', [("a", {"items": [1]})]),
    ],
)
def test_maps_that_are_no_lists_come_as_pairs(
    text: str, found: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert streamed(text, 4, monkeypatch) == found


@pytest.mark.parametrize("window", [4, 64])
@pytest.mark.parametrize(
    ("text", "about", "line", "column"),
    [
        ("", "{ is expected", 1, 1),
        ("[1]", "{ is expected", 1, 1),
        ("{", "too early", 1, 2),
        ('{"a"', ": is expected", 1, 5),
        ('{"a": ', "too early", 1, 7),
        ('{"a": 1', "too early", 1, 8),
        ("{1: 2}", "a key must be text", 1, 3),
        ('{"items": [1, 2', "too early", 1, 16),
        ('{"items": [\n1,\n{"a": x}]}', "value", 3, 7),
        ('{"items": [1]} x', "something follows", 1, 16),
        ('{"items": [1]}\n{}', "something follows", 2, 1),
        ('{"items": ["\\x"]}', "escape", 1, 13),
        (b'{"items": [\n"\xff"]}', "no UTF-8 text", 2, 2),
        (b'{"items": [\n"abcdefgh\xff"]}', "no UTF-8 text", 2, 10),
        (b'{"items": ["\xc3', "no UTF-8 text", 1, 13),
    ],
)
def test_streams_that_are_refused_and_where(
    text: str | bytes, about: str, line: int, column: int, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ReadError, match=about) as caught:
        streamed(text, window, monkeypatch)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_items_before_a_fault_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "WINDOW", 8)
    reading = stream(io.BytesIO(b'{"items": [1, 2, oops'))
    assert [next(reading), next(reading)] == [Value(1, 1, 12, 11, 1, ()), Value(2, 1, 15, 14, 1, ())]
    with pytest.raises(ReadError):
        next(reading)


def test_memory_is_bounded_by_the_largest_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "WINDOW", 64)
    monkeypatch.setattr(json_text._Window.fill, "__defaults__", (64,))
    held = []
    fill = json_text._Window.fill

    def noted(window: Any, size: int = 64) -> bool:
        done = fill(window, size)
        held.append(len(window.text))
        return done

    monkeypatch.setattr(json_text._Window, "fill", noted)
    text = json.dumps({"items": ["x" * 50] * 500})
    assert sum(1 for _ in stream(io.BytesIO(text.encode()))) == 500
    assert len(held) > 100
    assert max(held) < 500
