"""Files of flows, line by line: what is held grows with who calls whom, not with the records.

The format is told by the first line: JSON of Hubble, JSON of Calico, or a table with a line of names.
"""

import contextlib
import sys
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedReader
from typing import IO, Any, cast

import msgspec

from casemate.model.errors import UsageError
from casemate.model.estate import Unreadable
from casemate.model.flows import BrokenFlow, Conversation, Flow, FlowLog, FlowsSeen
from casemate.readers.files import STDIN, reason
from casemate.readers.flows import calico, hubble
from casemate.readers.flows.table import Table

LONGEST_LINE = 4 << 20
"""Bytes of one line; a longer one is passed over as broken."""
MOST = 1_000_000
"""Distinct conversations that are held; further ones are counted only."""
SHOWN = 20
"""Broken lines that are named; the others are counted."""
_GZIP = b"\x1f\x8b"
_decode = msgspec.json.Decoder().decode


class PassedOverError(Exception):
    """A record that tells of no call, for a reason that is counted."""


def read_flows(paths: Iterable[str], *, most: int = MOST) -> FlowLog:
    """What the files hold together; `-` is standard input, `.gz` or not.

    Lines that cannot be read are counted, the first of them named, and passed over. Raises `UsageError` for
    a file that is not there, or whose first line is of no known format.
    """
    tally = _Tally(most)
    names = tuple(dict.fromkeys(paths))
    for path in names:
        try:
            with _opened(path) as stream:
                _read(path, stream, tally)
        except FileNotFoundError as error:
            raise UsageError(f"{path}: no such file of flows") from error
        except (OSError, EOFError, zlib.error) as error:
            text = reason(error) if isinstance(error, OSError) else str(error)
            tally.breaks(path, 1, f"the rest of the file could not be read: {text}")
    return FlowLog(
        files=names,
        records=tally.records,
        conversations=tally.conversations,
        passed_over=tally.passed_over,
        broken_lines=tally.broken_lines,
        broken=tuple(tally.broken),
    )


def unread(log: FlowLog) -> Iterator[Unreadable]:
    """The lines that could not be read: the first ones, and how many more there are."""
    yield from (Unreadable(item.file, item.line, 1, item.error) for item in log.broken)
    more = log.broken_lines - len(log.broken)
    if more:
        last = log.broken[-1]
        yield Unreadable(last.file, last.line, 1, f"{more:,} more lines of flows could not be read")


class _Tally:
    """What is counted while reading."""

    def __init__(self, most: int) -> None:
        self.records = 0
        self.conversations: dict[Conversation, FlowsSeen] = {}
        self.passed_over: dict[str, int] = {}
        self.broken_lines = 0
        self.broken: list[BrokenFlow] = []
        self._most = most

    def breaks(self, file: str, line: int, error: str) -> None:
        self.broken_lines += 1
        if len(self.broken) < SHOWN:
            self.broken.append(BrokenFlow(file, line, error))

    def add(self, file: str, line: int, found: Flow | str) -> None:
        """Count a record: a flow, or the reason why it tells of no call."""
        self.records += 1
        if isinstance(found, str):
            self.passed_over[found] = self.passed_over.get(found, 0) + 1
            return
        seen = self.conversations.get(found.conversation)
        if seen is None:
            if len(self.conversations) >= self._most:
                self.breaks(
                    file, line, f"more than {self._most:,} different conversations: the rest is not held"
                )
                return
            seen = self.conversations[found.conversation] = FlowsSeen(file, line)
        seen.add(found)


@contextlib.contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    with contextlib.ExitStack() as stack:
        raw = cast(
            "BufferedReader", sys.stdin.buffer if path == STDIN else stack.enter_context(open(path, "rb"))
        )
        if raw.peek(2)[:2] != _GZIP:
            yield raw
            return
        import gzip  # noqa: PLC0415 # start-up: many files are plain

        yield cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=raw)))


def _lines(path: str, stream: IO[bytes], tally: _Tally) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something; one that is too long is counted as broken."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while not line.endswith(b"\n") and (line := stream.readline(LONGEST_LINE)):
                pass
            tally.breaks(path, number, f"longer than {LONGEST_LINE:,} bytes")
        elif text := line.strip():
            yield number, text


def _read(path: str, stream: IO[bytes], tally: _Tally) -> None:
    table: Table | None = None
    for number, line in _lines(path, stream, tally):
        text = line.removeprefix(b"\xef\xbb\xbf")
        if table is not None:
            _count(path, number, tally, lambda row=text: table.flows(row))  # noqa: B023 # called at once
        elif text[:1] in {b"{", b"["}:
            _count(path, number, tally, lambda row=text: _of_json(row))
        elif not tally.conversations and b"," in text:
            table = Table.of(path, text)
        else:
            tally.breaks(
                path, number, "neither JSON of a flow nor a table whose first line names its columns"
            )


def _count(path: str, number: int, tally: _Tally, read: Any) -> None:
    try:
        found = list(read())
    except (msgspec.MsgspecError, ValueError, UnicodeDecodeError, RecursionError) as error:
        tally.breaks(path, number, str(error) or "it could not be read")
        return
    for item in found:
        tally.add(path, number, item)


def _of_json(text: bytes) -> Iterator[Flow | str]:
    """The flows of a line; a list, or a page of Calico's API, holds several."""
    value = _decode(text)
    items = value.get("items") if isinstance(value, dict) and isinstance(value.get("items"), list) else value
    for item in items if isinstance(items, list) else (items,):
        if not isinstance(item, dict):
            raise ValueError("a flow must be a map")  # noqa: TRY004 # wrong input, like the others
        if hubble.is_flow(item):
            yield hubble.flow(item)
        elif calico.is_flow(item):
            yield calico.flow(item)
        elif hubble.is_other(item):
            yield "events of Hubble that are no flows"
        else:
            raise ValueError(
                "no flow of Hubble or Calico: it has no verdict, and no source_name and dest_port"
            )
