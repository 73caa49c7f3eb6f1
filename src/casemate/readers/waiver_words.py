"""The words of a waiver in a manifest: `pod-privileged until=2027-01-31 reason="why" owner=team`."""

import datetime as dt
import re

import msgspec

from casemate.engine.globs import matches
from casemate.model.errors import ReadError
from casemate.readers.settings_file import suggestion

_WORD = re.compile(
    r"""\s*(?:
    (?P<key>[A-Za-z]+)\s*=\s*(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'\#][^\s"']*)(?=\s|$)
    |(?P<end>\#.*)
    |(?P<name>[^\s=,"'\#]++)(?!\s*=)\s*,?
    |(?P<rest>.+)
    )""",
    re.VERBOSE,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEYS = ("until", "reason", "owner")
FAMILY = "waiver-"
"""How the ids of the controls about waivers begin; these answers cannot be waived."""


class Words(msgspec.Struct, frozen=True):
    """What the words say."""

    controls: tuple[str, ...]
    until: dt.date
    reason: str
    owner: str | None


def words(text: str, known: tuple[str, ...], controls: tuple[str, ...] = ()) -> Words:
    """Read the words of a waiver; `controls` are given where they stand elsewhere.

    Raises `ReadError` with what is wrong, in words without a place.
    """
    found: dict[str, str] = {}
    named = list(controls)
    for word in _WORD.finditer(text.strip()):
        key = word["key"]
        if word["rest"] is not None:
            raise ReadError("a value is not closed, or text stands where key=value is expected")
        if key is not None:
            if key not in _KEYS:
                raise ReadError(f"there is no key {key}; keys are {', '.join(_KEYS)}")
            if key in found:
                raise ReadError(f"{key} is given twice")
            found[key] = _unquoted(word["value"])
        elif word["name"] is not None:
            if found or controls:
                raise ReadError(f"{word['name'][:40]} stands alone; quote values that hold spaces")
            named.append(word["name"])
    if not all(named) or not named:
        raise ReadError("it names no control")
    for name in named:
        check_control(name, known)
    if "until" not in found:
        raise ReadError("its last day is missing: until=YYYY-MM-DD")
    if not found.get("reason", "").strip():
        raise ReadError('its reason is missing: reason="why"')
    return Words(tuple(named), date(found["until"]), found["reason"].strip(), found.get("owner") or None)


def date(text: str) -> dt.date:
    """The day that a text names. Raises `ReadError` where there is no such day."""
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise ReadError(f"{text[:40]} is no day: write it as YYYY-MM-DD")


def check_control(name: str, known: tuple[str, ...]) -> None:
    """Raise `ReadError` where a control or glob is about none of the `known` ones (if any are given)."""
    if name.startswith(FAMILY):
        raise ReadError(f"{name} cannot be waived: mend the waiver it is about")
    if known and not any(matches(name, other) for other in known):
        raise ReadError(f"there is no control {name[:80]}{suggestion(name, known)}")


def _unquoted(value: str) -> str:
    if value[0] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value[1:-1] if value[0] == "'" else value
