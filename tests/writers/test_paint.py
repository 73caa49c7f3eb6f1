"""Colour is added only where it is wanted; text from manifests obeys nobody."""

import pytest

from casemate.model.severity import Severity
from casemate.writers.paint import Paint, plain


@pytest.mark.parametrize("severity", Severity)
def test_severities_differ_in_colour_only(severity: Severity) -> None:
    painted = Paint(on=True).severity(severity, "text")
    assert painted.startswith("\033[")
    assert painted.endswith("mtext\033[0m")
    others = {Paint(on=True).severity(other, "text") for other in Severity if other is not severity}
    assert painted not in others
    assert Paint(on=False).severity(severity, "text") == "text"


@pytest.mark.parametrize("way", ["bold", "dim", "good", "place"])
def test_ways_to_stress_a_text(way: str) -> None:
    assert getattr(Paint(on=True), way)("text") != "text"
    assert "text" in getattr(Paint(on=True), way)("text")
    assert getattr(Paint(on=False), way)("text") == "text"


@pytest.mark.parametrize("character", [*map(chr, range(32)), "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"])
def test_what_a_terminal_would_obey_is_taken_out(character: str) -> None:
    assert plain(f"a{character}b") == "a\ufffdb"


@pytest.mark.parametrize("text", ["", "a b", "é", "日本語", "😀", "a·b → c", "\u00a0", "\u200d"])
def test_other_text_stays(text: str) -> None:
    assert plain(text) == text
