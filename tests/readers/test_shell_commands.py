"""The words of a shell's commands, without running it."""

import pytest

from casemate.readers.shell_commands import UnclearScriptError, commands


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("", []),
        ("a b", [["a", "b"]]),
        ("a 'b c' \"d e\"", [["a", "b c", "d e"]]),
        ("a \\\n  b", [["a", "b"]]),
        ("a\nb", [["a"], ["b"]]),
        ("# one 'quote\na # two\nb#c", [["a"], ["b#c"]]),
        ("a; b && c || d | e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("(a; b)", [["a"], ["b"]]),
        ("X=1 Y= a Z=2", [["a", "Z=2"]]),
        ("a > /log 2>&1 <in", [["a"]]),
        ("a 'x\ny'", [["a", "x\ny"]]),
        ("a 'x\\' b", [["a", "x\\", "b"]]),
        ("a b\\ c", [["a", "b c"]]),
        ("{ a; }", [["a"], ["}"]]),
        ("if a; then exec b; fi", [["a"], ["exec", "b"], ["fi"]]),
        ("# only a comment", []),
    ],
)
def test_words(script: str, expected: list[list[str]]) -> None:
    assert list(commands(script)) == expected


@pytest.mark.parametrize(
    ("script", "reason"),
    [("a 'b", "no closing quotation"), ("a" * 100_001, "it is longer than 100000 characters")],
)
def test_what_cannot_be_followed_is_said(script: str, reason: str) -> None:
    with pytest.raises(UnclearScriptError, match=reason):
        list(commands(script))
