"""A file gets new content all at once, and keeps its mode and, where that is allowed, its owner."""

import contextlib
import os
import stat
import tempfile

from casemate.model.errors import ReadError


def replace(path: str, before: bytes, after: bytes) -> None:
    """Write a file that must still hold `before`; nobody ever sees half of it.

    Raises `ReadError` where it was changed meanwhile or may not be written, and `OSError` where
    writing fails; the file is then as it was.
    """
    status = os.stat(path)
    if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise ReadError("the file is read-only")
    descriptor, scratch = tempfile.mkstemp(prefix=".casemate-", dir=os.path.dirname(path))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(PermissionError):
            os.chown(scratch, status.st_uid, status.st_gid)
        os.chmod(scratch, stat.S_IMODE(status.st_mode))
        with open(path, "rb") as file:
            if file.read() != before:
                raise ReadError("the file was changed after it was judged")
        os.replace(scratch, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(scratch)
        raise
