"""SARIF: valid by the standard's schema, stable over moves, and every fix mends what it is for."""

import io
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from jsonschema import Draft4Validator

from casemate.analysis.pods import Pod
from casemate.cli.pages import page_of
from casemate.cli.placed_fixes import PlacedFixes
from casemate.engine.report import Report
from casemate.model.control import Consequence, Control, Fault, Known, control
from casemate.model.errors import CasemateError
from casemate.model.estate import ServiceAccount
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.readers.places import Sources
from casemate.writers import sarif
from casemate.writers.sarif_places import artifact
from casemate.writers.sarif_rules import rules, without_marks
from tests.writers.test_html import absent_account, report_of

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"
POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: "{name}"}}
spec:
  containers:
    - name: main
      image: a:1
      securityContext:
        privileged: true  # for now
"""


def log_of(report: Report, folder: Path | str = ROOT) -> Any:
    out = io.BytesIO()
    means = sarif.Means(page_of, PlacedFixes(str(folder)).of, str(folder))
    sarif.write(report, Sources(), out, means)
    return json.loads(out.getvalue())


def run_of(report: Report, folder: Path | str = ROOT) -> Any:
    (run,) = log_of(report, folder)["runs"]
    return run


@pytest.fixture(scope="module")
def shop() -> Report:
    return report_of(SHOP)


@pytest.fixture(scope="module")
def schema(corpora: Path) -> Draft4Validator:
    return Draft4Validator(json.loads((corpora / "schemas" / "sarif-schema-2.1.0.json").read_text()))


def test_the_shop_is_valid(shop: Report, schema: Draft4Validator) -> None:
    log = log_of(shop)
    schema.validate(log)
    assert isinstance(schema.schema, dict)
    assert log["$schema"] == schema.schema["id"]
    assert len(log["runs"][0]["results"]) == len(shop.findings) > 100


def test_hostile_and_broken_input_is_valid(tmp_path: Path, schema: Draft4Validator) -> None:
    odd = tmp_path / "a b%23#?é\udcff.yaml"
    odd.write_text(
        POD.format(name="a\\u001b[31m").replace("name: main", 'name: "[main](https://evil.example)"')
    )
    (tmp_path / "b.yaml").write_text("a: [\n")
    (tmp_path / "c.yaml").write_text("{}\n")
    report = report_of(tmp_path, absent_account)
    log = log_of(report, tmp_path)
    schema.validate(log)
    (run,) = log["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert os.fsencode(tmp_path.name) not in place["uri"].encode()
    assert place == {"uri": "a%20b%2523%23%3F%C3%A9%FF.yaml", "uriBaseId": "%SRCROOT%"}
    texts = [item["message"]["text"] for item in run["results"]]
    assert any("main] (https://evil" in text for text in texts)
    assert not any("](" in text for text in texts)
    name = run["results"][0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    assert name.endswith("\ufffd[31m")
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = {note["descriptor"]["id"]: note for note in invocation["toolExecutionNotifications"]}
    assert notes["unreadable"]["level"] == "error"
    assert notes["unreadable"]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b.yaml"
    assert "not-judged" in notes
    missing = notes["not-assessed"]
    assert missing["message"]["text"].startswith(
        "absent-account was not assessed 1 times: not every ServiceAccount"
    )
    assert run["tool"]["driver"]["rules"][missing["associatedRule"]["index"]]["id"] == "absent-account"


def test_nothing_found_is_valid(tmp_path: Path, schema: Draft4Validator) -> None:
    log = log_of(report_of(tmp_path), tmp_path)
    schema.validate(log)
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_fingerprints_outlive_moved_lines(tmp_path: Path) -> None:
    def prints() -> list[dict[str, str]]:
        return [result["partialFingerprints"] for result in run_of(report_of(tmp_path), tmp_path)["results"]]

    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    before = prints()
    (tmp_path / "a.yaml").write_text("# moved\n\n" + POD.format(name="a"))
    assert prints() == before
    assert len({item["primaryLocationLineHash"] for item in before}) == len(before)


def test_the_same_object_twice_in_a_file_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a") + "---\n" + POD.format(name="a"))
    (tmp_path / "b.yaml").write_text(POD.format(name="a"))
    hashes = [
        (result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], result["partialFingerprints"])
        for result in run_of(report_of(tmp_path), tmp_path)["results"]
        if result["ruleId"] == "pod-privileged"
    ]
    assert [(uri, item["primaryLocationLineHash"][-2:]) for uri, item in hashes] == [
        ("a.yaml", ":1"), ("a.yaml", ":2"), ("b.yaml", ":1"),
    ]  # fmt: skip
    assert len({item["casemateFinding/v1"] for _, item in hashes}) == 1


def test_every_result_names_its_rule_and_stands_where_it_says(shop: Report) -> None:
    run = run_of(shop)
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    concerned = {item.control.id for item in shop.findings}
    concerned |= {item.control.id for item in shop.answers.not_assessed}
    assert names == sorted(concerned)
    for result, (finding, position) in zip(run["results"], Sources().locate(shop.findings), strict=True):
        assert names[result["ruleIndex"]] == result["ruleId"] == finding.control.id
        place = result["locations"][0]["physicalLocation"]
        assert (ROOT / unquote(place["artifactLocation"]["uri"])).is_file()
        assert (place["region"]["startLine"], place["region"]["startColumn"]) == (
            position.line,
            position.column,
        )
        assert len(result.get("relatedLocations", ())) <= 4


def test_columns_count_characters(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {"hostname": "😀é", hostPID: true, containers: [{name: m, image: a}]}\n'
    )
    run = run_of(report_of(tmp_path), tmp_path)
    assert run["columnKind"] == "unicodeCodePoints"
    columns = {
        r["locations"][0]["physicalLocation"]["region"]["startColumn"]
        for r in run["results"]
        if r["ruleId"] == "pod-host-pid"
    }
    assert columns == {1 + 'spec: {"hostname": "😀é", '.__len__()}


def test_related_locations_are_other_places_of_the_same_change(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a") + "  hostPID: true\n")
    (result,) = (
        r for r in run_of(report_of(tmp_path), tmp_path)["results"] if r["ruleId"] == "pod-privileged"
    )
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 10
    assert related["id"] == 0
    assert "processes of its node" in related["message"]["text"]


def test_too_many_results_keep_the_worst(shop: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "LIMIT", 50)
    run = run_of(shop)
    whole = sorted((finding.severity for finding in shop.findings), reverse=True)
    assert (
        sorted((Severity.of(r["properties"]["severity"]) for r in run["results"]), reverse=True) == whole[:50]
    )
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert f"{len(whole) - 50} findings of less severity are not listed here" in notes


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "2.0"),
        (Severity.INFO, "note", None),
    ],
)
def test_severities_as_github_reads_them(severity: Severity, level: str, score: str | None) -> None:
    (rule,) = rules(
        [absent_account], Settings(severities={"absent-account": severity}), lambda _: "# absent-account\n"
    )
    assert rule["defaultConfiguration"] == {"level": level}
    assert rule["properties"].get("security-severity") == score


def test_a_rule_is_explained_by_its_page(shop: Report) -> None:
    found = {rule["id"]: rule for rule in run_of(shop)["tool"]["driver"]["rules"]}
    rule = found["pod-privileged"]
    assert rule["help"]["markdown"].startswith("# pod-privileged\n")
    assert "```yaml" in rule["help"]["markdown"]
    assert "```" not in rule["help"]["text"]
    assert rule["fullDescription"]["text"].startswith("The container has every capability")
    assert rule["properties"]["tags"][:2] == ["security", "pods"]
    assert all("# finding:" not in rule["help"]["markdown"] for rule in found.values())
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in found.values())


def test_a_rule_without_a_page_is_explained_by_its_own_words() -> None:
    def none(of: Control) -> str:
        raise CasemateError("no page")

    (rule,) = rules([absent_account], Settings(), none)
    assert (
        rule["help"]["markdown"]
        == "# absent-account\n\nAccount that does not exist\n\nName an account that exists.\n"
    )
    (rule,) = rules([absent_account], Settings(), lambda _: "# absent-account")
    assert rule["fullDescription"]["text"] == "Account that does not exist"


def test_marks_are_no_part_of_a_page() -> None:
    page = "# x\n\n```yaml\na: 1  # finding: x\nb: 2 # finding: x, y\nc: '# finding'\n```\n\n```json finding=x:3\n{}\n```\n"
    assert without_marks(page) == "# x\n\n```yaml\na: 1\nb: 2\nc: '# finding'\n```\n\n```json\n{}\n```\n"


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("a/b.yaml", {"uri": "a/b.yaml", "uriBaseId": "%SRCROOT%"}),
        ("./a/../b c.yaml", {"uri": "b%20c.yaml", "uriBaseId": "%SRCROOT%"}),
        ("a:b.yaml", {"uri": "a%3Ab.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/tree/here/b.yaml", {"uri": "b.yaml", "uriBaseId": "%SRCROOT%"}),
        ("../b.yaml", {"uri": "file:///tree/b.yaml"}),
        ("/else/ä.yaml", {"uri": "file:///else/%C3%A4.yaml"}),
        ("/tree/hereafter.yaml", {"uri": "file:///tree/hereafter.yaml"}),
    ],
)
def test_names_of_files(file: str, found: dict[str, str]) -> None:
    assert artifact(file, "/tree/here") == found


def applied(text: str, fix: Any) -> str:
    """A text after the replacements of a fix, as SARIF 2.1.0 §3.57 defines them."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    (change,) = fix["artifactChanges"]
    for replacement in sorted(change["replacements"], key=lambda r: -r["deletedRegion"]["startLine"]):
        region = replacement["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    return text


def test_every_fix_of_the_shop_mends_its_finding_and_nothing_else_changes(tmp_path: Path) -> None:
    shutil.copytree(SHOP, tmp_path / "shop")
    before = report_of(tmp_path / "shop")
    fixed = alone = 0
    for result in run_of(before, tmp_path)["results"]:
        for fix in result.get("fixes", ()):
            uri = fix["artifactChanges"][0]["artifactLocation"]["uri"]
            file = tmp_path / unquote(uri)
            text = file.read_text()
            ids = {finding.id for finding in report_of(file).findings}
            name = result["partialFingerprints"]["casemateFinding/v1"]
            if name not in ids:
                alone += 1  # asked only beside the other files, which name owners
                continue
            mended = applied(text, fix)
            documents = list(yaml.safe_load_all(mended))
            assert sum(a != b for a, b in zip(documents, yaml.safe_load_all(text), strict=True)) == 1
            file.write_text(mended)
            after = {finding.id for finding in report_of(file).findings}
            assert name not in after, (result["message"], mended)
            file.write_text(text)
            fixed += 1
    assert fixed > 50
    assert alone < fixed / 10


def fix_of(tmp_path: Path, text: str, rule: str = "pod-privileged", name: str = "a.yaml") -> Any:
    (tmp_path / name).write_text(text, newline="")
    (result,) = (r for r in run_of(report_of(tmp_path), tmp_path)["results"] if r["ruleId"] == rule)
    return result.get("fixes", [None])[0]


def test_a_value_is_replaced_alone_and_its_comment_stays(tmp_path: Path) -> None:
    fix = fix_of(tmp_path, POD.format(name="a"))
    assert fix["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 9, "startColumn": 21, "endLine": 9, "endColumn": 25},
            "insertedContent": {"text": "false"},
        }
    ]
    assert fix["description"]["text"].endswith("(to be reviewed)")


@pytest.mark.parametrize(
    "text",
    [
        POD.format(name="a").replace("privileged: true", "privileged: &yes true") + "  hostNetwork: *yes\n",
        POD.format(name="a").replace("# for now", "# {{ .Values.reason }}"),
        POD.format(name="a").replace("# for now", "# for\x85# now"),
        "# Code generated by a tool\n" + POD.format(name="a"),
    ],
)
def test_what_cannot_be_placed_exactly_is_left_out(tmp_path: Path, text: str) -> None:
    assert fix_of(tmp_path, text) is None


def test_json_and_flow_style_are_edited_where_they_are(tmp_path: Path) -> None:
    text = json.dumps(yaml.safe_load(POD.format(name="é😀")), ensure_ascii=False)
    fix = fix_of(tmp_path, text, name="a.json")
    assert applied(text, fix) == text.replace('"privileged": true', '"privileged": false')


def test_no_fix_in_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    shutil.make_archive(str(tmp_path / "all"), "zip", tmp_path, "a.yaml")
    results = run_of(report_of(tmp_path / "all.zip"), tmp_path)["results"]
    assert results
    assert not any("fixes" in result for result in results)


def test_no_fix_for_a_file_that_changed_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    report = report_of(tmp_path)
    (tmp_path / "a.yaml").write_text("# moved\n" + POD.format(name="a"))
    assert not any("fixes" in result for result in run_of(report, tmp_path)["results"])
    (tmp_path / "a.yaml").unlink()
    assert not any("fixes" in result for result in run_of(report, tmp_path)["results"])


def test_a_line_break_of_windows_is_kept(tmp_path: Path) -> None:
    text = POD.format(name="a").replace("\n", "\r\n")
    fix = fix_of(tmp_path, text)
    assert applied(text, fix) == text.replace("privileged: true", "privileged: false")


def test_many_findings_of_one_object_stay_linear(tmp_path: Path) -> None:
    @control("x-many", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
    def many(pod: Pod, known: Known[ServiceAccount]) -> Iterator[Fault]:
        for number in range(300):
            yield Fault(message=f"m{number}", at=pod.at("x"))

    (tmp_path / "a.yaml").write_text(POD.format(name="a"))
    report = report_of(tmp_path, many, settings=Settings(complete=frozenset(("*",))))
    out = io.BytesIO()
    sarif.write(report, Sources(), out, sarif.Means(lambda _: "# x\n\ny\n", lambda _: None, str(tmp_path)))
    assert len(out.getvalue()) < 1_500 * len(report.findings)
