"""Waivers are read where they stand: the line that a comment covers, and words that are refused."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given

from casemate.controls.catalogue import controls_for
from casemate.engine.judge import judge
from casemate.model.errors import ReadError, SettingsError
from casemate.model.estate import Entity, Estate, Unreadable
from casemate.model.place import Document
from casemate.model.settings import Settings
from casemate.readers.manifests import read_text
from casemate.readers.settings_file import check_names, parse_settings
from casemate.readers.waiver_comments import comments
from casemate.readers.waiver_words import check_control, words
from casemate.readers.waivers import apply
from tests.trees import LAW, ODD_TEXT, TEXT

KNOWN = ("pod-privileged", "pod-host-pid", "image-latest")
WAIVER = "# casemate: waive pod-host-pid until=2027-01-31 reason='why'"


def covered(text: str, line: int = 1) -> list[tuple[int, int, int | None]]:
    found = comments(Document("a.yaml", line, 1, text.encode()))
    return [(comment.line, comment.column, comment.covers) for comment in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1  # casemate: waive x", [(1, 7, 1)]),
        ("a:\n  # casemate: waive x\n\n  # other\n  b: 1\n", [(2, 3, 5)]),
        ("# casemate: waive x\n---\na: 1\n", [(1, 1, 3)]),
        ("# casemate: waive x\n---  # y\n\na: 1\n", [(1, 1, 4)]),
        ("# casemate: waive x\n--- {a: 1}\n", [(1, 1, 2)]),
        ("- # casemate: waive x\n  a: 1\n", [(1, 3, 2)]),
        ("a:\n  - - # casemate: waive x\n      # y\n      b: 1\n", [(2, 7, 4)]),
        ("a: - # casemate: waive x\nb: 1\n", [(1, 6, 1)]),
        ("--- # casemate: waive x\na: 1\n", [(1, 5, 2)]),
        ("a: 1\n# casemate: waive x", [(2, 1, None)]),
        ("a: 1 #casemate:waive x\n", [(1, 6, 1)]),
        ("a: 1\t# casemate:  waive x\r\nb: 2\r\n", [(1, 6, 1)]),
        ("a: 1# casemate: waive x", []),
        ("a: '# casemate: waive x'", []),
        ('a: "b\n  # casemate: waive x"', []),
        ("a: |\n  # casemate: waive x\nb: 1", []),
        ("a: |  # casemate: waive x\n  text\nb: 1", [(1, 7, 1)]),
        ("a: >-\n  text\n# casemate: waive x\nb: 1", [(3, 1, 4)]),
        ("a: |  # casemate: waive x", [(1, 7, 1)]),
        ("# casemate: waived x\n# casemate: wave x\n# casemate waive x\na: 1", []),
        ("é: ü  # casemate: waive x", [(1, 7, 1)]),
        ("a: 1\n", []),
    ],
)
def test_comments(text: str, expected: list[tuple[int, int, int | None]]) -> None:
    assert covered(text) == expected


def test_lines_count_from_the_start_of_the_document() -> None:
    assert covered("a: 1  # casemate: waive x", 7) == [(7, 7, 7)]


def test_json_has_no_comments() -> None:
    text = b'{"a": "# casemate: waive x"}'
    assert not list(comments(Document("a.json", text=text, is_json=True)))
    assert not list(comments(Document("a.json")))


@LAW
@given(TEXT | ODD_TEXT)
def test_any_text_around_a_comment_is_survived(text: str) -> None:
    list(comments(Document("a.yaml", text=f"{text}\n{WAIVER}\n{text}".encode())))


def test_words() -> None:
    said = words('pod-privileged, image-*  until=2027-01-31 reason="it \\"needs\\" it" owner=a # b', KNOWN)
    assert said.controls == ("pod-privileged", "image-*")
    assert (said.until, said.reason, said.owner) == (dt.date(2027, 1, 31), 'it "needs" it', "a")
    assert words("until=2027-01-31 reason='a b'", KNOWN, ("image-latest",)).owner is None


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "it names no control"),
        ("pod-x until=2027-01-31 reason=a", "there is no control pod-x"),
        ("pod-privilegd until=2027-01-31 reason=a", "did you mean pod-privileged?"),
        ("pod-* reason=a", "its last day is missing"),
        ("pod-* until=tomorrow reason=a", "tomorrow is no day: write it as YYYY-MM-DD"),
        ("pod-* until=20270131 reason=a", "20270131 is no day"),
        ("pod-* until=2027-02-29 reason=a", "2027-02-29 is no day"),
        ("pod-* until=2027-01-31", "its reason is missing"),
        ('pod-* until=2027-01-31 reason=" "', "its reason is missing"),
        ("pod-* until=2027-01-31 reason=a b", "b stands alone"),
        ('pod-* until=2027-01-31 reason="a', "a value is not closed"),
        ("pod-* until=2027-01-31 reason=a by=b", "there is no key by; keys are until, reason, owner"),
        ("pod-* until=2027-01-31 reason=a reason=b", "reason is given twice"),
        ("waiver-unused until=2027-01-31 reason=a", "waiver-unused cannot be waived"),
    ],
)
def test_words_that_cannot_be_read(text: str, error: str) -> None:
    with pytest.raises(ReadError, match=error):
        words(text, KNOWN)


@LAW
@given(TEXT | ODD_TEXT)
def test_any_words_are_read_or_refused(text: str) -> None:
    for whole in (text, f"pod-* until=2027-01-31 reason={text}", f"{text} until=2027-01-31"):
        try:
            words(whole, KNOWN)
        except ReadError:
            continue


def test_a_control_is_not_checked_where_none_is_known() -> None:
    check_control("pod-nothing", ())


SETTINGS = """waivers:
  - control: pod-privileged
    owner: me
    reason: why
    until: 2027-01-31
"""


def test_settings() -> None:
    more = "    subject: '*/Pod/a'\n    container: c\n    path: d/**\n"
    (waiver,) = parse_settings((SETTINGS + more).encode(), "casemate.yaml", KNOWN).waivers
    assert (waiver.controls, waiver.owner, waiver.reason) == (("pod-privileged",), "me", "why")
    assert (waiver.subject, waiver.container, waiver.path) == (("*", "Pod", "a"), "c", "d/**")
    assert (waiver.where, waiver.column) == ("casemate.yaml:2", 5)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("    owner: me\n", ""), "^casemate.yaml:2: a waiver needs owner$"),
        (("why", "''"), "^casemate.yaml:2: a waiver needs reason$"),
        (("pod-privileged", "[]"), "^casemate.yaml:2: a waiver needs control$"),
        (
            ("pod-privileged", "pod-privilegd"),
            "^casemate.yaml:2: there is no control pod-privilegd; did you mean",
        ),
        (("pod-privileged", "waiver-*"), "^casemate.yaml:2: waiver-\\* cannot be waived"),
        (("2027-01-31", "soon"), "^casemate.yaml:2: soon is no day"),
        (("2027-01-31", "20270131"), "^casemate.yaml:2: until: text is expected, not a number"),
        (("until:", "til: a\n    until:"), "^casemate.yaml:2: a waiver has no key til; did you mean until"),
        (
            ("until:", "subject: Pod/a\n    until:"),
            "^casemate.yaml:2: subject Pod/a is not NAMESPACE/KIND/NAME",
        ),
        (("until:", "subject: a//b\n    until:"), "is not NAMESPACE/KIND/NAME"),
        ((SETTINGS, "waivers: [a]\n"), "^casemate.yaml:1: a waiver is a map; keys are control"),
        ((SETTINGS, "waivers: a\n"), "^casemate.yaml: "),
    ],
)
def test_settings_that_cannot_be_followed(change: tuple[str, str], error: str) -> None:
    with pytest.raises(SettingsError, match=error):
        parse_settings(SETTINGS.replace(*change).encode(), "casemate.yaml", KNOWN)


def test_names_are_checked_when_they_are_known() -> None:
    settings = parse_settings(b"disable: [pod-x]\n", "casemate.yaml")
    check_names(settings, ("pod-x",))
    with pytest.raises(SettingsError, match=r"^casemate.yaml: there is no control pod-x"):
        check_names(settings, ("pod-y",))


POD = """apiVersion: v1
kind: {kind}
metadata:
  name: a
spec:
  hostPID: true
  containers:
    - name: a
      image: a
      securityContext:
        privileged: true
"""


def waived(text: str, name: str = "a.yaml", *, unread: bool = False) -> tuple[list[str], list[str]]:
    """The controls that are waived, and those about waivers that answer."""
    entities = tuple(item for item in read_text(name, text.encode()) if isinstance(item, Entity))
    unreadable = (Unreadable("b", 1, 1, "no"),) if unread else ()
    estate = Estate(entities=entities, unreadable=unreadable)
    answers = judge(estate, controls_for(entities), Settings())
    before = len(answers.findings)
    found = apply(estate, answers, Settings(), dt.date(2026, 6, 1))
    about = [f.control.id for f in answers.findings if f.control.family == "waivers"]
    assert len(answers.findings) - len(about) + len(found) == before
    return sorted(item.finding.control.id for item in found), about


def on(line: str, text: str = POD.format(kind="Pod"), control: str = "pod-host-pid,pod-privileged") -> str:
    comment = f"  # casemate: waive {control} until=2027-01-31 reason=why"
    assert f"{line}\n" in text
    return text.replace(f"{line}\n", f"{line}{comment}\n", 1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("apiVersion: v1", ["pod-host-pid", "pod-privileged"]),
        ("kind: Pod", []),
        ("spec:", ["pod-host-pid", "pod-privileged"]),
        ("  hostPID: true", ["pod-host-pid"]),
        ("  containers:", ["pod-privileged"]),
        ("    - name: a", ["pod-privileged"]),
        ("      image: a", []),
        ("      securityContext:", ["pod-privileged"]),
        ("        privileged: true", ["pod-privileged"]),
    ],
)
def test_a_comment_covers_what_begins_on_its_line(line: str, expected: list[str]) -> None:
    found, about = waived(on(line))
    assert found == expected
    assert about == ([] if expected else ["waiver-unused"])


def test_a_comment_before_the_first_marker_is_about_the_document_below() -> None:
    head = "# a file\n# casemate: waive pod-host-pid until=2027-01-31 reason=why\n---\n"
    body = POD.format(kind="Pod")
    assert waived(head + body) == (["pod-host-pid"], [])
    assert waived((head + body).replace("\n", "\r\n")) == (["pod-host-pid"], [])
    assert waived(f"{body}{head}{body}") == ([], ["waiver-malformed"]), "it stands in the first document"


def test_a_comment_at_a_lone_dash_covers_the_item() -> None:
    indented = "".join(f"    {line}\n" for line in POD.format(kind="Pod").splitlines())
    dash = "  - # casemate: waive pod-host-pid until=2027-01-31 reason=why\n"
    assert waived(f"apiVersion: v1\nkind: List\nitems:\n{dash}{indented}") == (["pod-host-pid"], [])


def test_an_annotation_that_names_no_control() -> None:
    for key in ("casemate.dev/waive", "casemate.dev/waive."):
        pod = POD.format(kind="Pod").replace(
            "  name: a\n", f"  name: a\n  annotations:\n    {key}: until=2027-01-31 reason=why\n", 1
        )
        assert waived(pod) == ([], ["waiver-malformed"])


def test_a_missing_field_is_covered_at_its_parent() -> None:
    assert waived(on("      image: a", control="pod-privilege-escalation"))[0] == []
    escalation = on("      securityContext:", control="pod-privilege-escalation")
    assert waived(escalation)[0] == ["pod-privilege-escalation"]
    assert waived(on("    - name: a", control="pod-memory-limit"))[0] == ["pod-memory-limit"]


def test_an_item_of_a_list_and_an_alias() -> None:
    indented = "".join(f"    {line}\n" for line in POD.format(kind="Pod").splitlines())
    items = f"apiVersion: v1\nkind: List\nitems:\n  - {indented.lstrip()}  - {indented.lstrip()}"
    assert waived(on("  - apiVersion: v1", items))[0] == ["pod-host-pid", "pod-privileged"]
    assert len(waived(on("apiVersion: v1", items))[0]) == 4
    anchored = POD.format(kind="Pod").replace("securityContext:", "securityContext: &s")
    twice = anchored + "    - name: b\n      image: a\n      securityContext: *s\n"
    assert waived(on("        privileged: true", twice))[0] == ["pod-privileged"] * 2


def test_an_annotation_at_the_object_or_its_template() -> None:
    note = "casemate.dev/waive.pod-privileged: until=2027-01-31 reason=why"
    deployment = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    metadata:\n"
        f"      annotations:\n        {note}\n    spec:\n      containers:\n"
        "        - {name: a, image: a, securityContext: {privileged: true}}\n"
        "        - {name: b, image: a, securityContext: {privileged: true}}\n"
    )
    assert waived(deployment) == (["pod-privileged"] * 2, [])
    one = deployment.replace("pod-privileged:", "pod-privileged.b:")
    assert waived(one) == (["pod-privileged"], [])
    pod = POD.format(kind="Pod").replace("  name: a\n", f"  name: a\n  annotations:\n    {note}\n", 1)
    assert waived(pod) == (["pod-privileged"], [])


def test_unused_is_not_said_where_something_was_not_read_or_nothing_was_asked() -> None:
    text = on("kind: Pod")
    assert waived(text)[1] == ["waiver-unused"]
    assert waived(text, unread=True)[1] == []
    config = "apiVersion: v1\nkind: ConfigMap\n"
    assert waived(on("kind: ConfigMap", config)) == ([], [])


def test_the_same_file_read_twice_has_its_waivers_once(tmp_path: Path) -> None:
    text = on("  hostPID: true").encode()
    entities = tuple(e for _ in range(2) for e in read_text("a.yaml", text) if isinstance(e, Entity))
    estate = Estate(entities=entities)
    answers = judge(estate, controls_for(entities), Settings())
    found = apply(estate, answers, Settings(), dt.date(2026, 6, 1))
    assert len({id(item.waiver) for item in found}) == 1
    assert len(found) == 2
