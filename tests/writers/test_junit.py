"""JUnit XML: what CI servers take, whatever stands in a manifest."""

import io
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from casemate.engine.report import Report
from casemate.model.settings import Settings
from casemate.readers.places import Sources
from casemate.writers import junit
from tests.writers.test_html import absent_account, report_of

SHOP = Path(__file__).parents[2] / "examples" / "shop"
TEXT = {"type", "message"}
RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time"},
        {"name", "tests", "failures", "errors"},
        {"testcase"},
    ),
    # `file` is GitLab's: it links the case to it. The rest is what the xUnit plugin of Jenkins allows.
    "testcase": ({"name", "time", "classname", "file"}, {"name"}, {"failure", "error", "skipped"}),
    "failure": (TEXT, set(), set()),
    "error": (TEXT, set(), set()),
    "skipped": (TEXT, set(), set()),
}
"""Of each element: attributes allowed, attributes required, children allowed (junit-10.xsd of Jenkins)."""
CONVERTED = {
    "symbol",
    "date",
    "datetime",
    "integer",
    "float",
    "decimal",
    "boolean",
    "yaml",
    "base64Binary",
    "file",
}
"""Types by which GitLab's parser would convert the text of an element."""


def check(element: ET.Element) -> None:
    allowed, required, children = RULES[element.tag]
    assert required <= set(element.attrib) <= allowed, element.attrib
    assert element.get("type") not in CONVERTED
    for child in element:
        assert child.tag in children
        check(child)


def tree_of(report: Report) -> ET.Element:
    out = io.StringIO()
    junit.write(report, Sources(), out)
    root = ET.fromstring(out.getvalue().encode())  # noqa: S314 # our own text
    check(root)
    cases = list(root.iter("testcase"))
    assert int(root.attrib["tests"]) == len(cases)
    assert int(root.attrib["failures"]) == len(list(root.iter("failure")))
    assert int(root.attrib["errors"]) == len(list(root.iter("error")))
    for suite in root:
        counted = Counter(child.tag for case in suite for child in case)
        assert [int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")] == [
            len(suite), counted["failure"], counted["error"], counted["skipped"],
        ]  # fmt: skip
    return root


def test_the_shop() -> None:
    report = report_of(SHOP)
    root = tree_of(report)
    assert len(list(root.iter("failure"))) == len(report.findings)
    names = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    assert max(names.values()) == 1, names.most_common(1)
    case = next(case for case in root.iter("testcase") if case.get("classname") == "casemate.pod-privileged")
    assert case.get("name") == "payments/ledger (Deployment): container ledger is privileged"
    assert (case.get("file") or "").endswith("payments/ledger.yaml")
    (failure,) = case
    assert failure.get("type") == "critical"
    assert "ledger.yaml:35:13: container ledger is privileged\nbecause " in (failure.text or "")


def test_each_control_that_found_nothing_passes() -> None:
    report = report_of(SHOP)
    root = tree_of(report)
    passed = {case.get("classname") for case in root.iter("testcase") if not len(case)}
    asked = {f"casemate.{name}" for name, times in report.answers.asked.items() if times}
    failed = {f"casemate.{finding.control.id}" for finding in report.findings}
    failed |= {f"casemate.{item.control.id}" for item in report.answers.not_assessed}
    assert passed == (asked - failed) | {"casemate.input"}


def test_nothing_at_all_still_holds_a_test(tmp_path: Path) -> None:
    (case,) = tree_of(report_of(tmp_path)).iter("testcase")
    assert case.attrib == {"classname": "casemate.input", "name": "everything was read", "time": "0"}


def test_what_was_not_read_is_an_error_and_what_was_not_assessed_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n"
    )
    (tmp_path / "b.yaml").write_text("a: [\n")
    root = tree_of(report_of(tmp_path, absent_account))
    (error,) = root.iter("error")
    assert f"{tmp_path}/b.yaml:2:1: " in (error.text or "")
    (case,) = (case for case in root.iter("testcase") if case.get("classname") == "casemate.absent-account")
    assert [(child.tag, child.text) for child in case] == [("skipped", "not every ServiceAccount was read")]


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    (tmp_path / 'a&<\udcff>".yaml').write_text(
        'apiVersion: v1\nkind: Pod\nmetadata: {name: "a\\0\\e]]>\\uFFFE<b>&\\t\\n\'\\""}\nspec: {hostPID: true}\n'
    )
    root = tree_of(report_of(tmp_path, settings=Settings()))
    names = [
        case.get("name") or ""
        for case in root.iter("testcase")
        if "host-pid" in (case.get("classname") or "")
    ]
    assert [name.partition(" (")[0] for name in names] == ["a\ufffd\ufffd]]>\ufffd<b>&\t\n'\""]
    assert any((suite.get("name") or "").endswith('a&<\ufffd>".yaml') for suite in root)


@pytest.mark.parametrize(
    ("text", "found"),
    [("a\x00\x08b", "a\ufffd\ufffdb"), ("\t\n\r é😀", "\t\n\r é😀"), ("\ud800\uffff", "\ufffd\ufffd")],
)
def test_legal_text(text: str, found: str) -> None:
    assert junit.legal(text) == found
