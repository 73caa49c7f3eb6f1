"""Scalars mean what sigs.k8s.io/yaml says; every row was compared with that program (v1.4.0)."""

import math

import pytest

from casemate.model.errors import ReadError
from casemate.readers.yaml_scalars import json_value, key_text, resolve, tagged

TAG = "tag:yaml.org,2002:"


@pytest.mark.parametrize("text", "y Y yes Yes YES on On ON true True TRUE".split())
def test_words_for_true(text: str) -> None:
    assert resolve(text) is True


@pytest.mark.parametrize("text", "n N no No NO off Off OFF false False FALSE".split())
def test_words_for_false(text: str) -> None:
    assert resolve(text) is False


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_words_for_nothing(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize("text", "yEs oN tRue nULL oFF nO inf nan Infinity + - . .. ... <<".split())
def test_words_that_only_look_special(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("+1", 1),
        ("00", 0),
        ("000", 0),
        ("010", 8),
        ("0777", 511),
        ("-0777", -511),
        ("+0777", 511),
        ("0o777", 511),
        ("-0o777", -511),
        ("0O17", 15),
        ("0x1F", 31),
        ("0X1f", 31),
        ("-0x1f", -31),
        ("0b101", 5),
        ("0B101", 5),
        ("-0b11", -3),
        ("1_000", 1000),
        ("1_", 1),
        ("1__0", 10),
        ("0_7", 7),
        ("0x_f", 15),
        ("0b_1", 1),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", 2**63),
        ("18446744073709551615", 2**64 - 1),
        ("0xffffffffffffffff", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_whole_numbers(text: str, value: int) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is int


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("+.5", 0.5),
        ("1.", 1.0),
        ("08", 8.0),
        ("018", 18.0),
        ("010.5", 10.5),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("1e-3", 0.001),
        ("1_0.5", 10.5),
        ("09e1", 90.0),
        ("18446744073709551616", 18446744073709551616.0),
        ("-9223372036854775809", -9223372036854775809.0),
        ("123456789012345678901234567890", 123456789012345678901234567890.0),
        (".inf", math.inf),
        ("+.INF", math.inf),
        ("-.Inf", -math.inf),
    ],
)
def test_numbers_with_a_fraction_or_too_large_for_64_bits(text: str, value: float) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is float


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_no_number(text: str) -> None:
    found = resolve(text)
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3",
        "1:30",
        "190:20:30",
        "0o8",
        "0x",
        "0xg",
        "0b2",
        "0o",
        ".e3",
        "1e",
        "1d",
        "--1",
        "+-1",
        "_1",
        "1-2",
        "1e400",
        "-1e400",
        "1" * 400,
        "2020-01-01",
        "2020-01-01T00:00:00Z",
        "2001-12-14t21:59:43.10-05:00",
    ],
)
def test_text_that_starts_like_a_number(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0, 1),
        (1e3, 1000),
        (-0.0, 0),
        (1.5, 1.5),
        (1e18, 10**18),
        (1e19, 1e19),
        (True, True),
        ("1.0", "1.0"),
    ],
)
def test_numbers_without_a_fraction_are_whole_as_values(value: float, written: float) -> None:
    found = json_value(value)
    assert (found, type(found)) == (written, type(written))


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinity_stays_as_it_is(value: float) -> None:
    assert json_value(value) == value


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("1", "str", "1"),
        ("null", "str", "null"),
        ("", "str", ""),
        ("0777", "int", 511),
        ("1", "float", 1.0),
        ("0777", "float", 511.0),
        ("1.5", "float", 1.5),
        ("yes", "bool", True),
        ("~", "null", None),
        ("", "null", None),
        ("aGVsbG8=", "binary", "hello"),
        ("aGVs\nbG8=\n", "binary", "hello"),
        ("/w==", "binary", "\ufffd"),
        ("2020-01-01", "timestamp", "2020-01-01"),
    ],
)
def test_tags_of_yaml(text: str, tag: str, value: object) -> None:
    found = tagged(text, TAG + tag)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("tag", ["!Custom", "!Ref", "int", "tag:example.org,2000:int"])
def test_tags_that_are_not_of_yaml_make_text(tag: str) -> None:
    assert tagged("1", tag) == "1"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("abc", "int"),
        ("1.5", "int"),
        ("yes", "int"),
        ("yes", "float"),
        ("abc", "float"),
        ("", "float"),
        ("1", "bool"),
        ("0", "null"),
        ("abc", "binary"),
        ("a b=", "binary"),
        ("aGk=aGk=", "binary"),
        ("é", "binary"),
    ],
)
def test_tags_that_contradict_the_text_are_refused(text: str, tag: str) -> None:
    with pytest.raises(ReadError, match=f"!!{tag}"):
        tagged(text, TAG + tag)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (8, "8"),
        (-3, "-3"),
        (1.0, "1"),
        (1.5, "1.5"),
        (0.1, "0.1"),
        (100000.0, "100000"),
        (1e6, "1e+06"),
        (1e10, "1e+10"),
        (123456789.0, "1.2345679e+08"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (-2.5e-7, "-2.5e-07"),
        (1e300, ".inf"),
        (-1e300, "-.inf"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (math.nan, ".nan"),
    ],
)
def test_keys_are_text(value: str | float, text: str) -> None:
    assert key_text(value) == text


def test_a_key_that_is_null_is_refused() -> None:
    with pytest.raises(ReadError, match="null"):
        key_text(None)
