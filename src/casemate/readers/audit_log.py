"""Kubernetes audit logs, as the API server writes them: an event in JSON on each line.

Plain or compressed by gzip, from files or standard input; an `EventList`, a list of events, and events
written over several lines are read too. What is held grows with the distinct requests, not with the events.
"""

import contextlib
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BufferedReader
from typing import IO, cast

import msgspec

from casemate.model.audit import (
    API_VERSION,
    KIND,
    Activity,
    AuditLog,
    BrokenLine,
    Call,
    Caller,
    Outcome,
    Seen,
)
from casemate.model.audit_event import (
    API_GROUP,
    RECEIVED,
    STAGES,
    STARTED,
    AuditEvent,
)
from casemate.model.errors import UsageError
from casemate.model.estate import Ref, Unreadable
from casemate.model.place import Document, Origin
from casemate.readers.audit_calls import (
    also_needed,
    call_of,
    caller_of,
    denied_impersonation,
    impersonation,
    outcome_of,
)
from casemate.readers.files import LARGEST, STDIN, reason

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of one line; a longer one is passed over as broken."""
SHOWN = 20
"""Broken lines that are named; the others are counted."""
_OPEN = 100_000
"""Long-running requests that are remembered between their start and their end."""
_WORD = 40
_GZIP = b"\x1f\x8b"
_SPACE = re.compile(r"\s*")
_LEGACY = re.compile(rb"\S+ AUDIT: id=")
_decode = msgspec.json.Decoder(AuditEvent).decode
_decode_list = msgspec.json.Decoder(tuple[AuditEvent, ...]).decode


def read_audit_logs(paths: Iterable[str], *, longest: int = LONGEST_LINE) -> AuditLog:
    """What the logs hold together; `-` is standard input, `longest` bounds a line.

    Lines that cannot be read are counted, the first of them named, and passed over. Raises `UsageError`
    for a file that is not there.
    """
    tally = _Tally()
    names = tuple(dict.fromkeys(paths))
    for path in names:
        _read(path, tally, longest)
    return AuditLog(
        ref=Ref(API_VERSION, KIND, None, None),
        origin=Origin(Document(names[0] if names else STDIN)),
        activity=tally.activity(),
        files=names,
        events=tally.events,
        passed_over={text: count for text, count in tally.passed_over.items() if count},
        broken_lines=tally.broken_lines,
        broken=tuple(tally.broken),
    )


def unread(log: AuditLog) -> Iterator[Unreadable]:
    """The lines that could not be read: the first ones, and how many more there are."""
    yield from (Unreadable(item.file, item.line, 1, item.error) for item in log.broken)
    more = log.broken_lines - len(log.broken)
    if more:
        last = log.broken[-1]
        yield Unreadable(last.file, last.line, 1, f"{more:,} more lines of audit logs could not be read")


class _Tally:
    """What is counted while reading."""

    def __init__(self) -> None:
        self.requests: dict[Outcome, dict[tuple[str, tuple[str, ...], Call], Seen]] = {
            outcome: {} for outcome in Outcome
        }
        self.open: dict[str, None] = {}
        self.events = 0
        self.passed_over: dict[str, int] = {}
        self.broken_lines = 0
        self.broken: list[BrokenLine] = []

    def activity(self) -> Activity:
        """What was counted, by caller."""
        found = Activity()
        for outcome, requests in self.requests.items():
            for (user, groups, call), seen in requests.items():
                found.add(Caller(user, groups), call, outcome, seen)
        return found

    def breaks(self, file: str, line: int, error: str) -> None:
        """Count a line that cannot be read."""
        self.broken_lines += 1
        if len(self.broken) < SHOWN:
            self.broken.append(BrokenLine(file, line, error))

    def add(self, event: AuditEvent) -> None:
        """Count an event, once for each request."""
        self.events += 1
        stage = event.stage
        if stage == RECEIVED:
            self._pass("requests that only just came in: their end is another event")
            return
        if self.open and self.open.pop(event.audit_id, 0) is None:
            self._pass("ends of long-running requests, counted at their start")
            return
        if stage == STARTED and event.audit_id:
            if len(self.open) == _OPEN:
                del self.open[next(iter(self.open))]
            self.open[event.audit_id] = None
        outcome, why = outcome_of(event)
        if outcome is None:
            self._pass("requests whose caller was not known (401)")
            return
        self._count(event, outcome, why)

    def _count(self, event: AuditEvent, outcome: Outcome, why: str | None) -> None:
        time = _time(event.request_received_timestamp or event.stage_timestamp or event.timestamp or "")
        call = call_of(event)
        user, groups = event.user.username, event.user.groups or ()
        acted = event.impersonated_user
        if acted is not None:
            metadata = event.authentication_metadata
            constraint = metadata.impersonation_constraint if metadata is not None else ""
            for needed in impersonation(acted, constraint, call):
                self._see(user, groups, needed, Outcome.ALLOWED, time, None)
            who = caller_of(acted)
            user, groups = who.user, who.groups
        elif outcome is Outcome.DENIED and why is None:
            call = denied_impersonation(event) or call
        self._see(user, groups, call, outcome, time, why)
        if outcome is Outcome.ALLOWED:
            created = also_needed(event, call)
            if created is not None:
                self._see(user, groups, created, outcome, time, None)

    def _see(
        self, user: str, groups: tuple[str, ...], call: Call, outcome: Outcome, time: str, why: str | None
    ) -> None:
        requests = self.requests[outcome]
        key = (user, groups, call)
        seen = requests.get(key)
        if seen is None:
            seen = requests[key] = Seen()
        seen.add(time, why)

    def _pass(self, text: str) -> None:
        self.passed_over[text] = self.passed_over.get(text, 0) + 1


def _read(path: str, tally: _Tally, longest: int) -> None:
    try:
        with _opened(path) as stream:
            _read_lines(path, stream, tally, longest)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such audit log") from error
    except (OSError, EOFError, zlib.error) as error:
        text = reason(error) if isinstance(error, OSError) else str(error)
        tally.breaks(path, 1, f"the rest of the file could not be read: {text}")


@contextlib.contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    with contextlib.ExitStack() as stack:
        raw = cast(
            "BufferedReader", sys.stdin.buffer if path == STDIN else stack.enter_context(open(path, "rb"))
        )
        if raw.peek(2)[:2] != _GZIP:
            yield raw
            return
        import gzip  # noqa: PLC0415 # start-up: many logs are plain

        yield cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=raw)))


def _read_lines(path: str, stream: IO[bytes], tally: _Tally, longest: int) -> None:
    number = 0
    first = True
    while line := stream.readline(longest + 1):
        number += 1
        if len(line) > longest and not line.endswith(b"\n"):
            while not line.endswith(b"\n") and (line := stream.readline(longest)):
                pass
            tally.breaks(path, number, f"longer than {longest:,} bytes")
            continue
        text = line.strip()
        if not text:
            continue
        if first and text in {b"{", b"[", b"[{"}:
            _read_document(path, line + stream.read(LARGEST + 1), tally)
            return
        first = False
        try:
            events = _decode_list(text) if text.startswith(b"[") else _events(_decode(text))
        except msgspec.MsgspecError as error:
            tally.breaks(path, number, _legacy(text) or str(error))
        else:
            _add(events, path, number, tally)


def _add(events: Iterable[AuditEvent], path: str, line: int, tally: _Tally) -> None:
    for event in events:
        if event.stage in STAGES and event.verb and event.api_version.startswith(API_GROUP):
            tally.add(event)
            continue
        wrong = _wrong(event)
        if wrong is None:
            tally.add(event)
        else:
            tally.breaks(path, line, wrong)


def _events(found: AuditEvent) -> tuple[AuditEvent, ...]:
    return (found,) if found.items is None else found.items


def _wrong(event: AuditEvent) -> str | None:
    """Why something is no event of an audit log; the events of a list need not name their kind."""
    if event.api_version and not event.api_version.startswith(API_GROUP):
        return f"no audit event but {_clipped(event.kind) or 'something'} of {_clipped(event.api_version)}"
    if event.stage not in STAGES:
        return f"unknown stage {_clipped(event.stage)}" if event.stage else "no audit event: it has no stage"
    return None if event.verb else "the event has no verb"


def _clipped(text: str) -> str:
    return text if len(text) <= _WORD else f"{text[:_WORD]}…"


def _legacy(text: bytes) -> str | None:
    """What is wrong with a line of the old format, which is no JSON."""
    if _LEGACY.match(text) is None:
        return None
    return "the legacy format, which lacks what is needed: have it written with --audit-log-format=json"


def _read_document(path: str, data: bytes, tally: _Tally) -> None:
    """Count the events of a file whose JSON goes over several lines."""
    if len(data) > LARGEST:
        tally.breaks(
            path, 1, f"larger than {LARGEST // 1024 // 1024} MB in one document: write an event a line"
        )
        return
    for number, value in _values(path, data, tally):
        for one in value if isinstance(value, list) else (value,):
            try:
                events = _events(msgspec.convert(one, AuditEvent))
            except msgspec.MsgspecError as error:
                tally.breaks(path, number, str(error))
            else:
                _add(events, path, number, tally)


def _values(path: str, data: bytes, tally: _Tally) -> Iterator[tuple[int, object]]:
    """The JSON values that stand one after the other, each with the line where it begins."""
    import json  # noqa: PLC0415 # msgspec reads one value of a text, this one several

    text = data.decode("utf-8", "replace")
    decode = json.JSONDecoder().raw_decode
    at, line = 0, 1
    while True:
        found = _SPACE.match(text, at)
        begin = found.end() if found is not None else at
        line += text.count("\n", at, begin)
        if begin == len(text):
            return
        try:
            value, at = decode(text, begin)
        except (ValueError, RecursionError) as error:
            tally.breaks(path, getattr(error, "lineno", line), f"the rest could not be read: {error}")
            return
        yield line, value
        line += text.count("\n", begin, at)


def _time(text: str) -> str:
    """A time in UTC that sorts as text; empty where it is none."""
    if len(text) == 27 and text[-1] == "Z":
        return text
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{found:%Y-%m-%dT%H:%M:%S.%f}Z"
