"""Users and groups of client certificates: the common name is the user, each organisation a group.

Only certificates are looked at: of a file that holds a private key too, the key is left alone.

Source: RFC 7468 (PEM), RFC 5280 §4.1 and §4.2.1 (fields and extensions), and apiserver
pkg/authentication/request/x509 of Kubernetes (CommonNameUserConversion; the client usage that it asks for).
"""

import base64
import binascii
import datetime as dt
import os
import re
from collections.abc import Iterator

import msgspec

from casemate.model.errors import ReadError
from casemate.model.identities import Account, SourceSetting
from casemate.readers.identities import ber
from casemate.readers.identities.sources import Outcome, content, source_of

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_ENDS = (".pem", ".crt", ".cer", ".cert")
_MOST_FILES = 100_000
_OID, _UTC_TIME = 0x06, 0x17
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_UNIQUE_IDS = (0x81, 0xA1, 0x82, 0xA2)
_COMMON_NAME, _ORGANISATION = bytes.fromhex("550403"), bytes.fromhex("55040a")
_CONSTRAINTS, _USAGE = bytes.fromhex("551d13"), bytes.fromhex("551d25")
_CLIENT, _ANY = bytes.fromhex("2b06010505070302"), bytes.fromhex("551d2500")
_TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}
_CENTURY = 50


class Certificate(msgspec.Struct, frozen=True):
    """What of a certificate the API server looks at."""

    user: str
    groups: tuple[str, ...]
    begins: dt.datetime
    ends: dt.datetime
    is_authority: bool = False
    is_client: bool = True


def read(setting: SourceSetting, now: dt.datetime) -> Outcome:
    """The client certificates of a file, or of all files of a folder that are named like certificates."""
    users: list[Account] = []
    groups: list[Account] = []
    for path in _files(setting.path):
        for certificate in parse(content(path), path):
            if certificate.is_authority or not certificate.is_client or not certificate.user:
                continue
            why = _why(certificate, now)
            users.append(Account(setting.user_prefix + certificate.user, path, why))
            # An expired certificate says nothing about a group, which may have other members.
            if not why:
                groups += (Account(setting.group_prefix + name, path) for name in certificate.groups)
    title = f"the certificates in {setting.path}"
    return Outcome(source_of(setting, title, tuple(users), tuple(groups)))


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    count = 0
    for folder, _, names in os.walk(path):
        for name in sorted(names):
            if name.lower().endswith(_ENDS) and _is_inside(os.path.join(folder, name), path):
                count += 1
                if count > _MOST_FILES:
                    raise ReadError(f"more than {_MOST_FILES:,} files of certificates")
                yield os.path.join(folder, name)


def _is_inside(path: str, folder: str) -> bool:
    """Whether a file is in the folder in truth: a link may lead to what nobody named."""
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


def _why(certificate: Certificate, now: dt.datetime) -> str:
    if now > certificate.ends:
        return f"its certificate ended on {certificate.ends.date()}"
    return f"its certificate begins on {certificate.begins.date()}" if now < certificate.begins else ""


def parse(data: bytes, path: str) -> Iterator[Certificate]:
    """The certificates of a file in PEM. Raises `ReadError` with the line of one that is broken."""
    if data.count(_BEGIN) != len(_PEM.findall(data)):
        raise ReadError(f"{path}: a certificate without its end")
    for block in _PEM.finditer(data):
        line = data.count(b"\n", 0, block.start()) + 1
        try:
            yield _certificate(base64.b64decode(b"".join(block[1].split()), validate=True))
        except (ber.BerError, binascii.Error, UnicodeDecodeError, ValueError, OverflowError) as error:
            raise ReadError(f"{path}: a broken certificate ({error})", line) from error


def _certificate(data: bytes) -> Certificate:
    signed = ber.Elements(ber.Elements(data).take(ber.SEQUENCE))
    fields = ber.Elements(signed.take(ber.SEQUENCE))
    fields.maybe(_VERSION)
    fields.take(ber.INTEGER)
    fields.take(ber.SEQUENCE)
    fields.take(ber.SEQUENCE)
    begins, ends = (_time(tag, value) for tag, value in ber.elements(fields.take(ber.SEQUENCE)))
    user, groups = _subject(fields.take(ber.SEQUENCE))
    fields.take(ber.SEQUENCE)
    for tag in _UNIQUE_IDS:
        fields.maybe(tag)
    extensions = dict(_extensions(fields.maybe(_EXTENSIONS)))
    usages = [value for tag, value in _listed(extensions.get(_USAGE)) if tag == _OID]
    constraints = _listed(extensions.get(_CONSTRAINTS))
    return Certificate(
        user=user,
        groups=groups,
        begins=begins,
        ends=ends,
        is_authority=any(tag == ber.BOOLEAN and value != b"\x00" for tag, value in constraints),
        is_client=not usages or _CLIENT in usages or _ANY in usages,
    )


def _subject(body: bytes) -> tuple[str, tuple[str, ...]]:
    """The last common name and every organisation, in their order, as Go's pkix.Name holds them."""
    user, groups = "", []
    for _, part in ber.elements(body):
        for _, pair in ber.elements(part):
            fields = ber.Elements(pair)
            kind = fields.take(_OID)
            tag, value = fields.any()
            if kind not in {_COMMON_NAME, _ORGANISATION}:
                continue
            if tag not in _TEXTS:
                raise ber.BerError("a name of an unknown form")
            text = value.decode(_TEXTS[tag])
            if kind == _COMMON_NAME:
                user = text
            else:
                groups.append(text)
    return user, tuple(groups)


def _extensions(body: bytes | None) -> Iterator[tuple[bytes, bytes]]:
    if body is None:
        return
    for _, extension in ber.elements(ber.Elements(body).take(ber.SEQUENCE)):
        fields = ber.Elements(extension)
        name = fields.take(_OID)
        fields.maybe(ber.BOOLEAN)
        yield name, fields.take(ber.OCTETS)


def _listed(value: bytes | None) -> list[tuple[int, bytes]]:
    """The elements of an extension that is a sequence; none where it is missing."""
    return [] if value is None else list(ber.elements(ber.Elements(value).take(ber.SEQUENCE)))


def _time(tag: int, value: bytes) -> dt.datetime:
    """A moment. Source: RFC 5280 §4.1.2.5: two digits of a year from 50 on are of the last century."""
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = f"{'19' if int(text[:2]) >= _CENTURY else '20'}{text}"
    return dt.datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=dt.UTC)
