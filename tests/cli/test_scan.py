"""`casemate scan` as terminals, scripts and hostile files see it."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: main, image: a}]}\n"
CODES = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(words: list[str], size: tuple[int, int] | None = (24, 80), **environment: str) -> str:
    """What a command prints on a terminal of that size."""
    ours, theirs = pty.openpty()
    if size is not None:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    command = [sys.executable, "-m", "casemate", *words]
    environment = {**os.environ, "TERM": "xterm", **environment}
    printed = b""
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=environment, cwd=ROOT) as ran:
        os.close(theirs)
        while True:
            try:
                block = os.read(ours, 65536)
            except OSError:
                break
            if not block:
                break
            printed += block
        assert ran.stderr is not None
        assert ran.stderr.read() == b""
    os.close(ours)
    assert ran.returncode in {0, 1}
    return printed.decode().replace("\r\n", "\n")


def test_colour_is_for_terminals_and_says_the_same(run: Any) -> None:
    words = ["scan", "examples/shop/edge"]
    shown = on_terminal(words)
    assert CODES.search(shown)
    assert CODES.sub("", shown) == run(*words, "--no-cache", cwd=ROOT).out
    assert not CODES.search(run(*words, cwd=ROOT).out)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_can_be_refused(name: str, value: str) -> None:
    assert not CODES.search(on_terminal(["scan", "examples/shop/edge"], (24, 80), **{name: value}))


@pytest.mark.parametrize("columns", [None, 0, 1, 20, 60, 300])
def test_terminals_of_any_width(columns: int | None) -> None:
    shown = CODES.sub(
        "", on_terminal(["scan", "examples/shop/edge"], None if columns is None else (24, columns))
    )
    assert "exit status 1" in re.sub(r"\s+", " ", shown)
    if columns == 60:
        whole = [line for line in shown.splitlines() if "casemate explain" not in line]
        assert max(map(len, whole)) <= 60, "only a command to copy may be longer"
    if columns == 300:
        assert max(map(len, shown.splitlines())) <= 100, "lines stay readable"


def test_json_on_a_terminal_is_json() -> None:
    assert json.loads(on_terminal(["scan", "examples/shop/edge", "--format", "json"]))["findings"]


@pytest.mark.parametrize("command", ["scan", "pss"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_file_name_that_is_no_text(command: str, form: str, tmp_path: Path, run: Any) -> None:
    folder = os.fsencode(tmp_path) + b"/f\xff"
    os.mkdir(folder)
    (tmp_path / "fine.yaml").write_text(POD)
    for name in (b"/a\xfe.yaml", b"/b\xfe.tgz", b"/c\xfe.yaml"):
        with open(folder + name, "wb") as file:
            file.write(POD.encode() if name < b"/c" else b"a: [")
    ran = run(command, tmp_path, "--format", form)
    assert ran.status == 3
    assert "fine.yaml" in ran.out
    assert re.search(r"f[\ufffd?]/a[\ufffd?]\.yaml", ran.out)
    ran = run(command, os.fsdecode(folder), "--format", form)
    assert ran.status == 3
    if form == "json":
        assert {item["file"][-8:] for item in ran.answer["unreadable"]} == {"/c\ufffd.yaml"}


@pytest.mark.parametrize("command", ["scan", "pss"])
def test_a_manifest_cannot_forge_the_answer(command: str, tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(
        'apiVersion: v1\nkind: "Pod"\nmetadata: {name: "a\\e[2J\\r\\nNothing to change\\u202e", namespace: "n\\tm"}\n'
        'spec: {hostPID: true, containers: [{name: "c\\e]0;x\\a", image: "r\\e[31m\\n\\nNothing to change"}]}\n'
    )
    words = [] if command == "pss" else ["--verbose"]
    out = run(command, tmp_path, *words).out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out)
    assert not re.search(r"^\s*Nothing to change", out, re.MULTILINE)
    if command == "scan":
        answer = run(command, tmp_path, "--format", "json").answer
        assert answer["findings"][0]["subject"]["name"] == "a\x1b[2J\r\nNothing to change\u202e", (
            "JSON escapes it"
        )


def test_the_current_folder_is_the_target_where_none_is_named(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    ran = run("scan", "--format", "json", cwd=tmp_path)
    assert ran.answer["targets"] == ["."]
    assert {item["file"] for item in ran.answer["findings"]} == {"./a.yaml"}


def test_globs_that_no_shell_expanded(tmp_path: Path, run: Any) -> None:
    for name in ("a.yaml", "b.yaml", "c.txt"):
        (tmp_path / name).write_text(POD.replace("name: a}", f"name: {name[0]}}}"))
    answer = run("scan", "*.yaml", "--format", "json", cwd=tmp_path).answer
    assert {item["file"] for item in answer["findings"]} == {"a.yaml", "b.yaml"}


def test_coverage_adds_up(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(f"{POD}---\na: 1\n---\nb: [\n---\napiVersion: v1\nkind: Event\n")
    coverage = run("scan", tmp_path, "--format", "json").answer["coverage"]
    assert (
        coverage["documents"]
        == coverage["judged"] + sum(coverage["skipped"].values()) + coverage["unreadable"]
    )
    assert (coverage["files"], coverage["objects"], coverage["judged"], coverage["unreadable"]) == (
        1,
        2,
        1,
        1,
    )


def test_ids_are_stable_when_a_file_is_edited_and_moved(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    before = run("scan", tmp_path / "a.yaml", "--format", "json").answer["findings"]
    (tmp_path / "b.yaml").write_text(f"# c\n\n---\n{POD}")
    after = run("scan", tmp_path / "b.yaml", "--format", "json").answer["findings"]
    assert [item["id"] for item in before] == [item["id"] for item in after]
    assert [item["line"] + 3 for item in before] == [item["line"] for item in after]
    assert len({item["id"] for item in before}) == len(before)


def test_standard_input_twice_or_beside_files(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    answer = run("scan", "-", tmp_path / "a.yaml", "--format", "json", stdin=POD.encode()).answer
    assert {item["file"] for item in answer["findings"]} == {"-", str(tmp_path / "a.yaml")}
    assert run("scan", "-", "-", stdin=POD.encode()).status == 1
    ran = run("scan", "-")
    assert ran.status == 0, "nothing at all is no fault"
    assert "Nothing was judged" in ran.out
    assert "Nothing to change" not in ran.out


def test_a_standard_input_that_is_broken_is_not_an_answer(run: Any) -> None:
    ran = run("scan", "-", "--format", "json", stdin=b"a: [")
    assert ran.status == 3
    assert ran.answer["unreadable"][0]["file"] == "-"
    assert run("pss", "-", stdin=b"\xff\xfea").status == 3


@pytest.mark.parametrize("words", [[], ["--standard", "pss"], ["--format", "markdown"], ["--by", "team"]])
def test_the_status_that_is_told_is_the_one_of_the_process(
    words: list[str], tmp_path: Path, run: Any
) -> None:
    (tmp_path / "a.yaml").write_text(f"{POD}---\na: [\n")
    for more in ([], ["--allow-unreadable"], ["--allow-unreadable", "--fail-on", "none"]):
        ran = run("scan", tmp_path, *words, *more)
        assert f"exit status {ran.status}" in ran.out.lower()


def test_complete_does_not_count_for_a_part_of_its_folder(tmp_path: Path, run: Any) -> None:
    (tmp_path / "casemate.yaml").write_text("complete: [ServiceAccount]\n")
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "a.yaml").write_text(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a, namespace: shop}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\n"
        "subjects: [{kind: ServiceAccount, name: gone}]\n"
    )
    whole = run("scan", tmp_path, "--format", "json").answer
    assert "rbac-missing-subject" in {item["control"] for item in whole["findings"]}
    for target in (tmp_path / "part", tmp_path / "part" / "a.yaml"):
        part = run("scan", target, "--format", "json").answer
        assert "rbac-missing-subject" in {item["control"] for item in part["not_assessed"]}
