"""Findings that are waived or known from a baseline are told from those that count, in every format."""

import csv
import datetime as dt
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from casemate.engine.report import Report
from casemate.model.control import Finding
from casemate.model.waiver import Waived, Waiver
from casemate.readers.places import Sources
from casemate.writers import csv_table, markdown, sarif
from casemate.writers.states import by_state, justification
from tests.writers.test_html import report_of
from tests.writers.test_junit import tree_of

POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{hostPID: true, hostIPC: true, hostNetwork: true}}\n"


def waiver(*, inline: bool = False) -> Waiver:
    return Waiver(
        controls=("pod-host-pid",),
        until=dt.date(2027, 1, 31),
        reason="the agent | needs `it` @all",
        owner=None if inline else "team-a",
        file="casemate.yaml",
        line=7,
        column=3,
        covers=4 if inline else None,
    )


def taken(report: Report, name: str) -> Finding:
    (found,) = (item for item in report.findings if item.control.id == name)
    report.answers.findings.remove(found)
    return found


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """One finding waived in the settings, one inline, one known, and others new."""
    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    found = report_of(tmp_path)
    found.waived = [
        Waived(taken(found, "pod-host-pid"), waiver()),
        Waived(taken(found, "pod-host-ipc"), waiver(inline=True)),
    ]
    found.known = [taken(found, "pod-host-network")]
    found.baseline = "baseline.json"
    found.gone = 2
    found.notes = ("the baseline is of another release",)
    (tmp_path / "b.yaml").write_text(POD.format(name="b"))
    found.answers.findings += report_of(tmp_path / "b.yaml").findings
    return found


def run_of(report: Report) -> Any:
    out = io.BytesIO()
    sarif.write(report, Sources(), out, sarif.Means(lambda _: "# x\n\ny\n", lambda _: None, "/"))
    return json.loads(out.getvalue())


def test_states(report: Report) -> None:
    assert [(state, len(found)) for state, found in by_state(report)] == [
        ("new", len(report.findings)), ("known", 1), ("waived", 2),
    ]  # fmt: skip
    report.baseline = None
    assert by_state(report)[0][0] == "open"


def test_justification() -> None:
    assert justification(waiver()) == "the agent | needs `it` @all (waived by team-a until 2027-01-31)"
    assert justification(waiver(inline=True)) == "the agent | needs `it` @all (waived until 2027-01-31)"


def test_sarif(report: Report, corpora: Path) -> None:
    log = run_of(report)
    Draft4Validator(json.loads((corpora / "schemas" / "sarif-schema-2.1.0.json").read_text())).validate(log)
    (run,) = log["runs"]
    states = Counter(result.get("baselineState", "none") for result in run["results"])
    assert states == {"new": len(report.findings), "unchanged": 1, "none": 2}
    suppressed = [result["suppressions"] for result in run["results"] if "suppressions" in result]
    assert [kind for (item,) in suppressed for kind in [item["kind"]]] == ["external", "inSource"]
    assert suppressed[0][0]["justification"] == justification(waiver())
    assert suppressed[0][0]["location"]["physicalLocation"]["region"]["startLine"] == 7
    notes = {note["descriptor"]["id"]: note for note in run["invocations"][0]["toolExecutionNotifications"]}
    assert notes["limit-of-the-answer"]["message"]["text"] == "the baseline is of another release"
    assert notes["limit-of-the-answer"]["level"] == "warning"
    assert notes["gone"]["message"]["text"].startswith("2 findings of the baseline")
    names = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {"pod-host-pid", "pod-host-ipc", "pod-host-network"} <= names


def test_sarif_without_a_baseline_says_nothing_of_it(report: Report) -> None:
    report.baseline, report.known, report.gone = None, [], 0
    text = json.dumps(run_of(report))
    assert "baselineState" not in text
    assert text.count('"suppressions"') == 2


def test_sarif_leaves_out_waived_findings_first(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "LIMIT", len(report.findings) + 1)
    results = run_of(report)["runs"][0]["results"]
    assert Counter(result.get("baselineState") for result in results) == {
        "new": len(report.findings),
        "unchanged": 1,
    }


def test_junit(report: Report) -> None:
    root = tree_of(report)
    assert len(list(root.iter("failure"))) == len(report.findings)
    skipped = {item.get("type"): item for item in root.iter("skipped")}
    assert skipped.keys() == {"waived", "known"}
    assert skipped["known"].get("message") == "known: in the baseline baseline.json"
    assert (skipped["waived"].text or "").startswith(
        f"waived: {justification(waiver(inline=True))}, casemate.yaml:7\n"
    )
    passed = {case.get("classname") for case in root.iter("testcase") if not len(case)}
    assert passed.isdisjoint({"casemate.pod-host-pid", "casemate.pod-host-network"})


def test_markdown(report: Report) -> None:
    out = io.StringIO()
    markdown.write(report, Sources(), out)
    text = out.getvalue()
    assert f"### Casemate: {len(report.findings)} new findings: " in text
    assert "1 known from the baseline, 2 gone · 2 waived" in text
    assert "> the baseline is of another release\n" in text
    assert "<summary>2 waived</summary>" in text
    assert (
        "the agent \\| needs \\`it\\` @\u200ball (waived by team-a until 2027-01-31)".replace(
            "(", "\\("
        ).replace(")", "\\)")
        in text
    )
    report.answers.findings.clear()
    report.waived *= 7
    out = io.StringIO()
    markdown.write(report, Sources(), out)
    assert "### Casemate: nothing new was found\n" in out.getvalue()
    assert "- and 4 more\n" in out.getvalue()


def test_rules_that_broke_are_errors(report: Report) -> None:
    report.failures = ("rules/x.py:3: the rule x failed: KeyError",)
    (error,) = tree_of(report).iter("error")
    assert error.text == report.failures[0]
    (invocation,) = run_of(report)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert report.failures[0] in [
        note["message"]["text"] for note in invocation["toolExecutionNotifications"]
    ]
    out = io.StringIO()
    markdown.write(report, Sources(), out)
    assert "> rules/x.py:3: the rule x failed: KeyError\n" in out.getvalue()


def test_csv(report: Report) -> None:
    out = io.StringIO()
    csv_table.write(report, Sources(), out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert Counter(row["state"] for row in rows) == {"new": len(report.findings), "known": 1, "waived": 2}
    row = next(row for row in rows if row["state"] == "waived")
    assert (row["until"], row["reason"]) == ("2027-01-31", justification(waiver()))
    assert {row["until"] for row in rows if row["state"] != "waived"} == {""}
