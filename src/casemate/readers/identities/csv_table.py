"""Users of a table: the export that every directory and identity provider can make.

The first line names the columns. Source: RFC 4180, with `;` and tabs too, as spreadsheets write them.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterator

from casemate.model.errors import ReadError
from casemate.model.identities import Account, SourceSetting
from casemate.model.rbac import GROUP, USER
from casemate.readers.identities.sources import Outcome, content, source_of, text

_NAMES = ("username", "user name", "user", "login", "userprincipalname", "name")
_KINDS = ("kind", "type")
_STATES = ("state", "status", "active", "enabled", "accountenabled", "account enabled")
_OFF = ("disabled", "suspended", "blocked")
_YES = frozenset("active enabled true yes 1".split())
_NO = frozenset("inactive disabled suspended deprovisioned locked blocked deactivated false no 0".split())
_SIGNS = (",", ";", "\t")


class _Columns:
    """Which column means what."""

    def __init__(self, header: list[str], wanted: str) -> None:
        names = [name.strip().casefold() for name in header]
        twice = next((name for name in names if name and names.count(name) > 1), None)
        if twice is not None:
            raise ReadError(f"the column {twice} is there twice")
        self.size = len(names)
        self._places = {name: place for place, name in enumerate(names)}
        self.name = self._find((wanted.casefold(),) if wanted else _NAMES)
        if self.name is None:
            known = f"user-attribute names {wanted}" if wanted else f"one of {', '.join(_NAMES)} is needed"
            raise ReadError(f"no column holds the names: {known}, and the first line has {', '.join(header)}")
        self.kind = self._find(_KINDS)
        self.state = self._find(_STATES)
        self.off = self._find(_OFF)

    def _find(self, names: tuple[str, ...]) -> int | None:
        return next((self._places[name] for name in names if name in self._places), None)


def read(setting: SourceSetting, now: dt.datetime) -> Outcome:  # noqa: ARG001 # as all readers
    """What a table holds. Raises `ReadError` with the line of what cannot be followed."""
    data = text(content(setting.path))
    first = data.partition("\n")[0]
    sign = max(_SIGNS, key=first.count)
    rows = csv.reader(io.StringIO(data, newline=""), delimiter=sign, strict=True)
    users: list[Account] = []
    groups: list[Account] = []
    knows = {USER}
    try:
        header = next(rows, None)
        if not header:
            raise ReadError("an empty table: its first line names the columns")
        columns = _Columns(header, setting.user_attribute)
        if columns.kind is not None:
            knows.add(GROUP)
        for row in rows:
            for kind, account in _account(row, columns, rows.line_num):
                prefix = setting.user_prefix if kind == USER else setting.group_prefix
                found = Account(prefix + account.name, account.where, account.disabled)
                (users if kind == USER else groups).append(found)
    except csv.Error as error:
        raise ReadError(f"this is no table: {error}", rows.line_num) from error
    return Outcome(source_of(setting, setting.path, tuple(users), tuple(groups), frozenset(knows)))


def _account(row: list[str], columns: _Columns, line: int) -> Iterator[tuple[str, Account]]:
    if not any(cell.strip() for cell in row):
        return
    if len(row) != columns.size:
        raise ReadError(f"{len(row)} cells where the first line has {columns.size}", line)
    assert columns.name is not None  # noqa: S101 # refused before
    name = row[columns.name].strip()
    if not name:
        raise ReadError("a line without a name", line)
    kind = USER
    if columns.kind is not None:
        word = row[columns.kind].strip().casefold()
        if word not in {"user", "group"}:
            raise ReadError(f"{row[columns.kind]!r} is neither user nor group", line)
        kind = GROUP if word == "group" else USER
    off = _is_off(row, columns, line)
    yield kind, Account(name, f"line {line}", "marked as not active" if off else "")


def _is_off(row: list[str], columns: _Columns, line: int) -> bool:
    off = columns.state is not None and not _truth(row[columns.state], line, empty=True)
    if off or columns.off is None:
        return off
    word = row[columns.off].strip().casefold()
    return word in _OFF or _truth(word, line, empty=False)


def _truth(cell: str, line: int, *, empty: bool) -> bool:
    word = cell.strip().casefold()
    if not word:
        return empty
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ReadError(f"{cell!r} does not say whether the account is active: write active or disabled", line)
