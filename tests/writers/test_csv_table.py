"""CSV: records as RFC 4180 has them, and no cell that a spreadsheet would run."""

import csv
import io
from pathlib import Path

import pytest

from casemate.engine.report import Report
from casemate.readers.places import Sources
from casemate.writers import csv_table
from casemate.writers.csv_table import HEADER, cell
from tests.writers.test_html import report_of

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def text_of(report: Report) -> str:
    out = io.StringIO()
    csv_table.write(report, Sources(), out)
    return out.getvalue()


def test_a_record_for_each_finding() -> None:
    report = report_of(SHOP)
    text = text_of(report)
    assert text.count("\r\n") == text.count("\n") == len(report.findings) + 1
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in rows] == [finding.id for finding in report.findings]
    row = next(row for row in rows if row["control"] == "pod-privileged")
    assert (row["line"], row["column"]) == ("35", "13")
    assert (row["kind"], row["namespace"], row["name"], row["container"]) == (
        "Deployment", "payments", "ledger", "ledger",
    )  # fmt: skip
    assert row["standards"].split()[0] == "PSS:baseline"


def test_the_header_does_not_change() -> None:
    assert HEADER[:22] == (
        "id", "severity", "confidence", "control", "title", "api_version", "kind", "namespace", "name",
        "container", "file", "line", "column", "path", "message", "why", "remedy", "standards", "party",
        "state", "until", "reason",
    )  # fmt: skip


def test_nothing_found_is_a_header(tmp_path: Path) -> None:
    assert text_of(report_of(tmp_path)) == ",".join(HEADER) + "\r\n"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\ufffd=1"),
        ("\r=1", "'\ufffd=1"),
        ("a=1", "a=1"),
        ("", ""),
        ("a\nb", "a\ufffdb"),
        (7, 7),
        (None, None),
    ],
)
def test_cells(value: object, found: object) -> None:
    assert cell(value) == found


def test_names_out_of_manifests_are_cells_like_any(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: '=cmd|x,\"y\"', namespace: '@a'}\nspec: {hostPID: true}\n"
    )
    (row,) = (
        row
        for row in csv.DictReader(io.StringIO(text_of(report_of(tmp_path)), newline=""))
        if row["control"] == "pod-host-pid"
    )
    assert (row["name"], row["namespace"]) == ('\'=cmd|x,"y"', "'@a")
