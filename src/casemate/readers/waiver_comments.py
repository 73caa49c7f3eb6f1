"""Waivers in the comments of manifests: `# casemate: waive CONTROL until=YYYY-MM-DD reason="why"`.

A comment covers what begins on its line, with all that is below it; a comment on a line of its own,
what begins on the next line that holds more than a comment. YAML keeps no comments, so they are
searched for in the text, and what stands inside a value (a script in a ConfigMap) is left out.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from yaml import YAMLError
from yaml._yaml import CParser  # the class behind yaml.CLoader, without its loaders
from yaml.events import ScalarEvent, StreamEndEvent

from casemate.model.place import Document
from casemate.readers.waiver_signs import SIGN

_COMMENT = re.compile(r"(?:^|(?<=[\s]))#[ \t]*casemate:[ \t]*waive\b([^\r\n]*)", re.MULTILINE)
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_LONE = re.compile(r"\s*(?:---)?(?:\s*-(?=\s))*\s*")
"""What may stand before a comment that is about the next line: a new document, or the dash of an item."""
_NOTHING = re.compile(r"(?:---)?\s*(?:#.*)?")


class Comment(msgspec.Struct, frozen=True):
    """The words behind `waive`, where the comment stands, and the line it covers (None: nothing)."""

    words: str
    line: int
    column: int
    covers: int | None


def comments(document: Document) -> Iterator[Comment]:
    """The waivers in the comments of a YAML document that has been read before."""
    if document.is_json or document.text is None or SIGN not in document.text:
        return
    text = document.text.decode("utf-8", "replace")
    found = list(_COMMENT.finditer(text))
    if not found:
        return
    inside = list(_values(document.text))
    lines = _BREAK.split(text)
    for match in found:
        at = match.start()
        if any(start <= at < end for start, end in inside):
            continue
        breaks = list(_BREAK.finditer(text, 0, at))
        index, column = len(breaks), at - (breaks[-1].end() if breaks else 0)
        covers: int | None = index
        if _LONE.fullmatch(lines[index][:column]):
            rest = range(index + 1, len(lines))
            covers = next((number for number in rest if not _NOTHING.fullmatch(lines[number])), None)
        first = document.line
        yield Comment(match[1].strip(), first + index, column + 1, None if covers is None else first + covers)


def _values(text: bytes) -> Iterator[tuple[int, int]]:
    """Where scalars start and end, in characters; a block's first line may still hold a comment."""
    get: Callable[[], Any] = CParser(text).get_event
    decoded = text.decode("utf-8", "replace")
    try:
        while (event := get()).__class__ is not StreamEndEvent:
            if event.__class__ is ScalarEvent:
                scalar: Any = event  # the type of its marks allows None, which the parser never gives
                start = scalar.start_mark.index
                if scalar.style in {"|", ">"}:
                    end_of_line = _BREAK.search(decoded, start)
                    start = end_of_line.end() if end_of_line else len(decoded)
                yield start, scalar.end_mark.index
    except YAMLError:
        return  # said when it was read
