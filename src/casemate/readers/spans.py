"""Where every value of a document starts and ends in its text, and how the text is laid out."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from json.decoder import WHITESPACE, scanstring  # type: ignore[attr-defined] # the C scanner
from typing import Any

import msgspec
from yaml import YAMLError
from yaml._yaml import CParser  # the class behind yaml.CLoader, without its loaders
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from casemate.engine.spans import BLOCKS, Child, Form, Layout, Span
from casemate.model.errors import ReadError
from casemate.readers.yaml_text import MERGE, key_of

_SCAN = json.JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined] # the C scanner
_SPACE = WHITESPACE.match
_LINE_END = re.compile(r"\r\n|\n|\r")
_NULLS = frozenset(("~", "null", "Null", "NULL"))
_MERGES = "it holds a merge key (<<), whose keys other places share"


class _Open(msgspec.Struct, eq=False):
    """A map or list whose end is not reached yet, and the key that waits for its value."""

    span: Span
    key: str | None = None
    key_start: int = -1
    key_end: int = -1


def yaml_spans(text: str) -> tuple[list[Span], Layout]:
    """The documents of a text that was read before, and its layout.

    Raises `ReadError` where the text cannot be read as YAML.
    """
    builder = _Builder(text)
    roots = []
    try:
        get: Callable[[], Any] = CParser(text.encode()).get_event
        while (event := get()).__class__ is not StreamEndEvent:
            if event.__class__ is DocumentStartEvent:
                roots.append(builder.document(get))
    except YAMLError as error:
        raise ReadError("its text cannot be read to the end") from error
    return roots, builder.layout()


class _Builder:
    """Builds spans from events and notes the habits of the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.indents: Counter[int] = Counter()
        self.list_indents: Counter[int] = Counter()

    def layout(self) -> Layout:
        """What the text does mostly; where it shows nothing, two columns."""
        indent = _most(self.indents, 2)
        end = _LINE_END.search(self.text)
        return Layout(
            indent=indent,
            list_indent=_most(self.list_indents, indent),
            line_end=end[0] if end is not None else "\n",
        )

    def document(self, get: Callable[[], Any]) -> Span:
        """The root of one document, up to its end."""
        stack = [_Open(Span(0, 0, Form.BLOCK_LIST, found=[]))]
        while True:
            event = get()
            kind = event.__class__
            here = stack[-1]
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append(_Open(self._collection(event, is_map=kind is MappingStartEvent)))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                span = stack.pop().span
                if span.form not in BLOCKS:
                    span.end = event.end_mark.index
                elif span.children:
                    last = span.children[-1].node
                    span.end, span.after = last.end, last.after
                self._attach(stack[-1], span)
            elif kind is ScalarEvent and _awaits_key(here):
                here.key = key_of(event)
                here.key_start, here.key_end = event.start_mark.index, event.end_mark.index
                if here.key is MERGE:
                    here.span.fixed = _MERGES
            elif kind is AliasEvent and _awaits_key(here):
                here.key = f"*{event.anchor}"
                here.key_start, here.key_end = event.start_mark.index, event.end_mark.index
                here.span.fixed = "an alias stands there as a key"
            elif kind is ScalarEvent:
                self._attach(here, self._scalar(event))
            elif kind is AliasEvent:
                start, end = event.start_mark.index, event.end_mark.index
                why = f"it is the alias *{event.anchor}: its value stands under an anchor"
                self._attach(here, Span(start, end, Form.SCALAR, fixed=why))
            else:
                roots = stack[0].span.children
                return roots[0].node if roots else Span(0, 0, Form.NULL)

    def _collection(self, event: Any, *, is_map: bool) -> Span:
        start = event.start_mark
        if event.flow_style:
            form = Form.FLOW_MAP if is_map else Form.FLOW_LIST
        else:
            form = Form.BLOCK_MAP if is_map else Form.BLOCK_LIST
        end = event.end_mark.index
        return Span(start.index, end, form, start.column, fixed=_fixed(event), found=[])

    def _scalar(self, event: Any) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        fixed = _fixed(event)
        if event.style in {"|", ">"}:
            written = self.text[start:end]
            keeps = "+" in written.split("\n", 1)[0]
            stripped = start + len(written.rstrip(" \t\r\n"))
            return Span(start, stripped, Form.TEXT_BLOCK, after=end if keeps else -1, fixed=fixed)
        form = Form.SCALAR
        if event.implicit[0] and event.tag is None and not event.style:
            form = Form.ABSENT if start == end else Form.NULL if event.value in _NULLS else Form.SCALAR
        return Span(start, end, form, fixed=fixed)

    def _attach(self, here: _Open, node: Span) -> None:
        parent = here.span
        children = parent.children
        if parent.form in {Form.BLOCK_MAP, Form.FLOW_MAP}:
            children.append(Child(here.key or "", here.key_start, node, here.key_end))
            here.key = None
            if parent.form is Form.BLOCK_MAP and node.form in BLOCKS:
                counter = self.indents if node.form is Form.BLOCK_MAP else self.list_indents
                counter[node.column - parent.column] += 1
            return
        start = node.start
        if parent.form is Form.BLOCK_LIST:
            start = self._dash(parent, children[-1].node.end) if children else parent.start
        children.append(Child(len(children), start, node, start + 1))

    def _dash(self, parent: Span, before: int) -> int:
        """The dash of the next item: the first one in the list's column that nothing precedes on its line."""
        line = before
        while (end := _LINE_END.search(self.text, line)) is not None:
            line = end.end()
            at = line + parent.column
            if self.text[at : at + 1] == "-" and not self.text[line:at].strip():
                return at
        raise ReadError("an item of a list does not stand on a line of its own")


def _awaits_key(here: _Open) -> bool:
    return here.key is None and here.span.form in {Form.BLOCK_MAP, Form.FLOW_MAP}


def _fixed(event: Any) -> str | None:
    if event.anchor:
        return f"it stands under the anchor &{event.anchor}, which other places may share"
    return f"it carries the tag {event.tag}" if event.tag else None


def _most(counted: "Counter[int]", default: int) -> int:
    sound = [(times, -value) for value, times in counted.items() if value >= 0]
    return -max(sound)[1] if sound else default


def json_span(text: str, start: int) -> Span:
    """The value that starts at a character of a text of valid JSON; what is in it is found when asked for."""
    start = _SPACE(text, start).end()
    _, end = _SCAN(text, start)
    return _json(text, start, end)


def json_layout(text: str) -> Layout:
    """The line ends of a JSON text."""
    end = _LINE_END.search(text)
    return Layout(line_end=end[0] if end is not None else "\n", is_json=True)


def _json(text: str, start: int, end: int) -> Span:
    opening = text[start]
    if opening not in "{[":
        form = Form.NULL if text.startswith("null", start) else Form.SCALAR
        return Span(start, end, form)
    form = Form.FLOW_MAP if opening == "{" else Form.FLOW_LIST
    return Span(start, end, form, find=lambda: list(_json_children(text, start)))


def _json_children(text: str, at: int) -> Iterator[Child]:
    is_map = text[at] == "{"
    closing = "}" if is_map else "]"
    at = _SPACE(text, at + 1).end()
    index = 0
    while text[at] != closing:
        start = at
        step: str | int = index
        if is_map:
            step, at = scanstring(text, at + 1, False)  # noqa: FBT003 # its third parameter has no name
            at = _SPACE(text, _SPACE(text, at).end() + 1).end()
        _, end = _SCAN(text, at)
        yield Child(step, start, _json(text, at, end), start)
        index += 1
        at = _SPACE(text, end).end()
        if text[at] == ",":
            at = _SPACE(text, at + 1).end()
