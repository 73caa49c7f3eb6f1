"""Users and groups of a directory server, read live: OpenLDAP, Active Directory and their like.

Source: RFC 4512 §5.1 (what a server says of itself), MS-ADTS (nested and primary groups).
"""

import datetime as dt
import os
from collections.abc import Iterable

from casemate.model.errors import ReadError, UsageError
from casemate.model.identities import Account, Ldap, Search, SourceSetting
from casemate.readers.identities import directory
from casemate.readers.identities.address import Address, parse
from casemate.readers.identities.connection import Connection
from casemate.readers.identities.filters import escape
from casemate.readers.identities.messages import BASE, Entry
from casemate.readers.identities.sources import Outcome, source_of

PASSWORD = "CASEMATE_LDAP_PASSWORD"  # noqa: S105 # the variable's name
"""The variable that holds the password where the settings name none."""
_ACTIVE_DIRECTORY = "1.2.840.113556.1.4.800"
_IN_CHAIN = "1.2.840.113556.1.4.1941"
_USERS = (
    "(&(objectClass=user)(!(objectClass=computer)))",
    "(|{})".format(
        "".join(f"(objectClass={name})" for name in ("person", "posixAccount", "account", "shadowAccount"))
    ),
)
_GROUPS = (
    "(objectClass=group)",
    "(|{})".format(
        "".join(
            f"(objectClass={name})"
            for name in ("groupOfNames", "groupOfUniqueNames", "posixGroup", "groupOfMembers")
        )
    ),
)
_LARGEST_PASSWORD = 4096
_SID_HEAD = 8


class Server:
    """A server that has been logged in to, and what is asked of it."""

    def __init__(self, setting: Ldap, address: Address, connection: Connection) -> None:
        self._connection = connection
        self._setting = setting
        root = connection.search(
            "", "(objectClass=*)", ("namingContexts", "defaultNamingContext", "supportedCapabilities"), BASE
        )
        said = root.entries[0] if root.entries else Entry("", {})
        self.is_active_directory = _ACTIVE_DIRECTORY in said.texts("supportedcapabilities")
        contexts = said.texts("defaultnamingcontext") or said.texts("namingcontexts")
        self.base = setting.base or address.base or (contexts[0] if len(contexts) == 1 else "")
        if not self.base:
            raise ReadError(f"base is needed: the server has {', '.join(contexts) or 'none of its own'}")
        self.cuts: list[str] = []

    def find(self, search: Search, otherwise: tuple[str, str], attributes: Iterable[str]) -> list[Entry]:
        """The entries of a search of the settings, or of the one that is usual for such a server."""
        usual = otherwise[0 if self.is_active_directory else 1]
        return self.ask(search.base or self.base, search.filter or usual, attributes)

    def ask(self, base: str, wanted: str, attributes: Iterable[str]) -> list[Entry]:
        """The entries below a base; what was cut is noted."""
        found = self._connection.search(base, wanted, attributes)
        if found.cut:
            self.cuts.append(found.cut)
        return found.entries

    def members(self, gate: str, groups: list[Entry], group_base: str) -> frozenset[str]:
        """Who is in a group at any depth; see `directory.members`."""
        if not self.is_active_directory:
            if not any(directory.plain(entry.dn) == directory.plain(gate) for entry in groups):
                raise ReadError(f"member-of: the group {gate} is not among the groups that were read")
            return directory.members(gate, groups)
        chain = f"(memberOf:{_IN_CHAIN}:={escape(gate)})"
        inside = self.ask(group_base, f"(&(objectClass=group)(|{chain}(distinguishedName={escape(gate)})))",
                          ("objectSid",))  # fmt: skip
        primary = "".join(f"(primaryGroupID={number})" for number in map(_relative_id, inside) if number)
        people = self.ask(self.base, f"(&(objectClass=user)(|{chain}{primary}))", ("distinguishedName",))
        return frozenset(directory.plain(entry.dn) for entry in people)


def read(setting: SourceSetting, now: dt.datetime) -> Outcome:
    """What a server knows. Raises `ReadError` where nothing of it can be had."""
    ldap = setting.ldap
    assert ldap is not None  # noqa: S101 # the reader of this sort
    try:
        address = parse(ldap.url)
        with Connection(address, ldap) as connection:
            connection.bind(*_login(ldap, address))
            return _read(setting, Server(ldap, address, connection), address, now)
    except UsageError as error:
        raise ReadError(str(error)) from error


def _read(setting: SourceSetting, server: Server, address: Address, now: dt.datetime) -> Outcome:
    ldap = setting.ldap
    assert ldap is not None  # noqa: S101 # the reader of this sort
    users, groups = ldap.users, ldap.groups
    in_windows = server.is_active_directory
    user_attribute = users.attribute or address.attribute or ("sAMAccountName" if in_windows else "uid")
    group_attribute = groups.attribute or ("sAMAccountName" if in_windows else "cn")
    wanted = Search(filter=users.filter or address.filter, base=users.base)
    people = server.find(wanted, _USERS, ("uid", user_attribute, *directory.DISABLING))
    teams = server.find(groups, _GROUPS, (group_attribute, "member", "uniqueMember", "memberUid"))
    gate = users.member_of
    reading = directory.Reading(
        now,
        user_attribute,
        group_attribute,
        setting.user_prefix,
        setting.group_prefix,
        server.members(gate, teams, groups.base or server.base) if gate else None,
        gate,
    )
    found_users: tuple[Account, ...] = tuple(directory.users(people, reading))
    found_groups = tuple(directory.groups(teams, reading))
    return Outcome(
        source_of(setting, title(ldap), found_users, found_groups), tuple(dict.fromkeys(server.cuts))
    )


def title(setting: Ldap) -> str:
    """The server for people, without anything of the address that could be secret."""
    try:
        return f"the directory {parse(setting.url)}"
    except UsageError:
        return "a directory server"


def _login(setting: Ldap, address: Address) -> tuple[str, str]:
    """The name and the password to log in with; both empty for nobody in particular.

    A name with an empty password would be taken for nobody in particular (RFC 4513 §5.1.2): it is refused.
    """
    name = setting.bind_dn or address.bind_dn
    if not name:
        if setting.password_file or setting.password_env:
            raise ReadError("a password is given, but no bind-dn")
        return "", ""
    password = _password(setting)
    if not password:
        where = setting.password_file or f"the variable {setting.password_env or PASSWORD}"
        raise ReadError(f"the password for {name} is empty or missing: it is looked for in {where}")
    return name, password


def _password(setting: Ldap) -> str:
    if setting.password_file and setting.password_env:
        raise ReadError("password-file and password-env exclude each other")
    if not setting.password_file:
        return os.environ.get(setting.password_env or PASSWORD, "")
    try:
        with open(setting.password_file, "rb") as file:
            data = file.read(_LARGEST_PASSWORD)
    except OSError as error:
        raise ReadError(f"password-file {setting.password_file}: {(error.strerror or '').lower()}") from error
    try:
        return data.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise ReadError(f"password-file {setting.password_file}: the password is not UTF-8") from error


def _relative_id(group: Entry) -> int:
    """The last part of a group's SID, by which users name their primary group; 0 where there is none."""
    for sid in group.attributes.get("objectsid", ()):
        if len(sid) > _SID_HEAD and len(sid) % 4 == 0:
            return int.from_bytes(sid[-4:], "little")
    return 0
