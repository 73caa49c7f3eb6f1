"""The comment on a pull request: short, honest about what it leaves out, and nobody's tool."""

import io
import re
from pathlib import Path

import pytest

from casemate.engine.report import Report
from casemate.model.control import Consequence
from casemate.model.severity import Severity
from casemate.readers.places import Sources
from casemate.writers import markdown
from casemate.writers.markdown import LIMIT, MARK, code, words
from tests.writers.test_html import absent_account, report_of

SHOP = Path(__file__).parents[2] / "examples" / "shop"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: '{name}'}}\nspec: {{hostPID: true}}\n"


def comment(report: Report) -> str:
    out = io.StringIO()
    markdown.write(report, Sources(), out)
    text = out.getvalue()
    assert len(text.encode()) <= LIMIT < 65_536
    assert text.startswith(MARK + "\n")
    assert text.count("<details>") == text.count("</details>")
    return text


def test_the_shop() -> None:
    report = report_of(SHOP)
    text = comment(report)
    head = text.splitlines()[1]
    assert head.startswith(f"### Casemate: {len(report.findings)} findings: 3 critical, ")
    assert text.index("1. **payments/ledger** (Deployment) · **critical**") < text.index("<details>")
    assert "payments/ledger.yaml:35` container ledger is privileged" in text
    assert re.search(r"<summary>medium: \d+ changes for \d+ findings</summary>", text)


def test_nothing_found(tmp_path: Path) -> None:
    text = comment(report_of(tmp_path))
    assert "### Casemate: nothing to change was found\n" in text
    assert "nothing unreadable" in text
    assert "<details>" not in text


def test_what_was_not_read_and_not_assessed_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    for number in range(7):
        (tmp_path / f"b{number}.yaml").write_text("a: [\n")
    text = comment(report_of(tmp_path, absent_account))
    assert "**7 not read, so the answer is incomplete**" in text
    assert text.count("- `" + str(tmp_path) + "/b") == 5
    assert "- and 2 more\n" in text
    assert (
        "<summary>1 question not assessed</summary>\n\n- Account that does not exist: not every Service"
        in text
    )
    assert "exit status 3" in text


def test_few_findings_are_all_shown_open(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    report = report_of(tmp_path)
    report.answers.findings = [item for item in report.findings if item.severity >= Severity.HIGH]
    text = comment(report)
    assert "#### Change\n" in text
    assert "<details>" not in text
    assert "more finding" not in text


def test_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("---\n".join(POD.format(name=f"pod-{n}") for n in range(700)))
    report = report_of(tmp_path)
    text = comment(report)
    assert len(text.encode()) > LIMIT - 1_000
    match = re.search(r"… and ([\d,]+) more findings: this comment shows ([\d,]+) of them", text)
    assert match is not None
    hidden, shown = (int(number.replace(",", "")) for number in match.groups())
    assert hidden + shown == len(report.findings)
    listed = text.count(f"- `{tmp_path}/a.yaml:")
    assert listed == shown


def test_a_single_part_too_large_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    monkeypatch.setattr(markdown, "LIMIT", 1_000)
    text = comment(report_of(tmp_path))
    assert len(text.encode()) <= 1_000
    assert re.search(r"… and \d more findings?: this comment shows", text)


def test_manifests_cannot_speak(tmp_path: Path) -> None:
    name = "<img src=x>|`@team` [a](https://evil.example) #12 *b* ''"
    (tmp_path / "a.yaml").write_text(POD.format(name=name))
    text = comment(report_of(tmp_path))
    said = re.sub(r"\\.", "", text)
    for forbidden in ("<img", "@team", "](", "https://", " #12", "*b*"):
        assert forbidden not in said, forbidden


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a_b|c<d>`e`", r"a\_b\|c\<d\>\`e\`"),
        ("@me", "@\u200bme"),
        ("x#1 GH-2", "x\\#\u200b1 G\u200bH-2"),
        ("see www.a.b or http://c", "see w\u200bww.a.b or http:\u200b//c"),
        ("\\&amp;\x1b", "\\\\\\&amp;\ufffd"),
    ],
)
def test_words_mean_themselves(text: str, found: str) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("a\nb", "`a\ufffdb`"),
        (" a", "`  a `"),
        ("", "``"),
    ],
)
def test_code_holds_its_text(text: str, found: str) -> None:
    assert code(text) == found


def test_long_messages_are_cut() -> None:
    assert markdown._short("a" * 301) == "a" * 300 + "…"
    assert markdown._short("a" * 300) == "a" * 300


def test_consequences_stand_over_their_places(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    assert f"   {Consequence.NODE.value}:\n" in comment(report_of(tmp_path))
