"""Edits become changes of a text: as few characters as possible, in the style of what stands around."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from casemate.engine.edits import EditTree, plain
from casemate.engine.spans import BLOCKS, EMPTY, LISTS, Child, Form, Layout, Span
from casemate.writers.insertion import block, quoted, scalar

_NO_SPACE = re.compile(r"[^ \t]")
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


class TextChange(msgspec.Struct, frozen=True):
    """Characters of a text, from `start` up to `end`, and what stands there afterwards."""

    start: int
    end: int
    text: str


def place_of(change: TextChange) -> tuple[int, int]:
    """What puts changes in order; those of one place keep theirs."""
    return change.start, change.end


def changed(text: str, changes: Sequence[TextChange]) -> str:
    """The text with changes made, which are in order and do not overlap."""
    parts, at = [], 0
    for change in changes:
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def text_changes(text: str, root: Span, tree: EditTree, layout: Layout) -> list[TextChange]:
    """The changes that make the edits of `tree` in the value at `root`, in order of the text."""
    found = list(_Editor(text, layout).inside(Child(0, root.start, root), tree, None))
    found.sort(key=place_of)
    return list(_joined(found))


def _joined(changes: list[TextChange]) -> Iterator[TextChange]:
    """Removals that share the break between their lines become one."""
    last: TextChange | None = None
    for change in changes:
        if last is not None and not (last.text or change.text) and change.start < last.end:
            last = TextChange(last.start, max(last.end, change.end), "")
            continue
        if last is not None:
            yield last
        last = change
    if last is not None:
        yield last


class _Editor:
    """Walks spans and edits side by side."""

    def __init__(self, text: str, layout: Layout) -> None:
        self.text = text
        self.layout = layout

    def inside(self, entry: Child, tree: EditTree, parent: Span | None) -> Iterator[TextChange]:
        """Changes of a value that stays, and of what is in it."""
        span = entry.node
        if tree.edit is not None:
            yield from self._replaced(entry, plain(tree.edit.value), parent)
            return
        if span.form in EMPTY or not span.children:
            value = tree.value()
            if value:
                yield from self._filled(entry, value, parent)
            return
        new = tree.additions({child.step for child in span.children})
        kept = [child for child in span.children if not _goes(child, tree)]
        if not kept:
            value = tree.value() or ([] if span.form in LISTS else {})
            yield from self._emptied(entry, value, parent)
            return
        for child in kept:
            if child.step in tree.children:
                yield from self.inside(child, tree.children[child.step], span)
        gone = len(kept) < len(span.children)
        if span.form in BLOCKS:
            if gone:
                yield from self._lines_gone(span, tree)
            if new:
                yield self._lines_more(span, new, tree)
        else:
            if gone:
                yield from self._items_gone(span, tree)
            if new:
                yield self._items_more(span, kept, new)

    def _replaced(self, entry: Child, value: Any, parent: Span | None) -> Iterator[TextChange]:
        """Another value in the place of one."""
        span = entry.node
        if span.form is Form.ABSENT:
            yield TextChange(span.end, span.end, " " + self._flow(span.start, value, parent))
        elif span.form in BLOCKS:
            yield from self._emptied(entry, value, parent)
        else:
            yield TextChange(span.start, span.end, self._flow(span.start, value, parent))

    def _filled(self, entry: Child, value: Any, parent: Span | None) -> Iterator[TextChange]:
        """Entries for a map or list that has none: `{}`, null or nothing behind the key."""
        span = entry.node
        if span.form is not Form.ABSENT or parent is None or parent.form is not Form.BLOCK_MAP:
            yield from self._replaced(entry, value, parent)
            return
        column = parent.column + (self.layout.list_indent if isinstance(value, list) else self.layout.indent)
        at = self._line_end(span.end)
        yield TextChange(at, at, f"{self.layout.line_end}{' ' * column}{self._lines(value, column)}")

    def _emptied(self, entry: Child, value: Any, parent: Span | None) -> Iterator[TextChange]:
        """All entries go, and `value` comes in their place."""
        span = entry.node
        if span.form not in BLOCKS:
            yield TextChange(span.start, span.end, self._flow(span.start, value, parent))
            return
        first = span.children[0]
        if _in_lines(span, value):
            end = self._line_end(span.end) if self._starts_line(first.start) else span.end
            yield TextChange(first.start, end, self._lines(value, span.column))
            return
        colon = self._colon_end(entry)
        written = f" {self._flow(span.start, value, parent)}"
        if parent is None:
            yield TextChange(first.start, span.end, written.lstrip())
        elif self._starts_line(first.start):
            yield TextChange(colon, colon, written)
            yield from map(self._line_gone, span.children)
        else:
            yield TextChange(colon, span.end, written)

    def _lines_gone(self, span: Span, tree: EditTree) -> Iterator[TextChange]:
        """Entries of a block go with their lines; what shares a line with them stays."""
        children = span.children
        run = next(index for index, child in enumerate(children) if not _goes(child, tree))
        if run and not self._starts_line(children[0].start):
            ends = [self._line_end(child.node.end) for child in children[:run]]
            gaps = zip(ends, (child.start for child in children[1 : run + 1]), strict=True)
            if all(not self.text[end:start].strip() for end, start in gaps):
                yield TextChange(children[0].start, children[run].start, "")
                children = children[run:]
            else:
                lead = self._before_space(children[0].start)
                yield TextChange(lead, ends[0], "")
                children = children[1:]
        for child in children:
            if _goes(child, tree):
                yield self._line_gone(child)

    def _line_gone(self, child: Child) -> TextChange:
        """An entry goes with its lines, and what stands on them behind it."""
        start = self._line_start(child.start)
        if child.node.after >= 0:
            return TextChange(start, child.node.after, "")
        end = self._line_end(child.node.end)
        following = _BREAK.match(self.text, end)
        if following is not None:
            return TextChange(start, following.end(), "")
        return TextChange(self._before_break(start), end, "")

    def _lines_more(self, span: Span, new: dict[str | int, Any], tree: EditTree) -> TextChange:
        """New entries of a block, below its last one."""
        value: Any = list(new.values()) if span.form is Form.BLOCK_LIST else new
        lines = " " * span.column + self._lines(value, span.column)
        last = self._last(span, tree)
        if last.after >= 0:
            return TextChange(last.after, last.after, lines + self.layout.line_end)
        at = self._line_end(last.end)
        return TextChange(at, at, self.layout.line_end + lines)

    def _last(self, span: Span, tree: EditTree | None) -> Span:
        """The part of a block that stands last once the edits are made."""
        if span.form not in BLOCKS:
            return span
        if tree is None:
            return self._last(span.children[-1].node, None)
        if tree.edit is None:
            for child in reversed(span.children):
                below = tree.children.get(child.step)
                if below is None or not below.removes:
                    return self._last(child.node, below)
        first = span.children[0]
        if _in_lines(span, tree.value()) or not self._starts_line(first.start):
            return span
        above = self._before_space(first.start)  # the key, or a comment between it and what went
        return Span(above, above, span.form)

    def _colon_end(self, entry: Child) -> int:
        """Behind the colon or dash of an entry in a block."""
        return entry.lead_end if isinstance(entry.step, int) else self.text.index(":", entry.lead_end) + 1

    def _items_gone(self, span: Span, tree: EditTree) -> Iterator[TextChange]:
        """Entries between braces or brackets go with one comma each."""
        children = span.children
        last_kept = max(index for index, child in enumerate(children) if not _goes(child, tree))
        for index, child in enumerate(children[:last_kept]):
            if _goes(child, tree):
                yield self._item_gone(child, children[index + 1].start)
        if last_kept < len(children) - 1:
            end, first = children[last_kept].node.end, children[last_kept + 1].start
            stays = "#" in self.text[end:first]  # a comment; the comma before it may stand last as well
            yield TextChange(first if stays else end, children[-1].node.end, "")

    def _item_gone(self, child: Child, following: int) -> TextChange:
        """An item goes with its comma: up to the next one, or with its line where comments stand between."""
        end = self._line_end(child.node.end)
        if "#" not in self.text[end:following] or "," not in self.text[child.node.end : end]:
            return TextChange(child.start, following, "")
        return self._line_gone(child) if self._starts_line(child.start) else TextChange(child.start, end, "")

    def _items_more(self, span: Span, kept: list[Child], new: dict[str | int, Any]) -> TextChange:
        """New entries between braces or brackets, behind the last one."""
        last = kept[-1]
        in_lines = self._starts_line(last.start)
        lead = self.text[self._line_start(last.start) : last.start]
        between = f",{self.layout.line_end}{lead}" if in_lines else self._comma(span)
        texts = []
        for step, value in new.items():
            written = self._flow(last.start, value, span)
            if isinstance(step, int):
                texts.append(written)
            elif self._is_quoted(span):
                texts.append(f"{quoted(step)}{self._colon(span)}{written}")
            else:
                texts.append(f"{scalar(step)}: {written}")
        return TextChange(last.node.end, last.node.end, "".join(between + item for item in texts))

    def _flow(self, at: int, value: Any, parent: Span | None) -> str:
        """A value on one line or, in JSON laid out in lines, on several."""
        if not self.layout.is_json and (parent is None or not self._is_quoted(parent)):
            return scalar(value)
        if parent is None or not value or not isinstance(value, (dict, list)):
            return quoted(value)
        colon, comma = self._colon(parent), self._comma(parent)
        if not self._starts_line(parent.children[0].start):
            return quoted(value, colon, comma)
        lead = self._indentation(at)
        return quoted(value, colon, comma, (f"{self.layout.line_end}{lead}", self._unit(parent, lead)))

    def _unit(self, parent: Span, lead: str) -> str:
        """One step of indentation, as the map around shows it."""
        width = len(lead) - len(self._indentation(parent.start))
        return lead[-width:] if width > 0 else "  "

    def _is_quoted(self, span: Span) -> bool:
        """Whether a map between braces writes its keys as JSON does."""
        if self.layout.is_json:
            return True
        return span.form is Form.FLOW_MAP and bool(span.children) and self.text[span.children[0].start] == '"'

    def _colon(self, span: Span) -> str:
        first = span.children[0]
        written = self.text[first.start : first.node.start]
        return ":" if isinstance(first.step, str) and written.endswith(":") else ": "

    def _comma(self, span: Span) -> str:
        if len(span.children) > 1:
            first, second = span.children[0].node.end, span.children[1].start
            return "," if self.text[first:second] == "," else ", "
        return "," if self._colon(span) == ":" and self.layout.is_json else ", "

    def _lines(self, value: Any, column: int) -> str:
        """A map or list in block style; lines after the first are indented to the column."""
        return f"{self.layout.line_end}{' ' * column}".join(block(value, self.layout))

    def _line_start(self, at: int) -> int:
        start = 0
        for end in _BREAK.finditer(self.text, max(0, self.text.rfind("\n", 0, at)), at):
            start = end.end()
        return start

    def _line_end(self, at: int) -> int:
        end = _BREAK.search(self.text, at)
        return end.start() if end is not None else len(self.text)

    def _starts_line(self, at: int) -> bool:
        return not self.text[self._line_start(at) : at].strip()

    def _indentation(self, at: int) -> str:
        start = self._line_start(at)
        return self.text[start : _NO_SPACE.search(self.text, start).start()]  # type: ignore[union-attr] # what is at `at` is none

    def _before_space(self, at: int) -> int:
        """Where the white space before a character starts."""
        while at and self.text[at - 1] in " \t\r\n":
            at -= 1
        return at

    def _before_break(self, start: int) -> int:
        """The end of the line above one that starts here."""
        if self.text[start - 2 : start] == "\r\n":
            return start - 2
        return max(start - 1, 0)


def _in_lines(span: Span, value: Any) -> bool:
    """Whether a value in the place of all entries of a block is written in lines as they were."""
    return bool(value) and isinstance(value, list if span.form is Form.BLOCK_LIST else dict)


def _goes(child: Child, tree: EditTree) -> bool:
    below = tree.children.get(child.step)
    return below is not None and below.removes
