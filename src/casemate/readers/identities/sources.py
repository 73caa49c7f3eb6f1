"""All sources of the settings, each read by its own reader; one that fails knows nothing and says so."""

import datetime as dt
import importlib
import os
from collections.abc import Iterable

import msgspec

from casemate.model.errors import ReadError
from casemate.model.estate import Unreadable
from casemate.model.identities import KINDS, Account, IdentitySource, SourceSetting
from casemate.model.rbac import GROUP, USER

_READERS = {
    "ldap": "ldap",
    "ldif": "ldif",
    "csv": "csv_table",
    "scim": "scim",
    "certificates": "certificates",
    "aws_auth": "aws_auth",
}
_LARGEST = 256 * 1024 * 1024


class Outcome(msgspec.Struct, frozen=True, eq=False):
    """A source, and why it is not whole; one with gaps is complete in nothing."""

    source: IdentitySource
    gaps: tuple[str, ...] = ()
    line: int = 1


class Read(msgspec.Struct, frozen=True, eq=False):
    """All sources, and what could not be read of them."""

    sources: tuple[IdentitySource, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def read_sources(settings: Iterable[SourceSetting], now: dt.datetime | None = None) -> Read:
    """What the sources of the settings know at that moment.

    Nothing is raised: a source that cannot be read is among `unreadable`, and stays among the sources as
    one that may know anybody.
    """
    moment = now or dt.datetime.now(dt.UTC)
    sources, unreadable = [], []
    for setting in settings:
        name = _name(setting)
        if setting.withheld:
            sources.append(_unread(setting, name, setting.withheld))
            continue
        try:
            outcome = _read(setting, moment)
        except ReadError as error:
            sources.append(_unread(setting, name, "it could not be read"))
            unreadable.append(Unreadable(name, error.line, error.column, str(error)))
            continue
        source = outcome.source
        if outcome.gaps:
            source = msgspec.structs.replace(source, complete=frozenset(), gap="it was read in part")
        sources.append(source)
        unreadable += (Unreadable(name, outcome.line, 1, gap) for gap in outcome.gaps)
    return Read(tuple(sources), tuple(unreadable))


def source_of(
    setting: SourceSetting, title: str, users: tuple[Account, ...] = (), groups: tuple[Account, ...] = (),
    knows: frozenset[str] = frozenset((USER, GROUP)),
) -> IdentitySource:  # fmt: skip
    """The source with what the settings say of it."""
    return IdentitySource(
        title=title,
        users=users,
        groups=groups,
        user_prefix=setting.user_prefix,
        group_prefix=setting.group_prefix,
        complete=frozenset(KINDS[word] for word in setting.complete) & knows,
        knows=knows,
    )


def _unread(setting: SourceSetting, name: str, why: str) -> IdentitySource:
    """A source of which nothing is known: it may know anybody."""
    unknown = source_of(msgspec.structs.replace(setting, complete=()), name)
    return msgspec.structs.replace(unknown, gap=why)


def content(path: str) -> bytes:
    """The bytes of a file of a source. Raises `ReadError` where it cannot be read or is too large."""
    try:
        with open(path, "rb") as file:
            if not os.path.isfile(path):
                raise ReadError("no regular file")
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise ReadError((error.strerror or str(error)).lower()) from error
    if len(data) > _LARGEST:
        raise ReadError(f"larger than {_LARGEST // 1024 // 1024} MiB")
    return data


def text(data: bytes) -> str:
    """The text of a file, without a mark of the byte order. Raises `ReadError` where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError("this is not UTF-8: save the file as UTF-8", line) from error


def _read(setting: SourceSetting, now: dt.datetime) -> Outcome:
    if setting.sort == "names":
        return _names(setting)
    reader = importlib.import_module(f"casemate.readers.identities.{_READERS[setting.sort]}")
    outcome: Outcome = reader.read(setting, now)
    return outcome


def _names(setting: SourceSetting) -> Outcome:
    """The names that stand in the settings themselves, as the API server sees them: no prefix is added."""
    names = setting.names
    assert names is not None  # noqa: S101 # asked for by `sort`
    users = (
        *map(Account, names.users),
        *(Account(name, "", "listed as disabled") for name in names.disabled),
    )
    return Outcome(
        source_of(setting, "the list of names in the settings", users, tuple(map(Account, names.groups)))
    )


def _name(setting: SourceSetting) -> str:
    if setting.ldap is None:
        return setting.path or "the list of names in the settings"
    from casemate.readers.identities.ldap import title  # noqa: PLC0415 # start-up: most sources are files

    return title(setting.ldap)
