"""The messages of LDAP that a reader needs: bind, search with paged results, StartTLS, unbind.

There is no function here that adds, changes or deletes, so that nothing built on it can.

Source: RFC 4511 §4 (messages), RFC 2696 (paged results), RFC 4511 §4.14 (StartTLS).
"""

from collections.abc import Iterable

import msgspec

from casemate.readers.identities import ber

BIND_RESPONSE, ENTRY, DONE, REFERENCE, EXTENDED_RESPONSE = 0x61, 0x64, 0x65, 0x73, 0x78
_BIND, _UNBIND, _SEARCH, _EXTENDED, _PASSWORD, _OID, _CONTROLS, _REFERRAL = (
    0x60, 0x42, 0x63, 0x77, 0x80, 0x80, 0xA0, 0xA3,
)  # fmt: skip
_START_TLS = "1.3.6.1.4.1.1466.20037"
_PAGED = "1.2.840.113556.1.4.319"
BASE, SUBTREE = 0, 2
"""Scopes: one entry, or all below."""


class Entry(msgspec.Struct, frozen=True):
    """An entry of a directory: its name (DN), and its attributes by their names in small letters."""

    dn: str
    attributes: dict[str, list[bytes]]

    def texts(self, name: str) -> list[str]:
        """The values of an attribute that are text."""
        return [value.decode(errors="replace") for value in self.attributes.get(name.lower(), ())]


class Result(msgspec.Struct, frozen=True):
    """How a request ended; `cookie` leads to the next page, and is empty at the last."""

    code: int
    message: str = ""
    referrals: tuple[str, ...] = ()
    cookie: bytes = b""


def bind(number: int, name: str, password: str) -> bytes:
    """A simple bind; both empty for an anonymous one."""
    return _message(
        number, ber.sequence(ber.integer(3), ber.text(name), ber.text(password, _PASSWORD), tag=_BIND)
    )


def unbind(number: int) -> bytes:
    """The end of a conversation."""
    return _message(number, ber.tlv(_UNBIND, b""))


def start_tls(number: int) -> bytes:
    """The wish to go on under TLS."""
    return _message(number, ber.sequence(ber.text(_START_TLS, _OID), tag=_EXTENDED))


def search(
    number: int,
    base: str,
    scope: int,
    wanted: bytes,
    attributes: Iterable[str],
    size: int = 0,
    cookie: bytes = b"",
) -> bytes:
    """A search that follows no alias; `wanted` is an encoded filter, `size` how many entries a page has."""
    request = ber.sequence(
        ber.text(base),
        ber.integer(scope, ber.ENUMERATED),
        ber.integer(0, ber.ENUMERATED),
        ber.integer(0),
        ber.integer(0),
        ber.boolean(False),  # noqa: FBT003 # values are wanted, not only types
        wanted,
        ber.sequence(*map(ber.text, attributes)),
        tag=_SEARCH,
    )
    if not size:
        return _message(number, request)
    page = ber.sequence(ber.integer(size), ber.tlv(ber.OCTETS, cookie))
    control = ber.sequence(ber.text(_PAGED), ber.tlv(ber.OCTETS, page))
    return _message(number, request, ber.sequence(control, tag=_CONTROLS))


def _message(number: int, *parts: bytes) -> bytes:
    return ber.sequence(ber.integer(number), *parts)


def opened(content: bytes) -> tuple[int, int, bytes, bytes]:
    """The number, the sort, the body and the controls of a message's content. Raises `BerError`."""
    parts = ber.Elements(content)
    number = ber.number(parts.take(ber.INTEGER))
    sort, body = parts.any()
    return number, sort, body, parts.maybe(_CONTROLS) or b""


def entry(body: bytes) -> Entry:
    """The entry of a search. Raises `BerError`."""
    parts = ber.Elements(body)
    dn = parts.take(ber.OCTETS).decode(errors="replace")
    attributes: dict[str, list[bytes]] = {}
    for tag, content in ber.elements(parts.take(ber.SEQUENCE)):
        if tag != ber.SEQUENCE:
            raise ber.BerError("an attribute of an unknown form")
        pair = ber.Elements(content)
        name = pair.take(ber.OCTETS).decode(errors="replace").partition(";")[0].lower()
        attributes.setdefault(name, []).extend(value for _, value in ber.elements(pair.take(ber.SET)))
    return Entry(dn, attributes)


def reference(body: bytes) -> tuple[str, ...]:
    """The addresses at which a search would have to go on. Raises `BerError`."""
    return tuple(value.decode(errors="replace") for _, value in ber.elements(body))


def result(body: bytes, controls: bytes) -> Result:
    """How a request ended. Raises `BerError`."""
    parts = ber.Elements(body)
    code = ber.number(parts.take(ber.ENUMERATED))
    parts.take(ber.OCTETS)
    message = parts.take(ber.OCTETS).decode(errors="replace")
    referral = parts.maybe(_REFERRAL)
    return Result(code, message, reference(referral) if referral else (), _cookie(controls))


def _cookie(controls: bytes) -> bytes:
    for _, content in ber.elements(controls):
        parts = ber.Elements(content)
        oid = parts.take(ber.OCTETS)
        parts.maybe(ber.BOOLEAN)
        value = parts.maybe(ber.OCTETS)
        if oid == _PAGED.encode() and value is not None:
            page = ber.Elements(ber.Elements(value).take(ber.SEQUENCE))
            page.take(ber.INTEGER)
            return page.take(ber.OCTETS)
    return b""
