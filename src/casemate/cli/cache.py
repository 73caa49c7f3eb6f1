"""Answers of earlier runs over the very same input, kept in the user's cache folder.

An answer is found by a hash over everything it depends on: every byte of every file read, their
names, the settings, the options, and the version of casemate down to its own source files. The
folder may be deleted at any time. Input that is not on disk as such (standard input, archives) is
never answered from here, and no answer is stored that needed another program to render a part.
"""

import hashlib
import os
from collections.abc import Iterable

import casemate
from casemate.readers.files import Listing
from casemate.readers.settings_path import NAME

SMALLEST = 512 * 1024
LARGEST = 64 * 1024 * 1024
"""Bytes of input between which looking an answer up pays."""
_KEPT = 32
_BLOCK = 1024 * 1024


class Answers:
    """The stored answers to one question: this input with these options."""

    def __init__(self, key: str) -> None:
        self.path = os.path.join(_folder(), key)

    def load(self) -> tuple[int, bytes] | None:
        """The exit status and output of an earlier run, None where there is none to trust."""
        try:
            with open(self.path, "rb") as file:
                data = file.read()
        except OSError:
            return None
        digest, status, output = data[:32], data[32:33], data[33:]
        if hashlib.blake2b(status + output, digest_size=32).digest() != digest:
            return None  # cut short or damaged: judged again
        return status[0], output

    def store(self, status: int, output: bytes) -> None:
        """Keep an answer; a folder that cannot be written costs only the next run's time."""
        if len(output) > LARGEST:
            return
        body = bytes((status,)) + output
        folder = os.path.dirname(self.path)
        scratch = f"{self.path}.{os.getpid()}"
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.blake2b(body, digest_size=32).digest() + body)
            os.replace(scratch, self.path)
            _prune(folder)
        except OSError:
            return


def answers(
    listings: Iterable[Listing], options: Iterable[object], settings_file: str | None
) -> Answers | None:
    """Where the answer to a question would be; None where it must be asked anew."""
    hashed = hashlib.blake2b(digest_size=20)
    for part in (casemate.__version__, *_own_source(), *options):
        hashed.update(f"{part}\0".encode())
    files = [file for listing in listings for file in listing.files]
    if not SMALLEST <= sum(file.size for file in files) <= LARGEST or any(f.path is None for f in files):
        return None
    try:
        for listing in listings:
            hashed.update(repr((listing.target, listing.skipped, listing.unreadable)).encode())
        for name, path in [(file.name, file.path) for file in files] + [(NAME, settings_file)]:
            if path is not None:
                _add(hashed, name, path)
    except OSError:
        return None
    return Answers(hashed.hexdigest())


def _add(hashed: "hashlib.blake2b", name: str, path: str) -> None:
    with open(path, "rb") as file:
        hashed.update(f"{name}\0{os.fstat(file.fileno()).st_size}\0".encode(errors="surrogateescape"))
        while block := file.read(_BLOCK):
            hashed.update(block)


def _own_source() -> Iterable[str]:
    """The files of this very program: a changed control makes every answer a new one."""
    for folder, _, names in sorted(os.walk(os.path.dirname(casemate.__file__))):
        for name in sorted(names):
            if name.endswith(".py"):
                status = os.stat(os.path.join(folder, name))
                yield f"{name} {status.st_size} {status.st_mtime_ns}"


def _folder() -> str:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "casemate", "answers")


def _prune(folder: str) -> None:
    """Keep the answers used last; the rest go."""
    entries = sorted(os.scandir(folder), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in entries[_KEPT:]:
        os.unlink(entry.path)
