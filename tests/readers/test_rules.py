"""Own rules are loaded whole or refused with file and line, and a broken one never passes for clean."""

import sys
from pathlib import Path

import pytest

from casemate.engine.judge import judge
from casemate.model.control import Control
from casemate.model.errors import SettingsError, UsageError
from casemate.model.estate import Entity, Estate
from casemate.model.settings import Settings
from casemate.readers import rules
from casemate.readers.manifests import read_text
from casemate.readers.settings_path import user_settings_path
from casemate.readers.user_file import UserSettings, read_user_settings

HEAD = """from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.model.control import Consequence, Fault, Unanswered, control
from casemate.model.severity import Severity


@control("acme-x", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
def x(pod: Pod) -> Iterator[Fault]:
"""
RULE = HEAD + '    yield Fault(message="odd", at=pod.at("hostPID"))\n'


def loaded(folder: Path, text: str = RULE, name: str = "x.py") -> list[rules.Rule]:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return rules.load((str(folder),), ("pod-privileged",))


def found(control: Control) -> tuple[list[str], list[str]]:
    (pod,) = read_text("a.yaml", b"apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n")
    assert isinstance(pod, Entity)
    answers = judge(Estate(entities=(pod,)), (control,), Settings())
    return [f.fault.message for f in answers.findings], [n.missing for n in answers.not_assessed]


def test_a_rule_and_its_page(tmp_path: Path) -> None:
    (rule,) = loaded(tmp_path)
    assert (rule.control.id, rule.control.family, rule.page) == ("acme-x", "own", str(tmp_path / "x.md"))
    assert found(rule.control) == (["odd"], [])
    assert not (tmp_path / "__pycache__").exists()


def test_a_folder_in_it_is_a_family(tmp_path: Path) -> None:
    (rule,) = loaded(tmp_path, name="my-shop/x-y.py")
    assert rule.control.family == "my_shop"


def test_what_is_no_rule_is_left_alone(tmp_path: Path) -> None:
    for name in ("_a.py", ".b.py", "sub/_c.py", "_d/x.py", "sub/notes/a.txt", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit")
    assert len(loaded(tmp_path)) == 1


def test_types_that_are_texts_are_resolved(tmp_path: Path) -> None:
    (rule,) = loaded(tmp_path, f"from __future__ import annotations\n{RULE}")
    assert found(rule.control) == (["odd"], [])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x = (\n", r":1: the rule cannot be loaded: '\(' was never closed"),
        ("\nimport nothing_there\n", ":2: the rule cannot be loaded: ModuleNotFoundError: No module"),
        ("import sys\nsys.exit(0)\n", ":2: the rule cannot be loaded: SystemExit: 0"),
        ("raise ValueError\n", ":1: the rule cannot be loaded: ValueError$"),
        ("a = 1\n", ": it holds 0 controls"),
        (RULE + RULE.replace("acme-x", "acme-y").replace("def x", "def y"), ": it holds 2 controls"),
        (RULE.replace("acme-x", "Acme x"), ": the id Acme x is not of lower-case words"),
        (
            RULE.replace("acme-x", "pod-privileged"),
            "pod-privileged is already the id of a control of casemate",
        ),
        (RULE.replace("pod: Pod", "pod: int"), ":8: the first parameter is what is asked about"),
        (RULE.replace("pod: Pod", "pod: Pod, more: int"), ":8: int is no fact that a rule can be given"),
        (RULE.replace("pod: Pod", "pod: 'Nothing'"), ":8: name 'Nothing' is not defined"),
        (
            RULE.replace("pod: Pod", "pod"),
            ":8: the rule cannot be loaded: ControlError: acme-x: each parameter",
        ),
        ("\0", ": the rule cannot be loaded"),
    ],
)
def test_rules_that_cannot_be_loaded(tmp_path: Path, text: str, error: str) -> None:
    before = set(sys.modules)
    with pytest.raises(UsageError, match=error):
        loaded(tmp_path, text)
    if "cannot be loaded" in error:
        assert not {name for name in set(sys.modules) - before if name.startswith(rules.PACKAGE)}


def test_no_folder_and_too_deep(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such folder of rules"):
        rules.load((str(tmp_path / "none"),), ())
    with pytest.raises(UsageError, match="not deeper"):
        loaded(tmp_path, name="a/b/x.py")


def test_one_id_twice(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(RULE)
    with pytest.raises(UsageError, match=r"x.py: acme-x is already the id of .*a.py"):
        loaded(tmp_path)


@pytest.mark.parametrize(
    ("body", "findings", "said"),
    [
        ("    yield 1 / 0\n", [], "x.py:10: the rule acme-x failed: ZeroDivisionError: division by zero"),
        ("    return None\n", [], "x.py:8: the rule acme-x failed: TypeError"),
        ("    yield 'odd'\n", [], "it yields str, not Fault or Unanswered"),
        ("    yield Fault(message=1, at=())\n", [], "the message and the reasons of a Fault are texts"),
        ("    yield Fault(message='a', at='spec')\n", [], "a Fault's `at` is a path"),
        ("    raise SystemExit(0)\n", [], "SystemExit: 0"),
        (
            "    yield Fault(message='a', at=())\n    int('x')\n",
            ["a"],
            "x.py:11: the rule acme-x failed: ValueError",
        ),
    ],
)
def test_a_rule_that_fails_is_not_assessed_and_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, findings: list[str], said: str
) -> None:
    monkeypatch.setattr(rules, "_failures", {})
    (rule,) = loaded(tmp_path, HEAD + body)
    messages, missing = found(rule.control)
    assert messages == findings
    assert [text.startswith("the rule failed at x.py:") for text in missing] == [True]
    assert len(rules.failures()) == 1
    assert said in rules.failures()[0]


def test_what_a_rule_prints_and_cannot_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rule,) = loaded(tmp_path, HEAD + "    print('note')\n    yield Unanswered('the moon')\n")
    assert found(rule.control) == ([], ["the moon"])
    assert capsys.readouterr() == ("", "note\n")


def test_a_users_own_file(tmp_path: Path) -> None:
    path = tmp_path / "casemate.yaml"
    assert read_user_settings(str(path)) == UserSettings()
    path.write_text("trusted: [/a, b]\nrules: c\n")
    user = read_user_settings(str(path))
    assert user.trusted == ("/a", str(tmp_path / "b"))
    assert user.rules == (str(tmp_path / "c"),)
    path.write_text("")
    assert read_user_settings(str(path)) == UserSettings()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("trust: a\n", r"keys of this file are trusted and rules.* \(there is no key trust\)"),
        ("trusted: 1\n", r"\(trusted: text or a list is expected, not a number\)"),
        ("- a\n", "keys of this file"),
        ("a: [\n", "casemate.yaml:2:1: "),
    ],
)
def test_a_users_own_file_that_cannot_be_followed(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "casemate.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=error):
        read_user_settings(str(path))


def test_a_relative_folder_of_settings_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", ".", "config"):
        monkeypatch.setenv("XDG_CONFIG_HOME", value)
        assert user_settings_path() == str(tmp_path / ".config" / "casemate" / "casemate.yaml")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc")
    assert user_settings_path() == "/etc/casemate/casemate.yaml"
