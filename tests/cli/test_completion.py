"""Completion: in the shells themselves, where they are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from casemate.cli.commands import COMMANDS, casemate

ROOT = Path(__file__).parents[2]
CASES = [
    ("", ["scan", "pss", "explain", "controls", "completion"]),
    ("sc", ["scan"]),
    ("explain pod-privi", ["pod-privilege-escalation", "pod-privileged"]),
    ("scan --format sa", ["sarif"]),
    ("scan --format text --output a --format j", ["json", "junit"]),
    ("scan --fail-on ", ["critical", "high", "medium", "low", "none"]),
    ("scan --no-ca", ["--no-cache"]),
    ("completion ", ["bash", "zsh", "fish"]),
    ("--ver", ["--version"]),
    ("nothing-of-that-name x", []),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which `casemate` is this one."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "casemate"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}/src" exec "{sys.executable}" -m casemate "$@"\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}


def shell(name: str, script: str, environment: dict[str, str]) -> list[str]:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [name, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=environment,
        cwd=ROOT,
    )
    assert "Traceback" not in done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("words", "found"), CASES, ids=[words for words, _ in CASES])
def test_bash(words: str, found: list[str], path: dict[str, str]) -> None:
    parts = f"casemate {words}".split(" ")
    script = (
        'source <(casemate completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        '_casemate_completion casemate; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    quoted = " ".join(f"'{part}'" for part in parts)
    lines = shell("bash", f"set -- {quoted}; {script}", path)
    if words == "":
        assert set(found) <= set(lines)
    else:
        assert [line for line in lines if line] == found


@pytest.mark.parametrize(("words", "found"), CASES, ids=[words for words, _ in CASES])
def test_fish(words: str, found: list[str], path: dict[str, str]) -> None:
    lines = shell("fish", f"casemate completion fish | source; complete -C 'casemate {words}'", path)
    names = {line.partition("\t")[0] for line in lines}
    assert set(found) <= names
    assert words == "" or names == set(found)


def test_fish_completes_files(path: dict[str, str]) -> None:
    lines = shell("fish", "casemate completion fish | source; complete -C 'casemate scan examples/sh'", path)
    assert "examples/shop/" in {line.partition("\t")[0] for line in lines}


def test_zsh_loads_the_script(path: dict[str, str]) -> None:
    script = 'autoload -Uz compinit; compinit -u -D; eval "$(casemate completion zsh)"; print -r -- $_comps[casemate]'
    assert shell("zsh", f"emulate zsh; {script}", path) == ["_casemate_completion"]


@pytest.mark.parametrize(
    "words", ["scan ex", "scan --output o", "pss ex", "scan a b --format json --output "]
)
def test_files_are_left_to_the_shell(words: str, run: Any) -> None:
    parts = f"casemate {words}".split(" ")
    environment = {
        **os.environ,
        "COMP_WORDS": "\n".join(parts),
        "COMP_CWORD": str(len(parts) - 1),
        "_CASEMATE_COMPLETE": "bash_complete",
        "PYTHONPATH": str(ROOT / "src"),
    }
    assert run(env=environment).out == f"file,{parts[-1]}\n"


def test_completing_a_command_imports_no_command(run: Any) -> None:
    environment = {
        **os.environ,
        "COMP_WORDS": "casemate ",
        "COMP_CWORD": "1",
        "_CASEMATE_COMPLETE": "bash_complete",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONPROFILEIMPORTTIME": "1",
    }
    ran = run(env=environment)
    assert "casemate.cli.commands" in ran.err
    assert "casemate.cli.scan" not in ran.err


def test_an_unknown_shell_is_told(run: Any) -> None:
    ran = run("completion", "csh")
    assert ran.status == 2
    assert "'bash', 'zsh', 'fish'" in ran.err


@pytest.mark.parametrize("name", COMMANDS)
def test_what_takes_files_and_controls_completes_them(name: str) -> None:
    command = casemate.get_command(click.Context(casemate), name)
    assert command is not None
    ctx = click.Context(command)
    for parameter in command.params:
        found = parameter.shell_complete(ctx, "pod-priv")
        if parameter.name in {"targets", "outputs", "settings_file"}:
            assert [(item.value, item.type) for item in found] == [("pod-priv", "file")], parameter.name
        elif isinstance(parameter, click.Option) and "--control" in parameter.opts:
            assert {item.value for item in found} == {"pod-privileged", "pod-privilege-escalation"}
