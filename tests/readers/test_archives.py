"""Archives are read in place, within bounds, and a broken one never hides what it held."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from casemate.readers import archives
from casemate.readers.files import Listing
from casemate.readers.targets import list_files

CONTENT = {f"in/{n}.yaml": b"apiVersion: v1\nkind: ConfigMap\ndata: {a: %d}\n" % n for n in range(4)}


def tar(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def packed(method: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in CONTENT.items():
            archive.writestr(name, content)
    return data.getvalue()


MAKERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "tar": ("a.tar", lambda: tar(CONTENT)),
    "tar.gz": ("a.tar.gz", lambda: gzip.compress(tar(CONTENT))),
    "tgz": ("a.tgz", lambda: gzip.compress(tar(CONTENT))),
    "xz that calls itself tar": ("a.tar", lambda: lzma.compress(tar(CONTENT))),
    "bz2 that calls itself tgz": ("a.tgz", lambda: bz2.compress(tar(CONTENT))),
    "zip stored": ("a.zip", lambda: packed(zipfile.ZIP_STORED)),
    "zip deflated": ("a.zip", lambda: packed(zipfile.ZIP_DEFLATED)),
    "zip bzip2": ("a.zip", lambda: packed(zipfile.ZIP_BZIP2)),
    "zip lzma": ("a.zip", lambda: packed(zipfile.ZIP_LZMA)),
}


def listed(folder: Path, name: str, data: bytes, exclude: tuple[str, ...] = ()) -> Listing:
    (folder / name).write_bytes(data)
    return list_files(str(folder / name), exclude)


@pytest.mark.parametrize("form", MAKERS)
def test_members_with_their_content(form: str, tmp_path: Path) -> None:
    name, make = MAKERS[form]
    listing = listed(tmp_path, name, make())
    assert {file.inside: file.load() for file in listing.files} == CONTENT
    assert [file.name for file in listing.files] == [f"{tmp_path / name}/{inside}" for inside in CONTENT]
    assert [file.size for file in listing.files] == [len(content) for content in CONTENT.values()]
    assert {file.path for file in listing.files} == {None}
    assert listing.is_archive
    assert not listing.unreadable


@pytest.mark.parametrize("form", MAKERS)
def test_an_archive_that_is_cut_says_so_and_keeps_what_came_before(form: str, tmp_path: Path) -> None:
    name, make = MAKERS[form]
    whole = make()
    for part in range(1, 8):
        listing = listed(tmp_path, name, whole[: len(whole) * part // 8])
        content = {file.inside: file.load() for file in listing.files}
        assert content.items() <= CONTENT.items()
        assert content == CONTENT or listing.unreadable
        assert all("cannot be read to its end: " in item.error for item in listing.unreadable)


@pytest.mark.parametrize("form", MAKERS)
def test_a_spoiled_archive_raises_nothing(form: str, tmp_path: Path) -> None:
    name, make = MAKERS[form]
    whole = make()
    chance = random.Random(form)
    told = 0
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 9))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        listing = listed(tmp_path, name, bytes(data))
        told += bool(listing.unreadable)
        assert listing.is_archive
    assert told, "some of it must have been noticed"


@pytest.mark.parametrize("size", [1024, 1280, 2048, 4096])
def test_a_tar_that_is_cut_between_members_says_so(size: int, tmp_path: Path) -> None:
    (item,) = listed(tmp_path, "a.tar", tar(CONTENT)[:size]).unreadable
    assert item.error.endswith("it is broken or ends before the mark of its end")


@pytest.mark.parametrize("compress", [bytes, gzip.compress, lzma.compress], ids=["plain", "gzip", "xz"])
def test_a_broken_header_does_not_pass_for_the_end(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    data = bytearray(tar(CONTENT))
    assert not listed(tmp_path, "a.tar", compress(bytes(data[: 4 * 1024 + 512]))).unreadable
    data[2048 + 5] ^= 255
    listing = listed(tmp_path, "a.tar", compress(bytes(data)))
    assert len(listing.files) == 2
    assert len(listing.unreadable) == 1


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    data = bytearray(packed(zipfile.ZIP_STORED))
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + flags] |= 1
    (item,) = listed(tmp_path, "a.zip", bytes(data)).unreadable
    assert "is encrypted" in item.error


def test_names_that_try_to_leave_stay_names(tmp_path: Path) -> None:
    names = ("../../up.yaml", "/etc/abs.yaml", "./here.yaml", "a/../b.yaml")
    inner = tmp_path / "inner"
    inner.mkdir()
    listing = listed(inner, "a.tar", tar(dict.fromkeys(names, b"a: 1\n")))
    assert [file.inside for file in listing.files] == [
        "../../up.yaml",
        "/etc/abs.yaml",
        "here.yaml",
        "a/../b.yaml",
    ]
    assert [path.name for path in tmp_path.rglob("*")] == ["inner", "a.tar"], "nothing is written to disk"


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE):
            entry = tarfile.TarInfo(f"{kind.decode()}.yaml")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    listing = listed(tmp_path, "a.tar", data.getvalue())
    assert not listing.files
    assert [item.reason for item in listing.skipped] == [
        "a link or device in an archive, which is not followed"
    ] * 5


def test_what_is_excluded_and_what_is_no_manifest(tmp_path: Path) -> None:
    members = {**CONTENT, "in/notes.txt": b"", "k/Kustomization": b"", "x.yaml": b""}
    listing = listed(tmp_path, "a.tar", tar(members), ("in/[12].yaml", "x*"))
    assert [file.inside for file in listing.files] == ["in/0.yaml", "in/3.yaml", "k/Kustomization"]


@pytest.mark.parametrize(
    ("limit", "value", "told", "kept"),
    [
        ("MOST_MEMBERS", 2, "more than 2 members", 2),
        ("LARGEST", 43, "in/0.yaml is larger than 0 MB", 0),
        ("LARGEST_ARCHIVE", 130, "its content is larger than 0 MB", 2),
    ],
)
@pytest.mark.parametrize("form", ["tar.gz", "zip deflated"])
def test_bounds(
    limit: str, value: int, told: str, kept: int, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, make = MAKERS[form]
    monkeypatch.setattr(archives, limit, value)
    listing = listed(tmp_path, name, make())
    assert [item.error for item in listing.unreadable] == [f"the archive cannot be read to its end: {told}"]
    assert len(listing.files) == kept


def test_a_member_without_a_manifest_counts_towards_the_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 1000)
    listing = listed(tmp_path, "a.tgz", gzip.compress(tar({"bomb.bin": bytes(10_000_000), **CONTENT})))
    assert "its content is larger" in listing.unreadable[0].error
    assert not listing.files


def test_an_archive_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    (item,) = list_files(str(tmp_path / "none.zip")).unreadable
    assert item.error == "the archive cannot be read to its end: no such file or directory"


def test_what_is_no_archive_is_told_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.tar").touch()
    (item,) = list_files(str(tmp_path / "a.tar")).unreadable
    assert item.error == "the archive cannot be read to its end: file could not be opened successfully"
