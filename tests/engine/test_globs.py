"""Globs mean what docs/waivers.md says, whatever signs they hold."""

import re

import pytest
from hypothesis import given

from casemate.engine.globs import compiled, matches
from tests.trees import LAW, ODD_TEXT, TEXT


@pytest.mark.parametrize(
    ("glob", "text", "fits"),
    [
        ("pod-*", "pod-privileged", True),
        ("pod-*", "image-latest", False),
        ("pod-?rivileged", "pod-privileged", True),
        ("*", "", True),
        ("*", "a/b", False),
        ("?", "/", False),
        ("**", "a/b/c", True),
        ("charts/**", "charts/a/b.yaml", True),
        ("charts/**", "other/charts/a.yaml", False),
        ("**/a.yaml", "a.yaml", True),
        ("**/a.yaml", "x/y/a.yaml", True),
        ("**/a.yaml", "xa.yaml", False),
        ("a.yaml", "a-yaml", False),
        ("[ab]c", "bc", True),
        ("[ab]c", "cc", False),
        ("[!ab]c", "cc", True),
        ("[^ab]c", "ac", False),
        ("[a-c]", "b", True),
        ("[z-a]", "[z-a]", True),
        ("[z-a]", "z", False),
        ("[", "[", True),
        ("[]", "[]", True),
        ("Pod", "pod", False),
        ("a", "a\n", False),
        ("*", "a\nb", True),
    ],
)
def test_globs(glob: str, text: str, fits: bool) -> None:
    assert matches(glob, text) is fits


@LAW
@given(TEXT | ODD_TEXT, TEXT | ODD_TEXT)
def test_any_text_is_a_glob_and_a_plain_one_means_itself(glob: str, text: str) -> None:
    assert isinstance(compiled(glob), re.Pattern)
    assert matches("**", text)
    if not set(glob) & set("*?["):
        assert matches(glob, text) is (glob == text)
