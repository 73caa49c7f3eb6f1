"""Manifests inside archives, read in place."""

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import partial

from casemate.model.errors import ReadError
from casemate.model.estate import Skipped, Unreadable
from casemate.readers.files import LARGEST, File, Listing, is_manifest, reason

LARGEST_ARCHIVE = 1024 * 1024 * 1024
"""Bytes of all members together, so that a small archive cannot unfold without end."""
MOST_MEMBERS = 100_000
Member = tuple[str, int, str | None, Callable[[], bytes]]
"""Name, size, what it is where it is no file, and how to read it."""


def list_members(target: str, exclude: tuple[str, ...], listing: Listing) -> None:
    """Add the members of an archive, read into memory within bounds; nothing is written to disk."""
    listing.is_archive = True
    try:
        members = _zip(target) if target.endswith(".zip") else _tar(target)
        total = 0
        for count, (name, size, what, data) in enumerate(members):
            inside = name.removeprefix("./")
            if count == MOST_MEMBERS:
                raise ReadError(f"more than {MOST_MEMBERS} members")
            total += size
            if total > LARGEST_ARCHIVE:
                raise ReadError(f"its content is larger than {LARGEST_ARCHIVE // 1024 // 1024} MB")
            if not is_manifest(inside) or any(fnmatch(inside, pattern) for pattern in exclude):
                continue
            shown = f"{target}/{inside}"
            if what is not None:
                listing.skipped.append(Skipped(shown, 1, f"{what} in an archive, which is not followed"))
                continue
            if size > LARGEST:
                raise ReadError(f"{inside} is larger than {LARGEST // 1024 // 1024} MB")
            content = data()
            listing.files.append(File(shown, inside, len(content), partial(bytes, content)))
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        RuntimeError,
        ReadError,
    ) as error:
        what = reason(error) if isinstance(error, OSError) else str(error).partition(":\n")[0]
        listing.unreadable.append(Unreadable(target, 1, 1, f"the archive cannot be read to its end: {what}"))


def _tar(target: str) -> Iterator[Member]:
    """The members of a tar file; Python's reader takes a broken header for the end, which we do not."""
    with tarfile.open(target, "r:*") as archive:
        for member in archive:
            if member.isdir():
                continue
            file = archive.extractfile(member) if member.isreg() else None
            what = None if file is not None else "a link or device"
            yield member.name, member.size, what, file.read if file is not None else bytes
        archive.fileobj.seek(archive.offset)
        if archive.fileobj.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise ReadError("it is broken or ends before the mark of its end")


def _zip(target: str) -> Iterator[Member]:
    with zipfile.ZipFile(target) as archive:
        for entry in archive.infolist():
            if not entry.is_dir():
                yield entry.filename, entry.file_size, None, partial(archive.read, entry)
