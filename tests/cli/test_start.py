"""Whatever happens ends with one sentence and the status that the contract gives it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from casemate.cli import commands, start
from casemate.cli.pages import page_of
from casemate.cli.progress import reading
from casemate.controls.catalogue import all_controls
from casemate.model.errors import CasemateError, ControlError, ReadError, SettingsError, UsageError


def ended(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    """The status of a run in which that error is raised."""

    def spoil(*_: Any, **__: Any) -> int:
        raise error

    monkeypatch.setattr(commands.casemate, "main", spoil)
    return start._run(["scan"])


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (UsageError("wrong word"), 2, "casemate: wrong word\n"),
        (SettingsError("casemate.yaml: no"), 2, "casemate: casemate.yaml: no\n"),
        (ReadError("no", 1, 1), 3, "casemate: no\n"),
        (ControlError("bad control"), 3, "casemate: bad control\n"),
        (CasemateError("no page"), 3, "casemate: no page\n"),
        (
            FileNotFoundError(2, "No such file or directory", "a.txt"),
            3,
            "casemate: a.txt: no such file or directory\n",
        ),
        (OSError("Odd"), 3, "casemate: odd\n"),
        (OSError(28, "No space left on device"), 3, "casemate: no space left on device\n"),
        (KeyboardInterrupt(), 130, "casemate: interrupted\n"),
    ],
)
def test_statuses_of_errors(
    error: BaseException,
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ended(error, monkeypatch) == status
    assert capsys.readouterr() == ("", told)


@pytest.mark.parametrize(
    "error", [ValueError("odd"), RecursionError("deep"), AssertionError(), MemoryError()]
)
def test_a_bug_says_so(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CASEMATE_TRACEBACK", raising=False)
    assert ended(error, monkeypatch) == 70
    told = capsys.readouterr().err
    assert f"a bug in casemate ({type(error).__name__}: {error})" in told
    assert "CASEMATE_TRACEBACK=1" in told
    assert told.count("\n") == 1
    monkeypatch.setenv("CASEMATE_TRACEBACK", "1")
    with pytest.raises(type(error)):
        ended(error, monkeypatch)


def test_a_closed_pipe_is_silent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    closed = []
    monkeypatch.setattr(start, "_close_stdout", lambda: closed.append(1))
    assert ended(BrokenPipeError(), monkeypatch) == 0
    assert closed
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
@pytest.mark.parametrize("words", ["scan -", "scan .", "--version", "scan no/such/file"])
def test_a_stream_that_the_caller_closed_is_no_bug(closed: str, words: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m casemate {words} {closed}', sys.executable],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == (2 if "no/such" in words else 0), done.stderr
    assert "bug" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "scan --no-cach",
            "no such option '--no-cach'. Did you mean '--no-cache'? (see casemate scan --help)",
        ),
        ("baseline wrte", "no such command 'wrte'. Did you mean 'write'? (see casemate baseline --help)"),
        ("diff a", "missing argument 'NEW' (see casemate diff --help)"),
        ("completion", "missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish (see casemate comp"),
        ("scan --format x", "invalid value for '--format': 'x' is not one of 'text', "),
        ("scan . --format json --format csv", "only one format can go to standard output: give the others"),
    ],
)
def test_a_slip_is_told_in_one_line(words: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert start._run(words.split()) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"casemate: {told}")
    assert error.count("\n") == 1


def test_what_click_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert start._run(["scan", "--fail-on", "sometimes"]) == 2
    assert "'sometimes' is not one of" in capsys.readouterr().err
    assert start._run(["scna"]) == 2
    assert "there is no command scna; did you mean scan?" in capsys.readouterr().err
    assert start._run(["--nothing"]) == 2
    assert start._run([]) in {0, 2}, "help"


@pytest.mark.parametrize("command", [*commands.COMMANDS])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert start._run([command, "--help"]) == 0
    assert f"Usage: casemate {command}" in capsys.readouterr().out


def test_version_needs_nothing_else(tmp_path: Path) -> None:
    code = "import sys; from casemate.cli.start import main; main(); print(sorted(m for m in sys.modules if m in ('click', 'msgspec', 'yaml', 'rich')))"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.startswith("casemate ")
    assert done.stdout.endswith("[]\n")


def test_a_scan_of_yaml_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Event\n")
    code = (
        "import os, sys; from casemate.cli import start; status = start._run(['scan', 'a.yaml', '--format', 'json']);"
        "heavy = [m for m in ('rich', 'json', 'difflib', 'tarfile', 'casemate.controls.pods.privileged') if m in sys.modules];"
        "print(status, heavy, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    assert done.stderr == "0 []\n", "no import of a control whose kind does not occur"


def test_a_page_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    control = all_controls()[0]
    assert page_of(control).startswith(f"# {control.id}\n")
    monkeypatch.setattr("casemate.__file__", str(tmp_path / "a" / "casemate" / "__init__.py"))
    with pytest.raises(CasemateError, match="is not installed: install casemate again"):
        page_of(control)


def test_the_bar_is_told_how_far_it_is() -> None:
    with reading() as progress:
        progress(1, 2)
        progress(2, 2)
