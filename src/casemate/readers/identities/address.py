"""The address of a directory server: `ldaps://host:port/base?attribute?scope?filter`.

Source: RFC 4516 §2.
"""

import ipaddress
from urllib.parse import unquote, urlsplit

import msgspec

from casemate.model.errors import UsageError

_PORTS = {"ldap": 389, "ldaps": 636}


class Address(msgspec.Struct, frozen=True):
    """Where a server is, and what of it is meant."""

    host: str
    port: int
    tls: bool
    base: str = ""
    attribute: str = ""
    filter: str = ""
    bind_dn: str = ""

    @property
    def is_here(self) -> bool:
        """Whether it is this very machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'ldaps' if self.tls else 'ldap'}://{host}:{self.port}"


def parse(url: str) -> Address:
    """The address that a text names. Raises `UsageError` in one sentence, without a password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"the address of a directory server is written wrongly: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            "the address of a directory server holds no user: that is bind-dn, and the password stands apart"
        )
    if parts.scheme not in _PORTS:
        raise UsageError(f"{parts.scheme}:// is no directory server: use ldaps://host or ldap://host")
    if not parts.hostname:
        raise UsageError("the address of a directory server lacks the host: ldaps://ldap.example.org")
    if parts.fragment:
        raise UsageError("the address of a directory server holds a # : write it as %23")
    fields = (parts.query.split("?") + [""] * 4)[:4]
    attribute, scope, wanted, extensions = fields
    if scope not in {"", "sub"}:
        raise UsageError(f"the scope {scope} is not followed: a source is all that is below its base")
    return Address(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=parts.scheme == "ldaps",
        base=unquote(parts.path.removeprefix("/")),
        attribute=unquote(attribute),
        filter=unquote(wanted),
        bind_dn=_bind_name(extensions),
    )


def _bind_name(extensions: str) -> str:
    """The extension `bindname`, the one that is known; another one that is marked as needed is refused.

    Its commas should be written as %2C; people who copy a name (DN) leave them, and are understood.
    """
    name, _, value = extensions.partition("=")
    if name.lower().removeprefix("!") == "bindname":
        return unquote(value)
    if name.startswith("!"):
        raise UsageError(f"the extension {name} of the address is not known")
    return ""
