"""Search filters of LDAP: from the text that people write to the bytes that are sent.

Source: RFC 4515 (the text), RFC 4511 §4.5.1.7 (the bytes).
"""

import re

from casemate.model.errors import UsageError
from casemate.readers.identities import ber

_DEEPEST = 50
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2})")
_AND, _OR, _NOT, _EQUAL, _SUBSTRINGS, _GREATER, _LESS, _PRESENT, _APPROX, _EXTENSIBLE = (
    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0x87, 0xA8, 0xA9,
)  # fmt: skip
_SIMPLE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9.;-]*)(?P<sign>=|>=|<=|~=)(?P<value>.*)", re.ASCII | re.DOTALL
)
_RULE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9.;-]*)?(?P<dn>:dn)?(:(?P<rule>[A-Za-z0-9.-]+))?:=(?P<value>.*)",
    re.ASCII | re.DOTALL,
)
_SIGNS = {"=": _EQUAL, ">=": _GREATER, "<=": _LESS, "~=": _APPROX}


def escape(value: str) -> str:
    """A value such that no sign in it has a meaning in a filter."""
    return "".join(f"\\{ord(sign):02x}" if sign in "\\*()\0" else sign for sign in value)


def encode(filter_text: str) -> bytes:
    """The bytes of a filter. Raises `UsageError` that quotes what is no filter."""
    text = filter_text.strip()
    found, end = _filter(text, 0, filter_text, 0)
    if end != len(text):
        raise UsageError(f"the filter {filter_text} goes on after its end")
    return found


def _filter(text: str, at: int, whole: str, depth: int) -> tuple[bytes, int]:
    if depth > _DEEPEST:
        raise UsageError("a filter is nested too deeply")
    if text[at : at + 1] != "(":
        raise UsageError(f"the filter {whole} lacks a parenthesis: filters look like (objectClass=person)")
    at += 1
    sign = text[at : at + 1]
    if sign in {"&", "|"}:
        parts = []
        at += 1
        while text[at : at + 1] == "(":
            part, at = _filter(text, at, whole, depth + 1)
            parts.append(part)
        found = ber.sequence(*parts, tag=_AND if sign == "&" else _OR)
    elif sign == "!":
        part, at = _filter(text, at + 1, whole, depth + 1)
        found = ber.tlv(_NOT, part)
    else:
        end = text.find(")", at)
        if end < 0:
            raise UsageError(f"the filter {whole} lacks a closing parenthesis")
        found = _item(text[at:end], whole)
        at = end
    if text[at : at + 1] != ")":
        raise UsageError(f"the filter {whole} lacks a closing parenthesis")
    return found, at + 1


def _item(item: str, whole: str) -> bytes:
    simple = _SIMPLE.fullmatch(item)
    if simple is None:
        return _extensible(item, whole)
    name, sign, value = simple["name"], simple["sign"], simple["value"]
    if "(" in value:
        raise UsageError(f"the filter {whole} holds a parenthesis in a value: write it as \\28")
    if sign == "=" and value == "*":
        return ber.text(name, _PRESENT)
    if sign == "=" and "*" in value:
        first, *middle, last = (_value(part, whole) for part in value.split("*"))
        parts = [ber.tlv(0x80, first)] if first else []
        parts += [ber.tlv(0x81, part) for part in middle if part]
        parts += [ber.tlv(0x82, last)] if last else []
        return ber.sequence(ber.text(name), ber.sequence(*parts), tag=_SUBSTRINGS)
    return ber.sequence(ber.text(name), ber.tlv(ber.OCTETS, _value(value, whole)), tag=_SIGNS[sign])


def _extensible(item: str, whole: str) -> bytes:
    found = _RULE.fullmatch(item)
    if found is None or (found["name"] is None and found["rule"] is None):
        raise UsageError(f"the filter {whole} holds {item!r}, which is no comparison")
    parts = [ber.text(found["rule"], 0x81)] if found["rule"] else []
    parts += [ber.text(found["name"], 0x82)] if found["name"] else []
    parts.append(ber.tlv(0x83, _value(found["value"], whole)))
    if found["dn"]:
        parts.append(ber.tlv(0x84, b"\xff"))
    return ber.sequence(*parts, tag=_EXTENSIBLE)


def _value(text: str, whole: str) -> bytes:
    if "\\" in _ESCAPED.sub("", text):
        raise UsageError(f"the filter {whole} holds a backslash that begins no escape: write it as \\5c")
    parts = _ESCAPED.split(text)
    return b"".join(
        bytes((int(part, 16),)) if index % 2 else part.encode() for index, part in enumerate(parts)
    )
