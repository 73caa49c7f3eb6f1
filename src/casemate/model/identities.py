"""Users and groups as sources outside the cluster know them, and the settings that name such sources.

Kubernetes keeps no object for a user or a group: the authenticator's word makes one. What a source
knows is therefore evidence, and absence from it is a fact only where somebody says that it is complete.
"""

from collections.abc import Iterator

import msgspec

from casemate.model.rbac import GROUP, USER

KINDS = {"users": USER, "groups": GROUP}
"""The words of settings for the kinds of subjects."""


class Account(msgspec.Struct, frozen=True):
    """A user or group of a source.

    `name` is what the API server gets to see, prefix included; `where` is its place in the source;
    `disabled` says why it cannot log in, and is empty for one that can.
    """

    name: str
    where: str = ""
    disabled: str = ""


class IdentitySource(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one source knows, and of which kinds of subjects it knows every one that begins with its prefix.

    `complete` holds the kinds (`User`, `Group`) as RBAC names them. `knows` says of which kinds the source
    speaks at all: a list of users is no source of groups. `gap` says why it may know more than was read.
    """

    title: str
    users: tuple[Account, ...] = ()
    groups: tuple[Account, ...] = ()
    user_prefix: str = ""
    group_prefix: str = ""
    complete: frozenset[str] = frozenset()
    knows: frozenset[str] = frozenset((USER, GROUP))
    gap: str = ""

    def accounts(self, kind: str) -> tuple[Account, ...]:
        """The accounts of one kind."""
        return self.users if kind == USER else self.groups

    def prefix(self, kind: str) -> str:
        """What the names of one kind begin with."""
        return self.user_prefix if kind == USER else self.group_prefix


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A part of the settings, with keys as people write them."""


class Names(_Form, frozen=True, kw_only=True):
    """Names that stand in the settings themselves; those of `disabled` are users who cannot log in."""

    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()


class Search(_Form, frozen=True, kw_only=True):
    """How a directory is asked for users or groups; what is empty is chosen by the kind of server.

    `member_of` is the name (DN) of the group that lets a user log in, at any depth.
    """

    filter: str = ""
    attribute: str = ""
    base: str = ""
    member_of: str = ""


class Ldap(_Form, frozen=True, kw_only=True):
    """A directory server that is asked live.

    `start_tls` is None where nobody said anything: a plain `ldap://` is then raised to TLS.
    """

    url: str
    base: str = ""
    bind_dn: str = ""
    password_file: str = ""
    password_env: str = ""
    ca_file: str = ""
    start_tls: bool | None = None
    timeout: float = 10
    page_size: int = 500
    users: Search = Search()
    groups: Search = Search()


class SourceSetting(_Form, frozen=True, kw_only=True):
    """One entry of `identities` in the settings: exactly one of the sources, and what its names mean.

    `withheld` is no key: it says why a source is not read, where it is not the user who names it.
    """

    names: Names | None = None
    ldap: Ldap | None = None
    ldif: str = ""
    csv: str = ""
    scim: str = ""
    certificates: str = ""
    aws_auth: str = ""
    user_prefix: str = ""
    group_prefix: str = ""
    user_attribute: str = ""
    group_attribute: str = ""
    complete: tuple[str, ...] = ()
    withheld: str = ""

    @property
    def sort(self) -> str:
        """The key that names the source: `ldif`, `ldap`, ...; empty where none does."""
        return next(iter(self.sorts()), "")

    def sorts(self) -> Iterator[str]:
        """All keys that name a source; a sound entry has one."""
        return (name for name in SORTS if getattr(self, name))

    @property
    def path(self) -> str:
        """The file or folder that it reads; empty for what is no file."""
        return self.ldif or self.csv or self.scim or self.certificates or self.aws_auth


SORTS = ("names", "ldap", "ldif", "csv", "scim", "certificates", "aws_auth")
"""The sorts of sources."""
