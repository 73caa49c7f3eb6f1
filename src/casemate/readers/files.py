"""Files to read: on disk, in folders, and from standard input."""

import os
import re
import stat
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from typing import BinaryIO

import msgspec

from casemate.model.errors import ReadError
from casemate.model.estate import Skipped, Unreadable

ENDINGS = (".yaml", ".yml", ".json")
ARCHIVES = (".tar", ".tar.gz", ".tgz", ".zip")
STDIN = "-"
STREAMED = 8 * 1024 * 1024
"""A JSON file of this size or more is read item by item."""
LARGEST = 256 * 1024 * 1024
"""Bytes of one file held in memory; a longer one is read only if it can be streamed."""
KUBELET_TEXT = re.compile(
    r"(?:^|/)(?:kubelet\.service(?:\.d/[^/]+\.conf)?|10-kubeadm\.conf|kubeadm-flags\.env|"
    r"(?:default|sysconfig)/kubelet)\Z"
)
"""systemd's unit of the kubelet, its drop-ins, and the files with its arguments."""
_KUBELET_DROP_IN = re.compile(r"(?:^|/)kubelet[^/]*(?:/[^/]+)?\.d/[^/]+\.conf\Z")
"""Drop-ins of the kubelet's configuration, which are YAML or JSON."""
_LONE_FOLDERS = frozenset(("node_modules", "__pycache__"))
_SPOOLS: list[BinaryIO] = []


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


def walk(top: str, exclude: tuple[str, ...], listing: Listing) -> None:
    """Add what a folder holds, in name order; links to folders are not followed, so no loop can hold us."""
    todo = [(top, "")]
    while todo:
        folder, inside = todo.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            listing.unreadable.append(Unreadable(folder, 1, 1, reason(error)))
            continue
        below = []
        for entry in entries:
            here = f"{inside}{entry.name}"
            if any(fnmatch(here, pattern) for pattern in exclude):
                listing.skipped.append(Skipped(entry.path, 1, "excluded by the settings"))
            elif entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in _LONE_FOLDERS:
                    below.append((entry.path, f"{here}/"))
            elif _leads_to_folder(entry):
                listing.skipped.append(Skipped(entry.path, 1, "a link to a folder, which is not followed"))
            elif is_manifest(entry.path):
                _entry(entry, here, listing)
            elif entry.name.endswith(ARCHIVES):
                listing.skipped.append(
                    Skipped(entry.path, 1, "an archive inside a folder: name it to read it")
                )
        todo.extend(reversed(below))


def is_manifest(path: str) -> bool:
    """Whether a file is read: by its ending, as a kustomization, or as one that starts a kubelet."""
    if path.endswith(ENDINGS) or path.rpartition("/")[2] == "Kustomization":
        return True
    return "kube" in path and bool(KUBELET_TEXT.search(path) or _KUBELET_DROP_IN.search(path))


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link that leads nowhere: if it were a manifest, reading it says so


def _entry(entry: os.DirEntry[str], inside: str, listing: Listing) -> None:
    try:
        status = entry.stat()
    except OSError as error:
        listing.unreadable.append(Unreadable(entry.path, 1, 1, reason(error)))
        return
    if stat.S_ISREG(status.st_mode):
        listing.files.append(on_disk(entry.path, inside, status.st_size))
    else:
        listing.skipped.append(Skipped(entry.path, 1, f"{what(status.st_mode)}, not a file"))


def on_disk(path: str, inside: str, size: int) -> File:
    """A regular file as it is read later."""
    return File(path, inside, size, lambda: _load(path), path)


def _load(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ReadError(reason(error)) from error
    return _bounded(data)


def standard_input() -> File:
    """Standard input; what is long is put into a nameless temporary file, so that it can be streamed."""
    source = sys.stdin.buffer
    first = source.read(STREAMED)
    if len(first) < STREAMED:
        return File(STDIN, STDIN, len(first), lambda: first)
    import shutil  # noqa: PLC0415 # start-up: only for long input
    import tempfile  # noqa: PLC0415

    spool = tempfile.TemporaryFile()  # noqa: SIM115 # it lives as long as the run: lines are looked up in it
    _SPOOLS.append(spool)
    spool.write(first)
    shutil.copyfileobj(source, spool)
    spool.flush()
    path = f"/dev/fd/{spool.fileno()}"
    return File(STDIN, STDIN, spool.tell(), lambda: _load(path), path)


def _bounded(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise ReadError(f"larger than {LARGEST // 1024 // 1024} MB: split it, or give it as JSON in a file")
    return data


def reason(error: OSError) -> str:
    """Why the operating system said no, in words."""
    return (error.strerror or str(error)).lower()


def what(mode: int) -> str:
    """What something is that is no file, in words."""
    kinds = (
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((word for test, word in kinds if test(mode)), "a folder" if stat.S_ISDIR(mode) else "no file")
