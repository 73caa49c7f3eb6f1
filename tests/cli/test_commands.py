"""The command line as users meet it: statuses, outputs, settings, slips."""

import fcntl
import json
import os
import pty
import stat
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest

SOUND = """apiVersion: v1
kind: ConfigMap
metadata: {name: a}
"""
PRIVILEGED = """apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: main
      image: registry.example/app:1
      securityContext:
        privileged: true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pod.yaml").write_text(PRIVILEGED)
    (tmp_path / "map.yaml").write_text(SOUND)
    return tmp_path


def test_statuses(folder: Path, run: Any) -> None:
    assert run("scan", folder / "map.yaml").status == 0
    assert run("scan", folder).status == 1
    assert run("scan", folder, "--fail-on", "none").status == 0
    (folder / "broken.yaml").write_text("a: [\n")
    assert run("scan", folder).status == 3
    assert run("scan", folder, "--allow-unreadable").status == 1
    assert run("scan", folder, "--allow-unreadable", "--fail-on", "none").status == 0
    assert run("pss", folder).status == 3
    assert run("pss", folder, "--allow-unreadable").status == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["scann"], "did you mean scan?"),
        (["frobnicate"], "commands are scan"),
        (["scan", "--formt", "json"], "--format"),
        (["scan", "nowhere"], "no such file or folder"),
        (["scan", "*.nothing"], "no such file or folder"),
        (["scan", "--kubernetes", "two"], "is no Kubernetes version"),
        (["explain", "pod-priviledged"], "did you mean pod-privileged?"),
        (["explain", "zzz"], "casemate controls lists them"),
        (["controls", "--family", "nets"], "families are "),
        (["scan", "--format", "json", "--format", "text"], "only one format can go to standard output"),
    ],
)
def test_slips_get_one_sentence_and_status_2(words: list[str], told: str, tmp_path: Path, run: Any) -> None:
    ran = run(*words, cwd=tmp_path)
    assert ran.status == 2
    assert told in ran.err
    assert not ran.out


def test_version_and_help(run: Any) -> None:
    assert run("--version").out == run("-V").out
    assert run("--version").out.startswith("casemate ")
    for words in (
        ["--help"],
        ["scan", "--help"],
        ["pss", "--help"],
        ["explain", "--help"],
        ["controls", "--help"],
    ):
        ran = run(*words)
        assert ran.status == 0
        assert "casemate scan" in ran.out or "Example: casemate" in ran.out
        assert len(ran.out.splitlines()) < 48


def test_formats_with_their_outputs(folder: Path, run: Any) -> None:
    answer, report = folder / "out.json", folder / "out.html"
    ran = run("scan", folder, "--format", "json", "--output", answer, "--format", "html", "--output", report,
              "--format", "text")  # fmt: skip
    assert ran.status == 1
    assert "Change these" in ran.out
    assert json.loads(answer.read_text())["schema"] == "casemate.scan/1"
    assert report.read_text().startswith("<!doctype html>") or "<html" in report.read_text()[:200]
    assert stat.S_IMODE(answer.stat().st_mode) == 0o600
    assert not list(folder.glob(".casemate-*"))


def test_an_output_alone_takes_the_default_format(folder: Path, run: Any) -> None:
    ran = run("scan", folder, "--output", folder / "out.txt")
    assert not ran.out
    assert "Change these" in (folder / "out.txt").read_text()
    assert run("scan", folder, "--output", folder / "no" / "out.txt").status == 2
    assert run("scan", folder, "--output", "/dev/null").status == 1


def test_standard_input(run: Any) -> None:
    answer = run("scan", "-", "--format", "json", stdin=PRIVILEGED.encode()).answer
    assert {f["file"] for f in answer["findings"]} == {"-"}
    assert "pod-privileged" in {f["control"] for f in answer["findings"]}


def test_long_standard_input_is_streamed_with_the_same_places(run: Any, tmp_path: Path) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "status": {"x": "y" * 9_000_000},
           "spec": {"hostPID": True, "containers": [{"name": "main", "image": "a"}]}}  # fmt: skip
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [pod]}, indent=1)
    (tmp_path / "a.json").write_text(text)
    read = run("scan", "-", "--format", "json", stdin=text.encode()).answer["findings"]
    file = run("scan", tmp_path / "a.json", "--format", "json").answer["findings"]
    assert [(f["control"], f["line"], f["column"]) for f in read] == [
        (f["control"], f["line"], f["column"]) for f in file
    ]
    lines = text.splitlines()
    (found,) = (f for f in read if f["control"] == "pod-host-pid")
    assert lines[found["line"] - 1][found["column"] - 1 :].startswith('"hostPID"')


def test_settings_are_found_upwards_and_checked(folder: Path, run: Any) -> None:
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "pod.yaml").write_text(PRIVILEGED)
    settings = folder / "casemate.yaml"
    settings.write_text("disable: [pod-privileged]\nseverities: {pod-runs-as-root: info}\nfail-on: low\n")
    answer = run("scan", inner, "--format", "json").answer
    assert "pod-privileged" not in {f["control"] for f in answer["findings"]}
    assert {f["severity"] for f in answer["findings"] if f["control"] == "pod-runs-as-root"} == {"info"}
    for text, told in (
        ("disabel: []", "did you mean disable?"),
        ("disable: [pod-privleged]", "did you mean pod-privileged?"),
        ("registries: {alowed: []}", "did you mean allowed?"),
        ("severities: {pod-privileged: terrible}", "it is one of critical"),
        ("severities: {nothing: low}", "there is no control nothing"),
        ("kubernetes: [1]", "is expected, not a list"),
        ("- a", "a map of settings is expected"),
        ("a: [", "casemate.yaml:"),
        ("zzz: 1", "keys are kubernetes"),
    ):
        settings.write_text(f"{text}\n")
        ran = run("scan", inner)
        assert ran.status == 2, text
        assert told in ran.err
        assert "casemate.yaml" in ran.err
    assert run("scan", inner, "--settings", folder / "none.yaml").status == 2


def test_two_settings_need_a_choice(tmp_path: Path, run: Any) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "casemate.yaml").write_text("fail-on: none\n")
    ran = run("scan", tmp_path / "a", tmp_path / "b")
    assert ran.status == 2
    assert "--settings" in ran.err
    assert (
        run("scan", tmp_path / "a", tmp_path / "b", "--settings", tmp_path / "a" / "casemate.yaml").status
        == 0
    )


def test_the_allowed_registries(folder: Path, run: Any) -> None:
    (folder / "casemate.yaml").write_text("registries: {allowed: [registry.shop.example]}\n")
    answer = run("scan", folder, "--format", "json").answer
    assert "image-registry-not-allowed" in {f["control"] for f in answer["findings"]}


def test_explain_prints_the_page(run: Any) -> None:
    ran = run("explain", "pod-privileged")
    assert ran.out.startswith("# pod-privileged\n")
    assert "## Instead" in ran.out


def test_controls_lists_all(run: Any) -> None:
    rows = run("controls", "--format", "json").answer["controls"]
    assert len(rows) >= 50
    assert len(run("controls").out.splitlines()) == len(rows) + 1


def test_a_later_kubernetes_is_said_to_be_unknown(folder: Path, run: Any) -> None:
    for command in ("scan", "pss"):
        ran = run(command, folder, "--kubernetes", "1.99")
        assert "newer than casemate knows" in ran.err
        assert "newer" not in run(command, folder, "--kubernetes", "1.99", "--quiet").err
        assert "1.37" in run(command, folder, "--kubernetes", "1.99", "--format", "json").answer["note"]


@pytest.mark.parametrize("columns", [0, 20, 80])
def test_a_terminal_gets_colour_and_a_bar_that_goes(columns: int, folder: Path) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    words = [sys.executable, "-m", "casemate", "scan", str(folder)]
    with subprocess.Popen(words, stdout=theirs, stderr=theirs, stdin=theirs, env=environment) as ran:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
    os.close(ours)
    assert ran.returncode == 1
    assert b"\x1b[1;31m" in shown
    assert b"Change these" in shown
    assert b"Traceback" not in shown


def test_a_closed_pipe_is_no_error(folder: Path) -> None:
    for number in range(400):
        (folder / f"p{number}.yaml").write_text(PRIVILEGED.replace("name: a", f"name: a{number}"))
    words = [sys.executable, "-m", "casemate", "scan", str(folder), "--format", "json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:  # our own program
        assert ran.stdout is not None
        assert ran.stderr is not None
        ran.stdout.read(10)
        ran.stdout.close()
        assert ran.stderr.read() == b""


def test_an_unchanged_folder_is_answered_from_the_cache(tmp_path: Path, run: Any) -> None:
    world, cache = tmp_path / "world", tmp_path / "cache"
    world.mkdir()
    (world / "big.yaml").write_text(PRIVILEGED + "---\n" + SOUND + f"data: {{a: {'x' * 600_000}}}\n")
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}

    def scan(*words: str) -> Any:
        return run("scan", "world", "--format", "json", *words, env=environment, cwd=tmp_path)

    first = scan()
    (stored,) = (cache / "casemate" / "answers").iterdir()
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert (scan().out, scan().status) == (first.out, first.status)
    kept = stored.read_bytes()
    stored.write_bytes(kept.replace(b"pod-privileged", b"pod-harmless!!"))
    assert scan().out == first.out, "a damaged answer is judged anew"
    assert scan("--no-cache").out == first.out
    assert scan("--fail-on", "none").status == 0
    (world / "big.yaml").write_text(
        (world / "big.yaml").read_text().replace("privileged: true", "privileged: false")
    )
    assert "pod-privileged" not in {f["control"] for f in scan().answer["findings"]}


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path, run: Any) -> None:
    (tmp_path / "big.yaml").write_text(SOUND + f"data: {{a: {'x' * 600_000}}}\n")
    (tmp_path / "file").write_text("")
    ran = run("scan", tmp_path / "big.yaml", env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "file")})
    assert ran.status == 0
