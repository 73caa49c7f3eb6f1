"""Where a path stands in a JSON text, found by stepping over everything beside it."""

import json
from json.decoder import WHITESPACE, scanstring

from casemate.model.place import Path

_SCAN = json.JSONDecoder(strict=False).scan_once
_SPACE = WHITESPACE.match


def find(text: str, at: int, path: Path) -> tuple[int, int, int]:
    """Line, column (from 1) and how many steps of the path are there.

    `text` is valid JSON from index `at` on. A key given twice is found where it counts: last.
    """
    at = _SPACE(text, at).end()
    shown = at
    for depth, step in enumerate(path):
        found = _key(text, at, step) if isinstance(step, str) else _item(text, at, step)
        if found is None:
            return (*_line_and_column(text, shown), depth)
        shown, at = found
    return (*_line_and_column(text, shown), len(path))


def _key(text: str, at: int, wanted: str) -> tuple[int, int] | None:
    """The index of a key and of its value in the map at an index."""
    if text[at] != "{":
        return None
    found = None
    at = _SPACE(text, at + 1).end()
    while text[at] != "}":
        start = at
        key, at = scanstring(text, at + 1, False)
        at = _SPACE(text, _SPACE(text, at).end() + 1).end()
        if key == wanted:
            found = start, at
        _, at = _SCAN(text, at)
        at = _next(text, at)
    return found


def _item(text: str, at: int, wanted: int) -> tuple[int, int] | None:
    """The index of an item in the list at an index, twice: it is its own place."""
    if text[at] != "[":
        return None
    at = _SPACE(text, at + 1).end()
    count = 0
    while text[at] != "]":
        if count == wanted:
            return at, at
        _, at = _SCAN(text, at)
        at = _next(text, at)
        count += 1
    return None


def _next(text: str, at: int) -> int:
    """The index after the value's comma, or of the closing bracket."""
    at = _SPACE(text, at).end()
    return _SPACE(text, at + 1).end() if text[at] == "," else at


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
