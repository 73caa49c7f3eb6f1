"""YAML text becomes trees of plain values, document by document.

The text is cut at the `---` lines first, as kubectl does, so that one broken document costs
only itself. Trees are built from libyaml's events: half the cost of PyYAML's own loaders, and
the meaning of scalars is ours to decide (`docs/decisions/0002-reading-yaml.md`).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import yaml
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

from casemate.model.errors import ReadError
from casemate.model.place import Path
from casemate.readers.yaml_scalars import Scalar, json_value, key_text, resolve, tagged

_AFTER_MARKER = frozenset((b"", b" ", b"\t", b"\r", b"\n"))
_DIRECTIVE = re.compile(rb"%")
_END_BEFORE_DIRECTIVE = re.compile(rb"^\.\.\.[ \t]*\r?\n(?=%)", re.MULTILINE)
_BRACES = re.compile(rb"\{\{[^\n]*\}\}")
_DEFINITION = re.compile(rb"\nkind: CustomResourceDefinition[ \t]*(?:\r?\n(?=\S)|\r?\n?\Z)")
"""The kind's line, and no line after it that would go on with it."""
_TOP_LINE = re.compile(rb"\n([^\s#][^\n]*)")
_PLAIN_TOP = re.compile(
    rb"(?:apiVersion: apiextensions\.k8s\.io/\w+|kind: CustomResourceDefinition|metadata:|spec:|status:)\s*\Z"
)
_ODD_BREAKS = ("\x85".encode(), "\u2028".encode(), "\u2029".encode())
"""What ends a line for YAML beside line feed and carriage return."""
_FIRST_LINE = re.compile(rb"(?:---[ \t]*\r?\n)?(?:[ \t]*(?:#.*)?\r?\n)*apiVersion: ")

_NO_KEY: Any = object()
MERGE = "<<"
"""A plain `<<`; told by identity from a quoted one, which is a key like any other."""
_MERGE_TAG = "tag:yaml.org,2002:merge"
_KEYS: dict[str, str] = {MERGE: MERGE}
_VALUES: dict[str, Any] = {}
_REMEMBERED = 20_000


class Chunk(msgspec.Struct, frozen=True):
    """The bytes of one document and the line, from 1, on which they start."""

    text: bytes
    line: int


class Tree(msgspec.Struct):
    """A document as plain values, and where keys were given twice."""

    value: Any
    line: int
    duplicates: tuple[Path, ...] = ()


class Definition(msgspec.Struct):
    """A CustomResourceDefinition: valid YAML of which no control reads anything."""

    line: int


def as_utf8(data: bytes) -> bytes:
    """The text without byte order mark, in UTF-8. Raises `ReadError` for broken UTF-16."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            try:
                return data[2:].decode(encoding).encode()
            except UnicodeError as error:
                raise ReadError(f"the byte order mark says UTF-16, the text is not: {error}") from error
    return data


def split(data: bytes) -> Iterator[Chunk]:
    """Cut a text at its document markers; directives and waivers stay with the document they precede."""
    starts = [0]
    at = data.find(b"\n---")
    while at >= 0:
        if data[at + 4 : at + 5] in _AFTER_MARKER:
            starts.append(at + 1)
        at = data.find(b"\n---", at + 4)
    if b"\n%" in data:
        starts = sorted([*starts, *(end.end() for end in _END_BEFORE_DIRECTIVE.finditer(data))])
    line = 1
    pending = 0
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(data)
        text = data[start:end]
        if end < len(data) and (_DIRECTIVE.match(text) or _is_waiver(text)):
            pending += len(text)
            continue
        yield Chunk(data[start - pending : end], line)
        line += data.count(b"\n", start - pending, end)
        pending = 0


def _is_waiver(text: bytes) -> bool:
    """Whether a text holds nothing but comments, of which one may waive something."""
    return b"casemate:" in text and all(
        not line or line.startswith(b"#") for line in map(bytes.strip, text.splitlines())
    )


def read(chunk: Chunk) -> Iterator[Tree | Definition]:
    """The documents of a chunk: one, or more where `...` ends some early. Empty ones are left out.

    Raises `ReadError` with the line in the file, after the documents before the fault.
    """
    try:
        parser = CParser(chunk.text)
        if _is_definition(chunk.text):
            parser.raw_parse()
            yield Definition(chunk.line)
            return
        get: Callable[[], Any] = parser.get_event
        while (event := get()).__class__ is not StreamEndEvent:
            if event.__class__ is DocumentStartEvent:
                started: Any = event
                tree = _Builder(get).document()
                if tree.value is not None:
                    tree.line = chunk.line + started.start_mark.line
                    yield tree
    except yaml.YAMLError as error:
        raise _explained(error, chunk) from error
    except ReadError as error:
        raise ReadError(str(error), chunk.line + error.line - 1, error.column) from error


class _Builder:
    """Builds one document from events, without recursion."""

    def __init__(self, get: Callable[[], Any]) -> None:
        self.get = get
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.duplicates: list[Path] = []
        self.merged: dict[int, set[str]] = {}
        self.nodes = 0
        self.aliased = 0
        self.stack: list[tuple[Any, Any, str | None, int]] = []

    def document(self) -> Tree:
        """Everything up to the end of the document."""
        root: list[Any] = []
        get, stack = self.get, self.stack
        here: Any = root
        key: Any = _NO_KEY
        while True:
            event = get()
            kind = event.__class__
            self.nodes += 1
            if kind is ScalarEvent:
                in_map = here.__class__ is dict
                if in_map and key is _NO_KEY:
                    key = _KEYS.get(event.value) if event.tag is None and event.implicit[0] else None
                    if key is None:
                        key = key_of(event)
                    if event.anchor:
                        self.anchors[event.anchor] = (_scalar(event), 1)
                    continue
                value = _scalar(event)
                if event.anchor:
                    self.anchors[event.anchor] = (value, 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if here.__class__ is dict and key is _NO_KEY:
                    raise _at(event, "a map or list stands where a key is expected (unrendered braces?)")
                stack.append((here, key, event.anchor, self.nodes))
                here = {} if kind is MappingStartEvent else []
                key = _NO_KEY
                if event.anchor:
                    self.anchors[event.anchor] = (here, 0)
                continue
            elif kind is AliasEvent:
                value = self._alias(event)
                if here.__class__ is dict and key is _NO_KEY:
                    if value.__class__ in {dict, list}:
                        raise _at(event, "an alias of a map or list stands where a key is expected")
                    key = key_text(value)
                    continue
            elif kind is DocumentEndEvent:
                return Tree(root[0], 0, tuple(self.duplicates))
            else:
                value = here
                here, key, anchor, before = stack.pop()
                if anchor and self.anchors[anchor][0] is value:  # else it was given again inside
                    self.anchors[anchor] = (value, self.nodes - before)
            if here.__class__ is dict:
                if key is MERGE:
                    self._merge(here, value, event)
                else:
                    if key in here:
                        self._note_duplicate(here, key)
                    here[key] = value
                key = _NO_KEY
            else:
                here.append(value)

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise _at(event, f"the alias *{event.anchor[:40]} names no anchor before it")
        value, size = self.anchors[event.anchor]
        if size == 0:
            raise _at(event, f"the anchor &{event.anchor[:40]} contains itself")
        self.nodes += size
        self.aliased += size
        if self.aliased > 1000 and self.aliased > _allowed_share(self.nodes) * self.nodes:
            raise _at(event, "aliases multiply this document beyond what Kubernetes accepts (alias bomb)")
        return value

    def _merge(self, here: dict[str, Any], value: Any, event: Any) -> None:
        """`<<`: keys of the maps are taken over in place; of several maps the first wins."""
        maps = value if value.__class__ is list else [value]
        seen = self.merged.setdefault(id(here), set())
        for item in reversed(maps):
            if item.__class__ is not dict:
                raise _at(event, "<< takes a map or a list of maps")
            seen.update(item)
            here.update(item)

    def _note_duplicate(self, here: dict[str, Any], key: str) -> None:
        if key in self.merged.get(id(here), ()):
            self.merged[id(here)].discard(key)
            return
        steps: list[str | int] = []
        for parent, step, _, _ in self.stack[1:]:
            steps.append(len(parent) if parent.__class__ is list else step)
        self.duplicates.append((*steps, key))


def key_of(event: Any) -> str:
    """The text of a scalar that stands as a key; `MERGE` itself for a plain `<<`."""
    plain = event.tag is None and event.implicit[0]
    if plain and event.value in _KEYS:
        return _KEYS[event.value]
    if event.tag == _MERGE_TAG and event.value == MERGE:
        return MERGE
    try:
        key = key_text(_resolved(event))
    except ReadError as error:
        raise _at(event, str(error)) from error
    if plain and len(_KEYS) < _REMEMBERED:
        _KEYS[event.value] = key
    return key


def _scalar(event: Any) -> Any:
    text = event.value
    if event.tag is None:
        if not event.implicit[0]:
            return text
        if text in _VALUES:
            return _VALUES[text]
    try:
        value = json_value(_resolved(event))
    except ReadError as error:
        raise _at(event, str(error)) from error
    if event.tag is None and len(_VALUES) < _REMEMBERED and len(text) < 64:
        _VALUES[text] = value
    return value


def _resolved(event: Any) -> Scalar:
    """What a scalar says: by its form where it is plain, else by its tag."""
    text: str = event.value
    if event.tag is None:
        return resolve(text) if event.implicit[0] else text
    return text if event.tag == "!" else tagged(text, event.tag)


def _allowed_share(nodes: int) -> float:
    """How much of a document may come from aliases (goyaml.v2, `allowedAliasRatio`)."""
    low, high = 400_000, 4_000_000
    if nodes <= low:
        return 0.99
    if nodes >= high:
        return 0.10
    return 0.99 - 0.89 * (nodes - low) / (high - low)


def _is_definition(text: bytes) -> bool:
    """Whether the document is a CustomResourceDefinition, proven without building it.

    Every line at the margin must be one of the five top keys in their plain spelling, with
    one `kind`, and the first line must be one of them: then no other `kind` can be in force.
    """
    if not _DEFINITION.search(text) or not _FIRST_LINE.match(text):
        return False
    if any(map(text.__contains__, _ODD_BREAKS)):
        return False
    if text.count(b"\r") != text.count(b"\r\n"):
        return False
    tops = _TOP_LINE.findall(text)
    return all(map(_PLAIN_TOP.match, tops)) and sum(top.startswith(b"kind:") for top in tops) == 1


def _at(event: Any, message: str) -> ReadError:
    mark = event.start_mark
    return ReadError(message, mark.line + 1, mark.column + 1)


def _explained(error: yaml.YAMLError, chunk: Chunk) -> ReadError:
    """The parser's error with its place in the file and, where it helps, the likely cause."""
    if isinstance(error, yaml.reader.ReaderError):
        before = chunk.text[: error.position]
        line = before.count(b"\n")
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        return ReadError(f"no readable text: {error.reason}", chunk.line + line, column)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None)
    message = f"{context}, {problem}" if context else problem
    if _BRACES.search(chunk.text):
        message += "; it holds template braces: render it first (helm template)"
    if mark is None:
        return ReadError(message, chunk.line)
    return ReadError(message, chunk.line + mark.line, mark.column + 1)
