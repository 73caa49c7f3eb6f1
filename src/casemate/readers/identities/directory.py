"""Entries of a directory as accounts: which are users or groups, what they are called, who cannot log in.

Source: RFC 2307 and RFC 4519 (classes and attributes), the schema of Active Directory, draft-behera-ldap-
password-policy (pwdAccountLockedTime), 389 Directory Server (nsAccountLock), shadow(5) (shadowExpire).
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

import msgspec

from casemate.model.identities import Account
from casemate.readers.identities.messages import Entry

USER_CLASSES = frozenset(
    "person inetorgperson organizationalperson posixaccount account user shadowaccount".split()
)
_NO_USERS = frozenset(("computer", "device", "contact"))
GROUP_CLASSES = frozenset(
    "groupofnames groupofuniquenames groupofmembers posixgroup group groupofurls".split()
)
DISABLING = ("userAccountControl", "accountExpires", "pwdAccountLockedTime", "nsAccountLock", "loginDisabled",
             "shadowExpire")  # fmt: skip
"""Attributes that say whether a user can log in; the operational ones must be asked for by name."""
_MEMBERS = ("member", "uniquemember")
_DISABLED_BIT = 0x2
_FOR_EVER = "000001010000z"
_NEVER = frozenset((0, 0x7FFFFFFFFFFFFFFF))
_FILETIME = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_EPOCH = dt.date(1970, 1, 1)
_PART = re.compile(r"(?:\\.|[^\\,])+", re.DOTALL)


class Reading(msgspec.Struct, frozen=True):
    """How entries become accounts; `lets_in` are the users of the group that lets log in, None for all."""

    now: dt.datetime
    user_attribute: str = "uid"
    group_attribute: str = "cn"
    user_prefix: str = ""
    group_prefix: str = ""
    lets_in: frozenset[str] | None = None
    gate: str = ""


def is_user(entry: Entry) -> bool:
    """Whether it is a person's or program's account."""
    classes = _classes(entry)
    return bool(classes & USER_CLASSES) and not classes & _NO_USERS


def is_group(entry: Entry) -> bool:
    """Whether it is a group."""
    return bool(_classes(entry) & GROUP_CLASSES)


def _classes(entry: Entry) -> set[str]:
    return {name.lower() for name in entry.texts("objectclass")}


def users(entries: Iterable[Entry], reading: Reading) -> Iterator[Account]:
    """The users, one for each value of the attribute that holds the name."""
    for entry in entries:
        why = disabled(entry, reading.now)
        if not why and reading.lets_in is not None and not _is_let_in(entry, reading.lets_in):
            why = f"not a member of {reading.gate}"
        for name in entry.texts(reading.user_attribute):
            yield Account(reading.user_prefix + name, entry.dn, why)


def groups(entries: Iterable[Entry], reading: Reading) -> Iterator[Account]:
    """The groups, one for each value of the attribute that holds the name."""
    for entry in entries:
        for name in entry.texts(reading.group_attribute):
            yield Account(reading.group_prefix + name, entry.dn)


def disabled(entry: Entry, now: dt.datetime) -> str:
    """Why the account cannot log in; empty where nothing says so.

    A lock that ends by itself, after wrong passwords, is none.
    """
    for text in entry.texts("useraccountcontrol"):
        if _number(text) & _DISABLED_BIT:
            return "userAccountControl has the bit ACCOUNTDISABLE"
    for name in ("nsAccountLock", "loginDisabled"):
        if any(text.lower() == "true" for text in entry.texts(name)):
            return f"{name} is true"
    if any(text.lower() == _FOR_EVER for text in entry.texts("pwdaccountlockedtime")):
        return "pwdAccountLockedTime locks it until an administrator unlocks it"
    for text in entry.texts("shadowexpire"):
        days = _number(text)
        if 0 < days <= (now.date() - _EPOCH).days:
            return f"shadowExpire ended it on {_EPOCH + dt.timedelta(days)}"
    for text in entry.texts("accountexpires"):
        ticks = _number(text)
        if ticks not in _NEVER and 0 < ticks <= (now - _FILETIME) / dt.timedelta(microseconds=1) * 10:
            return f"accountExpires ended it on {(_FILETIME + dt.timedelta(microseconds=ticks // 10)).date()}"
    return ""


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def members(gate: str, entries: Iterable[Entry]) -> frozenset[str]:
    """Who is in a group at any depth: names (DN) in the form of `plain`, and bare user names as `uid=...`.

    Each group is walked once, so that groups which hold each other have an end.
    """
    by_name = {plain(entry.dn): entry for entry in entries}
    found: set[str] = set()
    left = [plain(gate)]
    walked = set(left)
    while left:
        group = by_name.get(left.pop())
        if group is None:
            continue
        found.update(f"uid={name.casefold()}" for name in group.texts("memberuid"))
        for text in (text for name in _MEMBERS for text in group.texts(name)):
            name = plain(text)
            found.add(name)
            if name in by_name and name not in walked:
                walked.add(name)
                left.append(name)
    return frozenset(found)


def _is_let_in(entry: Entry, names: frozenset[str]) -> bool:
    return plain(entry.dn) in names or any(f"uid={uid.casefold()}" in names for uid in entry.texts("uid"))


def plain(dn: str) -> str:
    """A name (DN) as it is compared: small letters, no blanks around its parts, escapes of signs resolved."""
    parts = []
    for part in _PART.findall(dn):
        name, _, value = part.partition("=")
        parts.append(f"{name.strip().casefold()}={_unescaped(value.strip()).casefold()}")
    return "\0".join(parts)


def _unescaped(value: str) -> str:
    r"""The value of a part of a name, with `\2c` and `\,` as one form. Source: RFC 4514 §2.4."""
    octets = re.sub(r"(?:\\[0-9A-Fa-f]{2})+", lambda run: _octets(run[0]), value)
    return re.sub(r"\\(.)", r"\1", octets)


def _octets(run: str) -> str:
    text = bytes.fromhex(run.replace("\\", "")).decode(errors="replace")
    return "".join(f"\\{sign}" if sign in '\\,+"<>;=# ' else sign for sign in text)
