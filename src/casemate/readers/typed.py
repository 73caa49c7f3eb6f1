"""Plain values become typed ones; a field of a wrong type is reported and the rest is kept."""

import re
from typing import Any, TypeVar

import msgspec

from casemate.model.errors import ReadError
from casemate.model.estate import UNKNOWN_FIELD, Problem
from casemate.model.place import Path

T = TypeVar("T")

_MOST = 100
_FORM = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>.*)`)?\Z", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)` - at `(?P<path>[^`]*)`\Z", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d+)\]|(\[\.\.\.\])")
_EXPECTED = re.compile(r"`([^`]*)`")
_WORDS = {
    "array": "a list",
    "object": "a map",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
}
_EMPTY: dict[str, Any] = {"array": [], "object": {}, "str": "", "int": 0, "float": 0.0, "bool": False}
_TRUTH = {"true": True, "false": False}


def typed(value: Any, kind: type[T], base: Path) -> tuple[T, list[Problem]]:
    """Convert a tree of plain values to `kind`; `base` is its path in the object.

    A value of another type than the API's is a `Problem`. It is read as what was probably
    meant (`"true"` as true) or left out, and everything else is converted. The tree is
    changed in doing so. A struct that forbids unknown fields has their names in `UNKNOWN_FIELD`.
    Raises `ReadError` where more than 100 values are wrong.
    """
    problems: list[Problem] = []
    while True:
        try:
            return msgspec.convert(value, kind), problems
        except msgspec.ValidationError as error:
            if len(problems) == _MOST:
                message = f"more than {_MOST} fields have a wrong type; first: {problems[0].message}"
                raise ReadError(message) from error
            unknown = _UNKNOWN.match(str(error))
            if unknown is not None:
                path = _place(value, f" - at `{unknown['path']}`")[0]
                name = _take_out(_follow(value, path), unknown["name"])
                message = f"there is no field {name} here"
                problems.append(Problem("unknown-field", (*base, *path, name), message))
                continue
            path, what = _place(value, str(error))
            if not path:
                problems.append(Problem("wrong-type", base, _message(base, what, value)))
                value = {}
                continue
            parent = _follow(value, path[:-1])
            found = parent[path[-1]]
            if found is None and isinstance(parent, dict):
                del parent[path[-1]]  # null is absent
                continue
            problems.append(Problem("wrong-type", (*base, *path), _message((*base, *path), what, found)))
            _mend(parent, path[-1], what, found)


def within_64_bits(value: Any) -> Any:
    """The tree with larger whole numbers as text: JSON can say them, no field of the API holds them."""
    todo = [value]
    while todo:
        here = todo.pop()
        for step, item in here.items() if isinstance(here, dict) else enumerate(here):
            if isinstance(item, (dict, list)):
                todo.append(item)
            elif isinstance(item, int) and not -(2**63) <= item < 2**64:
                here[step] = str(item)
    return value


def json_type(value: Any) -> str:
    """The name of a plain value's type, as JSON knows it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    names = {dict: "object", list: "array", str: "str", int: "int", float: "float"}
    return names.get(type(value), type(value).__name__)


def type_words(value: Any) -> str:
    """The type of a plain value in words: `a list`."""
    return _WORDS.get(json_type(value), json_type(value))


def _place(value: Any, message: str) -> tuple[Path, list[str]]:
    """Where the error is, and which types were expected there."""
    match = _FORM.match(message)
    text = (match["path"] or "$") if match else "$"
    expected = _EXPECTED.search(message)
    what = [part.strip() for part in (expected[1] if expected else "object").split("|")]
    path: list[str | int] = []
    for name, index, anything in _STEP.findall(text):
        if anything:
            here = _follow(value, tuple(path))
            path.append(next(k for k, v in here.items() if json_type(v) not in what))
        else:
            path.append(name or int(index))
    return tuple(path), what


def _take_out(found: dict[str, Any], name: str) -> str:
    """Take an unknown field out of a map and leave its name there."""
    if name in found and name != UNKNOWN_FIELD:
        del found[name]
        found[UNKNOWN_FIELD] = name
    else:
        found.clear()  # whatever is odd about it must not be asked about for ever
    return name


def _follow(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _message(path: Path, what: list[str], found: Any) -> str:
    wanted = " or ".join(_WORDS.get(kind, kind) for kind in what if kind != "null")
    name = next((step for step in reversed(path) if isinstance(step, str)), "the object")
    name = f"an item of {name}" if path and isinstance(path[-1], int) else name
    return f"{name} must be {wanted}, not {type_words(found)}"


def _mend(parent: Any, step: Any, what: list[str], found: Any) -> None:
    """Put what was probably meant in place of a wrong value, or nothing."""
    meant: Any = None
    if "str" in what and isinstance(found, (bool, int, float)):
        meant = str(found).lower() if isinstance(found, bool) else str(found)
    elif "bool" in what and isinstance(found, str):
        meant = _TRUTH.get(found.lower())
    elif "int" in what:
        meant = _whole(found)
    if meant is None and isinstance(parent, list):
        meant = next((_EMPTY[kind] for kind in what if kind in _EMPTY), None)
        meant = dict(meant) if isinstance(meant, dict) else meant
    if meant is None and isinstance(parent, dict):
        del parent[step]
    else:
        parent[step] = meant


def _whole(found: Any) -> int | None:
    """The whole number that a text or a float stands for, None where it stands for none."""
    if isinstance(found, str) and len(found) < 20 and found.removeprefix("-").isdecimal():
        return int(found)
    if isinstance(found, float) and found.is_integer() and abs(found) < 2**63:
        return int(found)
    return None
