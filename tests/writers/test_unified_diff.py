"""Diffs that patch and git apply take: whatever stands around a change, and secrets stay hidden."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.writers.text_edits import TextChange, changed
from casemate.writers.unified_diff import Diff, Side, blocks, split_lines, unified
from tests.trees import LAW

MASK = "***"


def diff_of(text: str, changes: list[TextChange], name: str = "f.yaml") -> Diff:
    sides = []
    for body in (text, changed(text, changes)):
        lines = split_lines(body)
        sides.append(
            Side(
                lines,
                [line.replace(line.strip("\r\n"), MASK) if "secret" in line else line for line in lines],
            )
        )
    return unified(name, sides[0], sides[1], blocks(text, changes))


def apply(diff: Diff, text: str, folder: Path, program: str, name: str = "f.yaml") -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode())
    command = (
        ["git", "apply", "-"] if program == "git" else ["patch", "-p1", "--binary", "--no-backup-if-mismatch"]
    )
    environment = {"GIT_CEILING_DIRECTORIES": str(folder.parent), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command,
        input="".join(diff.lines).encode(),
        cwd=folder,
        capture_output=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / name).read_bytes().decode()


def test_the_form() -> None:
    text = "".join(f"{number}\n" for number in range(1, 21))
    at = text.index("10\n")
    diff = diff_of(
        text, [TextChange(0, 1, "one"), TextChange(at + 2, at + 2, "\nx"), TextChange(at + 3, at + 6, "")]
    )
    assert "".join(diff.lines) == (
        "--- a/f.yaml\n+++ b/f.yaml\n"
        "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n"
        "@@ -8,7 +8,7 @@\n 8\n 9\n 10\n-11\n+x\n 12\n 13\n 14\n"
    )
    assert diff.applies


def test_a_file_without_a_last_line_end() -> None:
    diff = diff_of("a\nb", [TextChange(3, 3, "\nc")])
    end = "\\ No newline at end of file\n"
    assert "".join(diff.lines[2:]) == f"@@ -1,2 +1,3 @@\n a\n-b\n{end}+b\n+c\n{end}"


def test_a_change_up_to_the_last_line_end_keeps_what_stands_before_it() -> None:
    diff = diff_of("a b\nc\n", [TextChange(1, 6, "")])
    assert "".join(diff.lines[2:]) == "@@ -1,2 +1 @@\n-a b\n-c\n+a\n\\ No newline at end of file\n"


def test_secrets_are_kept_out_of_the_context() -> None:
    text = "1\n2\nsecret\nx\n4\n5\n6\n7\n"
    diff = diff_of(text, [TextChange(text.index("x"), text.index("x") + 1, "y")])
    assert "".join(diff.lines[2:]) == "@@ -4,3 +4,3 @@\n-x\n+y\n 4\n 5\n"
    assert diff.applies
    text = "1\n2\n3\n4\nx\n6\nsecret\n7\n"
    diff = diff_of(text, [TextChange(text.index("x"), text.index("x") + 1, "y")])
    assert "".join(diff.lines[2:]) == "@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-x\n+y\n 6\n"


def test_what_cannot_do_without_a_secret_is_masked_and_says_so() -> None:
    for text in ("1\nx\nsecret\n", "1\nx secret\n2\n"):
        at = text.index("x")
        diff = diff_of(text, [TextChange(at, at + 1, "y")])
        assert not diff.applies
        assert MASK in "".join(diff.lines)
        assert "secret" not in "".join(diff.lines)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a b.yaml", "--- a/a b.yaml\t\n"),
        ('a"b.yaml', '--- "a/a\\042b.yaml"\n'),
        ("ä.yaml", "--- a/ä.yaml\n"),
        ("a\nb.yaml", '--- "a/a\\012b.yaml"\n'),
    ],
)
def test_odd_names(name: str, head: str, tmp_path: Path) -> None:
    diff = diff_of("a\n", [TextChange(0, 1, "b")], name)
    assert diff.lines[0] == head
    assert apply(diff, "a\n", tmp_path / "x", "git", name) == "b\n"


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, list[TextChange]]:
    """A text with unlike lines, some of them secret, and changes of it."""
    count = draw(st.integers(1, 30))
    secrets = draw(st.sets(st.integers(0, count - 1), max_size=3))
    end = draw(st.sampled_from(("\n", "\r\n")))
    lines = [f"{'secret' if number in secrets else 'line'} {number}" for number in range(count)]
    text = end.join(lines) + draw(st.sampled_from((end, "")))
    points = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=8)))
    pairs = zip(points[::2], points[1::2], strict=False)
    new = st.sampled_from(("", "x", f"{end}new", f"new{end}"))
    return text, [TextChange(start, draw(st.sampled_from((start, stop))), draw(new)) for start, stop in pairs]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("diffs")


@LAW
@given(edits())
def test_both_programs_make_of_it_what_was_meant(folder: Path, case: tuple[str, list[TextChange]]) -> None:
    text, changes = case
    diff = diff_of(text, changes)
    shown = "".join(diff.lines)
    assert "secret" not in shown
    if diff.applies and len(diff.lines) > 2 and changed(text, changes):
        for program in ("git", "patch"):
            assert apply(diff, text, folder / program, program) == changed(text, changes)
