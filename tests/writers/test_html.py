"""The HTML report: one page that needs nothing else, trusts no manifest and says what was not seen."""

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from casemate.analysis.pods import Pod
from casemate.controls.catalogue import controls_for
from casemate.engine.judge import judge
from casemate.engine.report import Report
from casemate.model.control import Consequence, Control, Fault, Known, control
from casemate.model.estate import ServiceAccount
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.readers.estate import read_estate
from casemate.readers.masking import MASK
from casemate.readers.places import Sources
from casemate.writers import html
from casemate.writers.html_excerpts import ADDED, CONCERNED, REMOVED, Excerpts, Line, clean

HOSTILE = "</script><script>alert(1)</script>"
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: '{name}'
  namespace: '"><img src=x onerror=alert(1)>'
spec:
  hostNetwork: true
  containers:
    - name: one
      image: '<b>image</b>'
      securityContext:
        privileged: true # <!-- needed -->
      env:
        - name: DATABASE_PASSWORD
          value: hunter2-in-clear
"""
VOID = {"meta", "link", "input", "br", "rect", "path", "img"}


@control(
    "absent-account",
    title="Account that does not exist",
    severity=Severity.HIGH,
    consequence=Consequence.CLUSTER,
    remedy="Name an account that exists",
)
def absent_account(pod: Pod, accounts: Known[ServiceAccount]) -> Iterator[Fault]:
    """Stands in for a control that reasons from absence."""
    if not list(accounts):
        yield Fault(message="no such account", at=pod.at("serviceAccountName"))


class Page(HTMLParser):
    """A parsed page: its elements, text outside of scripts and styles, and whether tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.whole = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.inside:
            self.inside[self.open[-1]][-1] += data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        """What a reader sees without a script, spaces folded."""
        return " ".join("".join(self.words).split())

    @property
    def data(self) -> Any:
        """What the page's script draws from."""
        return json.loads(self.inside["script"][-1])


def report_of(folder: Path, *extra: Control, settings: Settings | None = None) -> Report:
    settings = settings or Settings()
    targets = (str(folder),)
    estate = read_estate(targets, settings)
    controls = (*controls_for(estate.entities), *extra)
    return Report(targets, settings, estate, judge(estate, controls, settings))


def page_of(report: Report, now: datetime | None = None) -> Page:
    out = io.StringIO()
    html.write(report, Sources(), out, now)
    return Page(out.getvalue())


@pytest.fixture
def hostile(tmp_path: Path) -> Report:
    (tmp_path / "a<b>&.yaml").write_text(POD.format(name=HOSTILE), encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("a: [<i>\n", encoding="utf-8")
    return report_of(tmp_path, absent_account)


@pytest.fixture
def clean_folder(tmp_path: Path) -> Path:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
    (tmp_path / "settings.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_needs_nothing_but_itself(hostile: Report) -> None:
    page = page_of(hostile)
    for tag, attributes in page.elements:
        assert tag not in {"img", "iframe", "object", "embed", "form", "base"}
        assert "src" not in attributes
        link = attributes.get("href")
        assert link is None or link.startswith("#") or link == "data:,", (tag, link)
    style = page.inside["style"][0]
    assert "url(" not in style
    assert "@import" not in style


def test_policy_allows_only_the_page_s_own_script_and_style(hostile: Report) -> None:
    page = page_of(hostile)
    policies = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    policy = policies[0] or ""
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.inside[kind][0].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_names_never_become_markup(hostile: Report) -> None:
    page = page_of(hostile)
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert scripts == [{}, {"type": "application/json", "id": "data"}]
    assert not any(tag in {"b", "i"} and attributes for tag, attributes in page.elements)
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
    assert HOSTILE in page.text
    assert "<" not in page.inside["script"][-1]
    assert HOSTILE in page.data["texts"]


def test_ids_are_unique(hostile: Report) -> None:
    ids = [attributes["id"] for _, attributes in page_of(hostile).elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_holds_every_finding(hostile: Report) -> None:
    page = page_of(hostile)
    assert [row[0] for row in page.data["findings"]] == [finding.id for finding in hostile.findings]
    controls = {row[0] for row in page.data["controls"]}
    assert controls == {finding.control.id for finding in hostile.findings}


def test_shows_the_changes_without_a_script(hostile: Report) -> None:
    page = page_of(hostile)
    for change in hostile.changes:
        assert change.consequence.value in page.text
        for finding in change.findings:
            assert finding.remedy in page.text
    finding, position = next(iter(Sources().locate(hostile.changes[0].findings)))
    assert f"{finding.entity.origin.document.file}:{position.line}:{position.column}" in page.text


def test_shows_no_secret(hostile: Report) -> None:
    page = page_of(hostile)
    assert "DATABASE_PASSWORD" in page.text
    assert MASK in page.text
    assert any(MASK in line for _, lines in page.data["excerpts"] for line in lines)
    assert "hunter2" not in page.whole


def test_says_what_was_not_seen(hostile: Report) -> None:
    page = page_of(hostile)
    assert "1 document could not be read, so this answer is incomplete." in page.text
    unreadable = hostile.estate.unreadable[0]
    assert f"{unreadable.file}:{unreadable.line}:{unreadable.column}" in page.text
    assert unreadable.error in page.text
    assert "Missing: not every ServiceAccount was read" in page.text
    questions = len(hostile.answers.not_assessed)
    assert f"{questions} question{'s' if questions > 1 else ''} not assessed" in page.text


def test_nothing_found_is_told_with_its_limits(clean_folder: Path) -> None:
    page = page_of(report_of(clean_folder))
    assert page.data["findings"] == []
    assert "No findings in 1 judged object" in page.text or "Nothing here could be judged" in page.text
    assert "What this does not say" in page.text
    assert "Change these first" not in page.text


def test_shows_the_time_it_is_given(clean_folder: Path) -> None:
    report = report_of(clean_folder)
    now = datetime(2026, 10, 8, 14, 3, tzinfo=UTC)
    assert "8 October 2026, 14:03 UTC" in page_of(report, now).text
    assert not any(tag == "time" for tag, _ in page_of(report).elements)


def test_says_what_settings_left_out(clean_folder: Path) -> None:
    settings = Settings(
        disabled=frozenset(("pod-privileged",)), source="casemate.yaml", exclude=("vendor/*",)
    )
    text = page_of(report_of(clean_folder, settings=settings)).text
    assert "Control pod-privileged was not asked" in text
    assert "vendor/*" in text


def test_size_grows_by_little_per_finding(tmp_path: Path) -> None:
    pods = "---\n".join(POD.format(name=f"pod-{number}") for number in range(400))
    (tmp_path / "pods.yaml").write_text(pods, encoding="utf-8")
    report = report_of(tmp_path)
    assert len(report.findings) > 1_000
    assert len(page_of(report).whole) < 300_000 + 600 * len(report.findings)


def test_characters_that_deceive_are_shown() -> None:
    assert clean("a\u202eb\x00c\ud800\n\u00e9") == "a\\u202eb\\u0000c\\ud800\n\u00e9"


CONTAINER = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"


def lines_of(tmp_path: Path, text: str, *names: str, file: str = "p.yaml") -> list[Line]:
    """The patch that the findings of some controls make of one file."""
    (tmp_path / file).write_text(text, encoding="utf-8")
    findings = [f for f in report_of(tmp_path).findings if f.control.id in names]
    assert {finding.control.id for finding in findings} == set(names)
    sources = Sources()
    return list(Excerpts(sources).hunk(sources.locate(findings)))


def added(lines: list[Line]) -> list[str]:
    return [text for _, mark, text in lines if mark == ADDED]


def test_missing_fields_of_one_parent_are_added_together(tmp_path: Path) -> None:
    text = f"{CONTAINER}    - name: a\n      image: b\n"
    lines = lines_of(tmp_path, text, "pod-privilege-escalation", "pod-writable-root-filesystem")
    assert (6, CONCERNED, "    - name: a") in lines
    assert sorted(added(lines)) == [
        "        allowPrivilegeEscalation: false",
        "        readOnlyRootFilesystem: true",
        "      securityContext:",
    ]
    assert lines.index((6, CONCERNED, "    - name: a")) + 1 == lines.index(
        (0, ADDED, "      securityContext:")
    )


def test_a_missing_field_goes_into_the_map_that_is_there(tmp_path: Path) -> None:
    text = f"{CONTAINER}    - name: a\n      securityContext:\n          runAsUser: 1\n"
    lines = lines_of(tmp_path, text, "pod-privilege-escalation")
    assert lines[lines.index((7, CONCERNED, "      securityContext:")) + 1] == (
        0,
        ADDED,
        "          allowPrivilegeEscalation: false",
    )


def test_a_missing_field_never_splits_the_first_key(tmp_path: Path) -> None:
    text = f"{CONTAINER}    - args:\n      - one\n      name: a\n"
    lines = lines_of(tmp_path, text, "pod-privilege-escalation")
    assert lines[lines.index((7, " ", "      - one")) + 1] == (0, ADDED, "      securityContext:")


def test_a_value_is_replaced_and_its_comment_kept(tmp_path: Path) -> None:
    text = f"{CONTAINER}    - name: a\n      securityContext:\n        privileged: true # why\n"
    lines = lines_of(tmp_path, text, "pod-privileged")
    assert (8, REMOVED, "        privileged: true # why") in lines
    assert added(lines) == ["        privileged: false # why"]


def test_a_key_is_removed(tmp_path: Path) -> None:
    lines = lines_of(
        tmp_path,
        CONTAINER.replace("spec:", "spec:\n  hostNetwork: true") + "    - name: a\n",
        "pod-host-network",
    )
    assert (5, REMOVED, "  hostNetwork: true") in lines
    assert added(lines) == []


def test_flow_style_and_json_are_left_as_they_are(tmp_path: Path) -> None:
    text = f"{CONTAINER}    - {{name: a, image: b}}\n"
    assert added(lines_of(tmp_path, text, "pod-privilege-escalation")) == [
        "spec.containers[0].securityContext.allowPrivilegeEscalation: false"
    ], "what has no line of its own is told by its path"
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "q"},
        "spec": {"containers": [{"name": "a"}]},
    }
    (tmp_path / "p.yaml").unlink()
    lines = lines_of(tmp_path, json.dumps(pod), "pod-privilege-escalation", file="q.json")
    assert added(lines) == ['"securityContext":{"allowPrivilegeEscalation":false}']
