"""Where a path stands in a JSON text, found by stepping over everything beside it."""

import json
import re
from bisect import bisect_right
from json.decoder import WHITESPACE, scanstring  # type: ignore[attr-defined] # the C scanner

from casemate.model.place import Path

_SCAN = json.JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined] # the C scanner
_SPACE = WHITESPACE.match


class JsonPositions:
    """Positions in a text that holds valid JSON.

    A map or list is stepped through once, however many paths lead into it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}

    def find(self, start: int, path: Path) -> tuple[int, int, int]:
        """Line, column (from 1) and how many steps of the path are there, in the value from `start` on."""
        shown = at = _SPACE(self.text, start).end()
        for depth, step in enumerate(path):
            children = self._children.get(at)
            if children is None:
                children = self._children[at] = self._step_through(at)
            if step not in children:
                return (*self._line_and_column(shown), depth)
            shown, at = children[step]
        return (*self._line_and_column(shown), len(path))

    def _step_through(self, at: int) -> dict[str | int, tuple[int, int]]:
        """For each key or list index, where it is shown and where its value starts.

        A key given twice stands where it counts: last.
        """
        text = self.text
        opening = text[at]
        found: dict[str | int, tuple[int, int]] = {}
        if opening not in "{[":
            return found
        closing = "}" if opening == "{" else "]"
        at = _SPACE(text, at + 1).end()
        while text[at] != closing:
            start = at
            key: str | int = len(found)
            if opening == "{":
                key, at = scanstring(text, at + 1, False)  # noqa: FBT003 # its third parameter has no name
                at = _SPACE(text, _SPACE(text, at).end() + 1).end()
            found[key] = (start, at)
            try:
                _, at = _SCAN(text, at)
            except StopIteration:
                raise ValueError("no longer the JSON that was read") from None
            at = _SPACE(text, at).end()
            if text[at] == ",":
                at = _SPACE(text, at + 1).end()
        return found

    def _line_and_column(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1
