"""What other repositories use of this one: the action, the hooks, and the recipes in docs/ci.md."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from casemate.cli.commands import COMMANDS, casemate
from casemate.cli.output import Outputs

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step.get("name", step.get("uses")): step for step in ACTION["runs"]["steps"]}
PODS = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true}\n"
GH = """\
#!/bin/sh
printf '%s\\n' "$*" >> "$ASKED"
case "$*" in *--paginate*) printf '%s' "$OURS"; exit "${READS:-0}";; *) exit "${WRITES:-0}";; esac
"""


def options_of(command: str) -> set[str]:
    """The options that a command has."""
    found = casemate.get_command(click.Context(casemate), command)
    assert found is not None
    return {name for option in found.params for name in option.opts if name.startswith("-")}


def used(text: str) -> list[tuple[str, set[str], set[str]]]:
    """The commands that a text runs, the options that it gives them, and the formats."""
    joined = text.replace("\\\n", " ")
    found = []
    for line in re.findall(rf"\bcasemate ({'|'.join(COMMANDS)})\b([^\n`|]*)", joined):
        words = line[1].split()
        options = {word.partition("=")[0] for word in words if word.startswith("--") and word != "--"}
        formats = {after for word, after in pairwise(words) if word == "--format" and after.islower()}
        found.append((line[0], options, formats))
    return found


@pytest.mark.parametrize("name", ["docs/ci.md", "docs/formats.md", ".pre-commit-hooks.yaml", "action.yml"])
def test_only_options_that_exist_are_used(name: str) -> None:
    text = (ROOT / name).read_text()
    commands = used(text)
    assert commands
    for command, options, formats in commands:
        assert options <= options_of(command), (command, options)
        found = casemate.get_command(click.Context(casemate), command)
        if formats:
            assert isinstance(found, Outputs)
            choice = next(option.type for option in found.params if option.name == "formats")
            assert isinstance(choice, click.Choice)
            assert formats <= set(choice.choices)
    if name == "action.yml":
        assert set(re.findall(r"options\+?=\((--[\w-]+)", text)) <= options_of("scan")


def test_the_hooks() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert re.compile(hook["files"]).search("a/b.yaml")
        assert re.compile(hook["files"]).search("a.yml")
        assert not re.compile(hook["files"]).search("a.yaml.j2")


def test_what_comes_from_outside_reaches_no_script_as_code() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert "run" not in step or step["shell"] == "bash"
    for step in ACTION["runs"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", step["uses"]), step["uses"]


def test_inputs_are_all_used_and_all_declared() -> None:
    text = (ROOT / "action.yml").read_text()
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """What a runner gives to the steps, after casemate was installed."""
    home = tmp_path / "temp" / "casemate"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}/src" exec "{sys.executable}" "$@"\n')
    (home / "bin" / "python").chmod(0o755)
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(GH)
    (tools / "gh").chmod(0o755)
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "$(touch hacked).yaml").write_text(PODS)
    return {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "ASKED": str(tmp_path / "asked"),
    }


def step(
    name: str, environment: dict[str, str], folder: Path, **given: str
) -> subprocess.CompletedProcess[str]:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    assert set(given) == set(STEPS[name]["env"])
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEPS[name]["run"]]
    return subprocess.run(
        command,
        env={**environment, **given},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


SCAN = {
    "TARGETS": "a b\n\n",
    "KUBERNETES": "1.34",
    "FAIL_ON": "",
    "SETTINGS": "",
    "BASELINE": "",
    "ALLOW_UNREADABLE": "false",
}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 1),
        ({"FAIL_ON": "none"}, 0),
        ({"BASELINE": "nowhere.json"}, 2),
        ({"TARGETS": "nowhere"}, 2),
        ({"TARGETS": "--help"}, 2),
        ({"TARGETS": "$(touch hacked)"}, 2),
        ({"FAIL_ON": "; touch hacked"}, 2),
    ],
)
def test_the_scan(given: dict[str, str], status: int, runner: dict[str, str], tmp_path: Path) -> None:
    ran = step("Scan", runner, tmp_path, **{**SCAN, **given})
    assert ran.returncode == 0, ran.stderr
    outputs = dict(line.split("=", 1) for line in Path(runner["GITHUB_OUTPUT"]).read_text().splitlines())
    assert outputs["status"] == str(status)
    assert not (tmp_path / "hacked").exists()
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("::stop-commands::")
    assert lines[-1] == f"::{lines[0].rpartition('::')[2]}::"
    if status in {0, 1}:
        log = json.loads(Path(outputs["sarif"]).read_text())
        assert json.loads(Path(outputs["upload"]).read_text()) == log
        assert log["runs"][0]["results"]
        assert Path(runner["GITHUB_STEP_SUMMARY"]).read_text() == Path(outputs["markdown"]).read_text()
    assert step("Finish", runner, tmp_path, STATUS=outputs["status"]).returncode == status


@pytest.mark.parametrize(
    ("extra", "found", "asked", "said"),
    [
        ({"OURS": ""}, True, "api --silent --method POST repos/o/r/issues/7/comments --field body=@", ""),
        (
            {"OURS": "12\n13\n"},
            True,
            "api --silent --method PATCH repos/o/r/issues/comments/12 --field body=@",
            "",
        ),
        ({"OURS": ""}, False, None, "nothing to say"),
        (
            {"OURS": "12"},
            False,
            "api --silent --method PATCH repos/o/r/issues/comments/12 --field body=@",
            "",
        ),
        ({"OURS": "", "READS": "1"}, True, None, "::warning::"),
        ({"OURS": "", "WRITES": "1"}, True, "api --silent --method POST", "::warning::"),
    ],
)
def test_the_comment(
    extra: dict[str, str],
    found: bool,
    asked: str | None,
    said: str,
    runner: dict[str, str],
    tmp_path: Path,
    run: Any,
) -> None:
    body = tmp_path / "a.md"
    run("scan", tmp_path / ("a b" if found else "tools"), "--format", "markdown", "--output", body)
    given = {"GH_TOKEN": "t", "REPOSITORY": "o/r", "NUMBER": "7", "BODY": str(body)}
    ran = step("Comment on the pull request", runner | extra, tmp_path, **given)
    assert ran.returncode == 0, ran.stderr
    calls = (tmp_path / "asked").read_text().splitlines()
    assert calls[0].startswith("api --paginate repos/o/r/issues/7/comments?per_page=100 --jq ")
    assert len(calls) == (1 if asked is None else 2)
    assert asked is None or calls[1].startswith(asked)
    assert said in ran.stdout
