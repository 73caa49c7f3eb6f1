"""Symbolic places become lines and columns, when they are to be shown."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from yaml import YAMLError
from yaml._yaml import CParser  # the class behind yaml.CLoader, without its loaders
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from casemate.model.control import Finding
from casemate.model.errors import ReadError
from casemate.model.place import Document, Path, Position
from casemate.readers.manifests import reopened
from casemate.readers.yaml_text import MERGE, key_of

if TYPE_CHECKING:
    from casemate.readers.json_positions import JsonPositions

Mark = tuple[int, int]


class Node(msgspec.Struct, eq=False):
    """A node of a document: where it starts, and its children with the place of their keys."""

    mark: Mark
    children: dict[str | int, "tuple[Mark, Node]"] = {}
    is_map: bool = False


def locate(findings: Iterable[Finding]) -> Iterator[tuple[Finding, Position]]:
    """Each finding with its line and column in the file it names, in the order given.

    A path that is not there stands at its nearest parent, and the rest is `missing`.
    """
    return Locator().locate(findings)


class Locator:
    """Locates findings; the document of the last one is kept for the next, which is often in it too."""

    def __init__(self) -> None:
        self._last: _Positions | None = None

    def locate(self, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Position]]:
        """See `locate`."""
        for finding in findings:
            origin = finding.entity.origin
            yield finding, self._in(origin.document).of((*origin.path, *finding.fault.at))

    def lines(self, document: Document, path: Path) -> frozenset[int]:
        """The lines on which a path of a YAML document and all that it stands in begin."""
        return self._in(document).lines(path)

    def place(self, document: Document, path: Path) -> Position:
        """Where a path of a document stands."""
        return self._in(document).of(path)

    def _in(self, document: Document) -> "_Positions":
        if self._last is None or document is not self._last.document:
            self._last = _Positions(document, self._last)
        return self._last


class _Positions:
    """Positions in one document; `last` are those of another one, maybe of the same text."""

    def __init__(self, document: Document, last: "_Positions | None" = None) -> None:
        self.document = document
        self.json: JsonPositions | None = None
        self.roots: list[Node] = []
        if document.text is None and not document.length:
            return
        if last is not None and last.json is not None and last.document.text is document.text is not None:
            self.json = last.json
            return
        try:
            document = reopened(document)
        except ReadError:
            return  # the file is gone: the document's own start is all that can be said
        data = document.text or b""
        if document.is_json:
            from casemate.readers import json_positions  # noqa: PLC0415 # start-up

            self.json = json_positions.JsonPositions(data.decode("utf-8", "replace"))
        else:
            self.roots = list(_nodes(data))

    def of(self, path: Path) -> Position:
        """Where a path of the document stands."""
        first = self.document
        if first.marks is not None:
            depth = next((n for n in range(len(path), 0, -1) if path[:n] in first.marks), 0)
            line, column = first.marks.get(path[:depth], (first.line, first.column))
            return Position(line, column, path[depth:])
        if self.json is not None:
            try:
                line, column, depth = self.json.find(0 if first.text is None else first.offset, path)
            except (ValueError, IndexError, RecursionError):  # changed meanwhile, or nested at the limit
                return Position(first.line, first.column, path)
            if first.text is None:
                column = column + first.column - 1 if line == 1 else column
                line += first.line - 1
            return Position(line, column, path[depth:])
        best, depth = (0, first.column - 1), -1
        for root in self.roots:
            mark, reached = _follow(root, path)
            if reached > depth:
                best, depth = mark, reached
        return Position(first.line + best[0], best[1] + 1, path[max(depth, 0) :])

    def lines(self, path: Path) -> frozenset[int]:
        """The lines of a path and of each of its parents; none in JSON, which has no comments."""
        node = max(self.roots, key=lambda root: _follow(root, path)[1], default=None)
        found: set[int] = set()
        for step in (None, *path):
            if node is None or (step is not None and step not in node.children):
                break
            mark = node.mark
            if step is not None:
                mark, node = node.children[step]
            found.add(self.document.line + mark[0])
        return frozenset(found)


def _follow(node: Node, path: Path) -> tuple[Mark, int]:
    mark = node.mark
    for depth, step in enumerate(path):
        if step not in node.children:
            return mark, depth
        mark, node = node.children[step]
    return mark, len(path)


def _nodes(text: bytes) -> Iterator[Node]:
    """The documents of a text that was read before, up to the one that could not be read."""
    try:
        get: Callable[[], Any] = CParser(text).get_event
        while (event := get()).__class__ is not StreamEndEvent:
            if event.__class__ is DocumentStartEvent:
                yield _node(get)
    except (YAMLError, ReadError):
        return  # reported when it was read


def _node(get: Any) -> Node:
    anchors: dict[str, Node] = {}
    scalars: dict[str, Any] = {}
    root = here = Node((0, 0))
    key: tuple[str, Mark] | None = None
    stack: list[tuple[Node, tuple[str, Mark] | None]] = []
    while True:
        event = get()
        kind = event.__class__
        if kind is DocumentEndEvent:
            return root.children[0][1] if root.children else root
        if kind is ScalarEvent or kind is AliasEvent:
            start = event.start_mark
            mark = (start.line, start.column)
            if kind is ScalarEvent and here.is_map and key is None:
                key = (key_of(event), mark)
                if event.anchor:
                    scalars[event.anchor] = event
                continue
            if kind is AliasEvent and here.is_map and key is None:
                named = scalars.get(event.anchor)
                key = ("" if named is None else key_of(named), mark)
                continue
            child = Node(mark) if kind is ScalarEvent else anchors.get(event.anchor, Node(mark))
            if kind is ScalarEvent and event.anchor:
                anchors[event.anchor] = child
                scalars[event.anchor] = event
            _attach(here, key, child, mark)
            key = None
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            start = event.start_mark
            child = Node((start.line, start.column), {}, kind is MappingStartEvent)
            if event.anchor:
                anchors[event.anchor] = child
            stack.append((here, key))
            here, key = child, None
        else:
            child = here
            here, key = stack.pop()
            _attach(here, key, child, child.mark)
            key = None


def _attach(here: Node, key: tuple[str, Mark] | None, child: Node, mark: Mark) -> None:
    if key is None:
        here.children[len(here.children)] = (mark, child)
    elif key[0] is MERGE:
        maps = [child] if child.is_map else [node for _, node in child.children.values()]
        for item in reversed(maps):
            here.children.update(item.children)
    else:
        here.children[key[0]] = (key[1], child)
