"""Users and groups of a directory's export as LDIF.

Taken are content records. Records of changes, and values that stand at an address, are refused: the first
are no state, and the second would open files or connections that a stranger names.

Source: RFC 2849; what `ldapsearch` adds at the end of its output is known too.
"""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from casemate.model.errors import ReadError
from casemate.model.identities import SourceSetting
from casemate.readers.identities import directory
from casemate.readers.identities.messages import Entry
from casemate.readers.identities.sources import Outcome, content, source_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(;[A-Za-z0-9-]+)*", re.ASCII)
_END = frozenset(("search", "ref"))
"""What the closing records of `ldapsearch` begin with."""


class Record(msgspec.Struct, frozen=True):
    """The lines of one record: number of the line, name without options, and value."""

    fields: tuple[tuple[int, str, bytes], ...]

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.fields[0][0]


def read(setting: SourceSetting, now: dt.datetime) -> Outcome:
    """What an export holds. Raises `ReadError` with the line of what is no LDIF."""
    entries, gaps = parse(content(setting.path))
    reading = directory.Reading(
        now,
        setting.user_attribute or "uid",
        setting.group_attribute or "cn",
        setting.user_prefix,
        setting.group_prefix,
    )
    users = tuple(directory.users(filter(directory.is_user, entries), reading))
    groups = tuple(directory.groups(filter(directory.is_group, entries), reading))
    return Outcome(source_of(setting, setting.path, users, groups), gaps)


def parse(data: bytes) -> tuple[list[Entry], tuple[str, ...]]:
    """The entries of an export, and why it is not whole. Raises `ReadError` with the line."""
    entries: list[Entry] = []
    gaps: list[str] = []
    for record in _records(data):
        line, first, value = record.fields[0]
        if first in _END:
            gaps += _closing(record)
        elif first != "dn":
            raise ReadError(f"a record begins with dn:, this one with {first}:", line)
        else:
            entries.append(_entry(record, value))
    return entries, tuple(gaps)


def _entry(record: Record, dn: bytes) -> Entry:
    attributes: dict[str, list[bytes]] = {}
    for line, name, value in record.fields[1:]:
        if name in {"changetype", "control"}:
            raise ReadError("a record of changes: an export of the entries themselves is needed", line)
        if name == "dn":
            raise ReadError("a second dn: in one record: a blank line is missing before it", line)
        attributes.setdefault(name, []).append(value)
    try:
        return Entry(dn.decode(), attributes)
    except UnicodeDecodeError as error:
        raise ReadError("the name (DN) is not UTF-8", record.line) from error


def _closing(record: Record) -> Iterator[str]:
    """What the end of an `ldapsearch` says about the whole answer."""
    for _, name, value in record.fields:
        if name == "result" and not value.startswith(b"0 "):
            yield f"the search that made it did not end well: {value.decode(errors='replace')[:80]}"
        elif name == "ref":
            yield f"a part of the directory is at {value.decode(errors='replace')[:80]}, which is not in it"


def _records(data: bytes) -> Iterator[Record]:
    fields: list[tuple[int, str, bytes]] = []
    started = False
    for line, text in _unfolded(data):
        if not text:
            if fields:
                yield Record(tuple(fields))
            fields = []
            continue
        name, value = _field(text, line)
        if name == "version" and not started:
            if value.strip() != b"1":
                raise ReadError(f"version {value.decode(errors='replace')[:20]} of LDIF is not known", line)
        else:
            fields.append((line, name, value))
        started = True
    if fields:
        yield Record(tuple(fields))


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines with those that go on joined, comments left out."""
    start, held = 0, None
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        line = raw.removesuffix(b"\r")
        if line.startswith(b" "):
            if held is None or not held[0]:
                raise ReadError("a line goes on that has not begun", number)
            held.append(line[1:])
            continue
        if held is not None and not held[0].startswith(b"#"):
            yield start, b"".join(held)
        start, held = number, [line]
    if held is not None and not held[0].startswith(b"#"):
        yield start, b"".join(held)


def _field(text: bytes, line: int) -> tuple[str, bytes]:
    head, colon, rest = text.partition(b":")
    name = head.decode(errors="replace")
    if not colon or _NAME.fullmatch(name) is None:
        raise ReadError("this is no line of LDIF: `name: value` is expected", line)
    name = name.partition(";")[0].lower()
    if rest.startswith(b"<"):
        raise ReadError(f"the value of {name} stands at an address (:<), which is not followed", line)
    if not rest.startswith(b":"):
        return name, rest.lstrip(b" ")
    try:
        return name, base64.b64decode(rest[1:].strip(b" "), validate=True)
    except binascii.Error as error:
        raise ReadError(f"the value of {name} is no base64", line) from error
