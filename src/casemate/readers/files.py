"""Which files a target holds: folders, single files, globs, archives and standard input."""

import glob
import os
import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from fnmatch import fnmatch

import msgspec

from casemate.model.errors import ReadError, UsageError
from casemate.model.estate import Skipped, Unreadable

ENDINGS = (".yaml", ".yml", ".json")
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".zip")
STDIN = "-"
LARGEST = 256 * 1024 * 1024
"""Bytes of one file held in memory; a longer one is read only if it can be streamed."""
LARGEST_ARCHIVE = 1024 * 1024 * 1024
MOST_MEMBERS = 100_000
_LONE_FOLDERS = frozenset(("node_modules", "__pycache__"))


class File(msgspec.Struct, eq=False):
    """A file to read: `name` as shown, `inside` its path in the target, with slashes.

    `path` is where it stands on disk, None for a member of an archive or standard input.
    """

    name: str
    inside: str
    size: int
    load: Callable[[], bytes]
    path: str | None = None


class Listing(msgspec.Struct, eq=False):
    """The files of one target in a stable order, and what was passed over and why."""

    target: str
    files: list[File] = []
    skipped: list[Skipped] = []
    unreadable: list[Unreadable] = []
    is_archive: bool = False


def expand(targets: tuple[str, ...]) -> Iterator[str]:
    """The targets with globs replaced by what they match.

    Raises `UsageError` for a target that is not there.
    """
    for target in targets:
        if target == STDIN or os.path.lexists(target):
            yield target
            continue
        found = sorted(glob.glob(target, recursive=True)) if any(sign in target for sign in "*?[") else []
        if not found:
            message = f"{target}: no such file or folder; name a path, a glob in quotes, or - for standard input"
            raise UsageError(message)
        yield from found


def list_files(target: str, exclude: tuple[str, ...] = ()) -> Listing:
    """Everything to read in one target; `exclude` holds glob patterns of paths inside it."""
    listing = Listing(target)
    if target == STDIN:
        listing.files.append(File(STDIN, STDIN, 0, _stdin))
    elif os.path.isdir(target):
        _walk(target, exclude, listing)
    elif target.endswith(ARCHIVES):
        listing.is_archive = True
        _members(target, exclude, listing)
    else:
        _single(target, listing)
    return listing


def _single(target: str, listing: Listing) -> None:
    try:
        status = os.stat(target)
    except OSError as error:
        listing.unreadable.append(Unreadable(target, 1, 1, _reason(error)))
        return
    if not stat.S_ISREG(status.st_mode):
        raise UsageError(f"{target} is {_what(status.st_mode)}; only files, folders and archives are read")
    listing.files.append(_on_disk(target, os.path.basename(target), status.st_size))


def _walk(top: str, exclude: tuple[str, ...], listing: Listing) -> None:
    """Folders are read in name order; links to folders are not followed, so no loop can hold us."""
    todo = [(top, "")]
    while todo:
        folder, inside = todo.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            listing.unreadable.append(Unreadable(folder, 1, 1, _reason(error)))
            continue
        below = []
        for entry in entries:
            here = f"{inside}{entry.name}"
            if any(fnmatch(here, pattern) for pattern in exclude):
                listing.skipped.append(Skipped(entry.path, 1, "excluded by the settings"))
            elif entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in _LONE_FOLDERS:
                    below.append((entry.path, f"{here}/"))
            elif entry.is_dir():
                listing.skipped.append(Skipped(entry.path, 1, "a link to a folder, which is not followed"))
            elif entry.name.endswith(ENDINGS):
                _entry(entry, here, listing)
            elif entry.name.endswith(ARCHIVES):
                listing.skipped.append(Skipped(entry.path, 1, "an archive inside a folder: name it to read it"))
        todo.extend(reversed(below))


def _entry(entry: os.DirEntry[str], inside: str, listing: Listing) -> None:
    try:
        status = entry.stat()
    except OSError as error:
        listing.unreadable.append(Unreadable(entry.path, 1, 1, _reason(error)))
        return
    if stat.S_ISREG(status.st_mode):
        listing.files.append(_on_disk(entry.path, inside, status.st_size))
    else:
        listing.skipped.append(Skipped(entry.path, 1, f"{_what(status.st_mode)}, not a file"))


def _on_disk(path: str, inside: str, size: int) -> File:
    return File(path, inside, size, lambda: _load(path), path)


def _load(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ReadError(_reason(error)) from error
    return _bounded(data)


def _stdin() -> bytes:
    return _bounded(sys.stdin.buffer.read(LARGEST + 1))


def _bounded(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise ReadError(f"larger than {LARGEST // 1024 // 1024} MB: split it, or give it as JSON in a file")
    return data


def _members(target: str, exclude: tuple[str, ...], listing: Listing) -> None:
    """The members of an archive, read into memory within bounds; nothing is written to disk."""
    try:
        members = _zip(target) if target.endswith(".zip") else _tar(target)
        total = 0
        for count, (name, size, what, data) in enumerate(members):
            inside = name.removeprefix("./")
            if count == MOST_MEMBERS:
                raise ReadError(f"more than {MOST_MEMBERS} members")
            if not inside.endswith(ENDINGS) or any(fnmatch(inside, pattern) for pattern in exclude):
                continue
            shown = f"{target}/{inside}"
            if what is not None:
                listing.skipped.append(Skipped(shown, 1, f"{what} in an archive, which is not followed"))
                continue
            total += size
            if size > LARGEST or total > LARGEST_ARCHIVE:
                raise ReadError(f"its content is larger than {LARGEST_ARCHIVE // 1024 // 1024} MB")
            content = data()
            listing.files.append(File(shown, inside, len(content), lambda content=content: content))
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ReadError) as error:
        what = _reason(error) if isinstance(error, OSError) else str(error)
        listing.unreadable.append(Unreadable(target, 1, 1, f"the archive cannot be read to its end: {what}"))


Member = tuple[str, int, str | None, Callable[[], bytes]]


def _tar(target: str) -> Iterator[Member]:
    with tarfile.open(target, "r:*") as archive:
        for member in archive:
            if member.isdir():
                continue
            file = archive.extractfile(member) if member.isreg() else None
            what = None if file is not None else "a link or device"
            yield member.name, member.size, what, (lambda file=file: file.read() if file else b"")


def _zip(target: str) -> Iterator[Member]:
    with zipfile.ZipFile(target) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield entry.filename, entry.file_size, None, (lambda entry=entry: archive.read(entry))


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _what(mode: int) -> str:
    kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"))
    return next((word for test, word in kinds if test(mode)), "a folder" if stat.S_ISDIR(mode) else "no file")
