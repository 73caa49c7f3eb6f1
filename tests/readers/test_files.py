"""Odd folders: links in circles, names that are no text, kustomizations without an ending."""

import io
import os
from pathlib import Path

import pytest

from casemate.model.errors import UsageError
from casemate.readers import files
from casemate.readers.files import is_manifest, on_disk
from casemate.readers.targets import expand, list_files


def listed(target: Path | str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [file.inside for file in list_files(str(target), exclude).files]


def test_a_link_in_a_circle_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    os.symlink("self", tmp_path / "self")
    os.symlink("there.yaml", tmp_path / "here.yaml")
    os.symlink("here.yaml", tmp_path / "there.yaml")
    listing = list_files(str(tmp_path))
    assert [file.inside for file in listing.files] == ["a.yaml"]
    assert not listing.skipped
    assert [(Path(item.file).name, item.error) for item in listing.unreadable] == [
        ("here.yaml", "too many levels of symbolic links"),
        ("there.yaml", "too many levels of symbolic links"),
    ]


def test_a_link_to_a_file_is_read_and_one_to_a_folder_is_not(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.yaml").write_text("")
    os.symlink("below/a.yaml", tmp_path / "link.yaml")
    os.symlink("below", tmp_path / "folder.yaml")
    listing = list_files(str(tmp_path))
    assert [file.inside for file in listing.files] == ["link.yaml", "below/a.yaml"]
    assert [item.reason for item in listing.skipped] == ["a link to a folder, which is not followed"]


def test_a_target_that_is_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.yaml").write_text("")
    os.symlink("below", tmp_path / "link")
    assert listed(tmp_path / "link") == ["a.yaml"]
    os.symlink("nowhere", tmp_path / "dangling")
    assert list(expand((str(tmp_path / "dangling"),)))
    assert [item.error for item in list_files(str(tmp_path / "dangling")).unreadable] == [
        "no such file or directory"
    ]


def test_the_order_is_that_of_the_names_folders_after_files(tmp_path: Path) -> None:
    for name in ("b/z.yaml", "b/a/x.yaml", "b/c.json", "a/y.yml", "z.yaml", "Z.yaml", "é.yaml"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    wanted = ["Z.yaml", "z.yaml", "é.yaml", "a/y.yml", "b/c.json", "b/z.yaml", "b/a/x.yaml"]
    assert listed(tmp_path) == wanted
    assert listed(f"{tmp_path}/") == wanted


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("a.yaml", True),
        ("a.yml", True),
        ("a.json", True),
        (".yaml", True),
        (".hidden.yaml", True),
        ("Kustomization", True),
        ("a/Kustomization", True),
        ("kustomization", False),
        ("OldKustomization", False),
        ("a.YAML", False),
        ("a.yaml.bak", False),
        ("yaml", False),
        ("a.jsonl", False),
    ],
)
def test_which_files_are_read(name: str, read: bool, tmp_path: Path) -> None:
    assert is_manifest(name) is read
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("a: 1\n")
    assert listed(tmp_path) == ([name] if read else [])
    assert listed(tmp_path / name) == [Path(name).name], "what is named itself is read whatever its name"


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ((), ["a.yaml", "b/c.yaml", "b/d/e.yaml"]),
        (("a.yaml",), ["b/c.yaml", "b/d/e.yaml"]),
        (("b",), ["a.yaml"]),
        (("b/*",), ["a.yaml"]),
        (("b/d",), ["a.yaml", "b/c.yaml"]),
        (("*/c.yaml",), ["a.yaml", "b/d/e.yaml"]),
        (("*.yaml",), []),
        (("c.yaml",), ["a.yaml", "b/c.yaml", "b/d/e.yaml"]),
        (("[ab].yaml", "b/d/*"), ["b/c.yaml"]),
    ],
)
def test_what_is_excluded(exclude: tuple[str, ...], left: list[str], tmp_path: Path) -> None:
    (tmp_path / "b" / "d").mkdir(parents=True)
    for name in ("a.yaml", "b/c.yaml", "b/d/e.yaml"):
        (tmp_path / name).write_text("")
    listing = list_files(str(tmp_path), exclude)
    assert [file.inside for file in listing.files] == left
    assert bool(listing.skipped) == (len(left) < 3)
    assert {item.reason for item in listing.skipped} <= {"excluded by the settings"}


@pytest.mark.parametrize("target", ["", "none", "none*.yaml", "none[", "*.txt"])
def test_a_target_that_is_not_there(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("")
    with pytest.raises(
        UsageError, match=r"(no such file or folder; |empty: )name a path, a glob in quotes, or -"
    ):
        list(expand(("a.yaml", target)))


def test_globs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    for name in ("a.yaml", "c.yaml", "b/d.yaml", "[x].yaml"):
        (tmp_path / name).write_text("")
    assert list(expand(("?.yaml",))) == ["a.yaml", "c.yaml"]
    assert list(expand(("**/*.yaml",))) == ["[x].yaml", "a.yaml", "b/d.yaml", "c.yaml"]
    assert list(expand(("[x].yaml", "-"))) == ["[x].yaml", "-"], "a name that is there is no glob"


@pytest.mark.parametrize(("kind", "word"), [("/dev/null", "a device"), ("/dev/full", "a device")])
def test_targets_that_are_no_files(kind: str, word: str) -> None:
    with pytest.raises(UsageError, match=f"{kind} is {word}; only files, folders and archives are read"):
        list_files(kind)


class Input:
    """Standard input that holds a text."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("size", [0, 9, 10, 11, 25])
def test_standard_input_long_or_short(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "STREAMED", 10)
    data = bytes(range(size))
    monkeypatch.setattr("sys.stdin", Input(data))
    (file,) = list_files("-").files
    assert (file.name, file.inside, file.size, file.load()) == ("-", "-", size, data)
    assert (file.path is not None) == (size >= 10), "what is long can be opened again"
    if file.path is not None:
        assert Path(file.path).read_bytes() == data
        assert file.load() == data


def test_a_file_of_the_largest_size_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 5)
    (tmp_path / "a.yaml").write_text("a: 12")
    assert on_disk(str(tmp_path / "a.yaml"), "a.yaml", 5).load() == b"a: 12"
