"""JSON Lines, one at a time: each is the value asked for, or the reason why it is none."""

import sys
from collections.abc import Iterator
from typing import IO, TypeVar

import msgspec

from casemate.model.errors import UsageError

STDIN = "-"
_LONGEST = 4 << 20
"""Bytes of a line; a longer one is answered with an error and passed over."""

T = TypeVar("T")


def json_lines(path: str, kind: type[T]) -> Iterator[T | str]:
    """The lines of a file (`-`: standard input) as values of `kind`; a text says what is wrong with a line.

    Keys that `kind` does not name are passed over. Raises `UsageError` where the file cannot be opened.
    """
    decode = msgspec.json.Decoder(kind).decode
    for line in _lines(path):
        if line is None:
            yield f"a line of more than {_LONGEST >> 20} MiB"
            continue
        try:
            yield decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            yield _why(line, error)


def _lines(path: str) -> Iterator[bytes | None]:
    """The lines; None for one that is too long."""
    if path == STDIN:
        yield from _bounded(sys.stdin.buffer)
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 # closed by the with below; opening has an error of its own
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error
    with file:
        yield from _bounded(file)


def _bounded(file: IO[bytes]) -> Iterator[bytes | None]:
    while line := file.readline(_LONGEST):
        if len(line) < _LONGEST or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(_LONGEST)
        yield None


def _why(line: bytes, error: Exception) -> str:
    if not line.strip():
        return "an empty line: one request per line"
    if isinstance(error, msgspec.ValidationError):
        return str(error)
    return f"not JSON: {error}"
