"""Formats and outputs belong together in the order given; a file appears whole or not at all."""

import os
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO

import click
import pytest

from casemate.cli.output import Outputs, as_text, chosen, outputs, save, save_bytes


def pairs(*words: str) -> list[tuple[str, str | None]]:
    """What a command with the formats a and b would write."""
    found: list[Any] = []

    @click.command(cls=Outputs)
    @click.argument("targets", nargs=-1)
    @outputs(("a", "b"))
    @click.pass_context
    def command(ctx: click.Context, /, **_: Any) -> None:
        found.extend(chosen(ctx, "a"))

    command.main(list(words), standalone_mode=False)
    return found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [("a", None)]),
        ("x y", [("a", None)]),
        ("--format b", [("b", None)]),
        ("--output f", [("a", "f")]),
        ("--output -", [("a", None)]),
        ("--format b --output f", [("b", "f")]),
        ("--format=b x --output=f", [("b", "f")]),
        ("--output f --format b", [("b", "f")]),
        ("--output f x --format=b", [("b", "f")]),
        ("--format a --output f --format b --output g", [("a", "f"), ("b", "g")]),
        ("--format a --format b --output g", [("a", None), ("b", "g")]),
        ("--format a --output f --format b", [("a", "f"), ("b", None)]),
        ("--format b --output -", [("b", None)]),
        ("--format a --output - --format b --output f", [("a", None), ("b", "f")]),
        ("--format b --output f -- --format", [("b", "f")]),
    ],
)
def test_each_output_belongs_to_the_format_before_it(words: str, found: list[tuple[str, str | None]]) -> None:
    assert pairs(*words.split()) == found


@pytest.mark.parametrize(
    "words", ["--format a --format b", "--format a --output - --format b", "--format a --output - --format a"]
)
def test_only_one_goes_to_the_screen(words: str) -> None:
    with pytest.raises(click.UsageError, match="Only one format can go to standard output"):
        pairs(*words.split())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("--output f --output g", "f"),
        ("--format b --output f --output g", "g"),
        ("--output f --format a --format b --output g", "f"),
    ],
)
def test_an_output_without_a_format_is_no_guess(words: str, name: str) -> None:
    with pytest.raises(click.UsageError, match=f"--output {name} has no --format of its own before it"):
        pairs(*words.split())


def test_a_place_that_cannot_be_written_is_told_before_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(click.UsageError, match=r"no/f cannot be written: there is no folder .*/no; make it"):
        pairs("--output", "no/f")
    with pytest.raises(click.UsageError, match="is a folder: name a file in it"):
        pairs("--output", ".")
    with pytest.raises(click.UsageError, match=r"Two formats would be written to .*/f: name a file for each"):
        pairs("--format", "a", "--output", "f", "--format", "b", "--output", "./f")
    found = pairs("--format", "a", "--output", os.devnull, "--format", "b", "--output", os.devnull)
    assert found == [("a", os.devnull), ("b", os.devnull)], "a device may be written to twice"


@pytest.mark.parametrize("words", ["--format c", "--format", "--output"])
def test_slips_are_told_by_click(words: str) -> None:
    with pytest.raises(click.UsageError):
        pairs(*words.split())


def test_a_file_is_its_owners_only(tmp_path: Path) -> None:
    os.umask(os.umask(0o022))
    save_bytes(str(tmp_path / "a"), b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    def spoil(out: BinaryIO) -> None:
        out.write(b"new")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), save(str(tmp_path / "a")) as out:
        spoil(out)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}
    save_bytes(str(tmp_path / "a"), b"new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "new"}


def test_nobody_sees_half_a_file(tmp_path: Path) -> None:
    with save(str(tmp_path / "a")) as out:
        out.write(b"x" * 100_000)
        out.flush()
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").stat().st_size == 100_000


def test_a_name_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    save_bytes("a", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_device_or_pipe_is_written_to_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        save_bytes(str(tmp_path / "pipe"), b"x")
        assert os.read(reader, 10) == b"x"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_the_screen_stays_open(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    sys.stdout.write("before ")
    with save(None) as out, as_text(out) as text:
        text.write("é \udcff ")
    save_bytes(None, b"after")
    assert capsysbinary.readouterr().out == "before é ? after".encode()


def test_text_leaves_its_stream_open_even_after_a_fault(tmp_path: Path) -> None:
    def spoil(out: BinaryIO) -> None:
        with as_text(out) as text:
            text.write("x")
            raise KeyboardInterrupt

    with (tmp_path / "a").open("wb") as out:
        with pytest.raises(KeyboardInterrupt):
            spoil(out)
        out.write(b"y")
    assert (tmp_path / "a").read_bytes().endswith(b"y")
