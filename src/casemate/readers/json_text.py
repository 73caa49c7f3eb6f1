"""JSON text becomes plain values; a long list of objects is read item by item.

Source: RFC 8259; concatenated values are accepted as kubectl accepts them. The last of two
equal keys counts, as for the API server, and is reported.
"""

import json
import re
from collections.abc import Iterator
from json.decoder import WHITESPACE  # type: ignore[attr-defined] # what JSON calls white space
from typing import Any, BinaryIO

import msgspec

from casemate.model.errors import ReadError
from casemate.model.place import Path

WINDOW = 4 * 1024 * 1024
_TAIL = 3
"""What may still belong to a number that seems to end before it: `.`, `e-`."""
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = WHITESPACE.match


class Value(msgspec.Struct):
    """A value of the text, where it stands and the keys given twice.

    `offset` and `length` count the characters of a whole text, and the bytes of a stream.
    """

    value: Any
    line: int
    column: int
    offset: int
    length: int
    duplicates: tuple[Path, ...]


class _Decoder:
    """Decodes values and notes which maps have a key twice."""

    def __init__(self) -> None:
        self._twice: list[tuple[dict[str, Any], str]] = []
        self._scan = json.JSONDecoder(object_pairs_hook=self._map, strict=False).scan_once  # type: ignore[attr-defined] # the C scanner

    def _map(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self._twice.append((found, key))
                seen.add(key)
        return found

    def decode(self, text: str, at: int) -> tuple[Any, int, tuple[Path, ...]]:
        """The value at an index, the index after it, and the paths of keys given twice."""
        self._twice.clear()
        try:
            value, end = self._scan(text, at)
            duplicates = tuple(self._paths(value)) if self._twice else ()
            if "\\u" in text[at:end] and _LONE_SURROGATE.search(json.dumps(value, ensure_ascii=False)):
                value = _without_surrogates(value)
                duplicates = tuple(map(tuple, _without_surrogates(duplicates)))
        except StopIteration as stop:
            raise json.JSONDecodeError("a value is expected", text, stop.value) from stop
        except RecursionError:
            raise json.JSONDecodeError("nested too deeply to be an object of Kubernetes", text, at) from None
        return value, end, duplicates

    def _paths(self, value: Any) -> Iterator[Path]:
        twice: dict[int, list[str]] = {}
        for found, key in self._twice:
            twice.setdefault(id(found), []).append(key)
        todo: list[tuple[Any, Path]] = [(value, ())]
        while todo:
            here, path = todo.pop()
            if isinstance(here, dict):
                yield from ((*path, key) for key in twice.get(id(here), ()))
                todo.extend((child, (*path, key)) for key, child in here.items())
            elif isinstance(here, list):
                todo.extend((child, (*path, index)) for index, child in enumerate(here))


def read(data: bytes) -> Iterator[Value]:
    """Every value of a text that fits in memory.

    Raises `ReadError` at the first place that is no JSON, after the values before it.
    """
    text = _decoded(data)
    decoder = _Decoder()
    at = _SPACE(text, 0).end()
    counted, line = 0, 1
    while at < len(text):
        line += text.count("\n", counted, at)
        counted = at
        try:
            value, end, duplicates = decoder.decode(text, at)
        except ValueError as error:
            raise _explained(error) from error
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        yield Value(value, line, column, at, end - at, duplicates)
        at = _SPACE(text, end).end()


def stream(file: BinaryIO) -> Iterator[Value | tuple[str, Any]]:
    """The items of a large list object one by one, then its other keys as pairs.

    The file holds one map; what stands in its `items` list comes as `Value`s, every other
    key as `(key, value)`. Raises `ReadError` where the text is no such map.
    """
    window = _Window(file)
    window.expect("{")
    while not window.take("}"):
        key = window.value().value
        if not isinstance(key, str):
            raise window.error("a key must be text")
        window.expect(":")
        if key == "items" and window.take("["):
            while not window.take("]"):
                yield window.value()
                window.take(",")
        else:
            yield key, window.value().value
        window.take(",")
    if not window.at_end():
        raise window.error("something follows the end of the list")


class _Window:
    """A part of a text that moves forward over a file; memory is bounded by its largest item."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.decoder = _Decoder()
        self.text = ""
        self.at = 0
        self.offset = 0
        self.line = 1
        self.column = 1
        self.rest = b""
        self.ended = False

    def fill(self, size: int = WINDOW) -> bool:
        """Read on; what was passed is forgotten. False at the end of the file."""
        if self.ended:
            return False
        data = self.rest + self.file.read(size)
        self.ended = len(data) - len(self.rest) < size
        try:
            more = data.decode()
            self.rest = b""
        except UnicodeDecodeError as error:
            if self.ended or error.start < len(data) - 3:
                before = self.text[self.at :] + data[: error.start].decode()
                raise ReadError(f"no UTF-8 text: {error.reason}", *self.after(before)) from error
            more, self.rest = data[: error.start].decode(), data[error.start :]
        self.text = self.text[self.at :] + more
        self.at = 0
        return True

    def skip(self, end: int) -> None:
        """Move to an index of the window, counting lines and bytes."""
        passed = self.text[self.at : end]
        self.line, self.column = self.after(passed)
        self.offset += len(passed) if passed.isascii() else len(passed.encode(errors="surrogatepass"))
        self.at = end

    def after(self, passed: str) -> tuple[int, int]:
        """Line and column behind a text that starts here."""
        lines = passed.count("\n")
        return self.line + lines, len(passed) - passed.rfind("\n") if lines else self.column + len(passed)

    def space(self) -> bool:
        """Skip white space; false at the end of the text."""
        while True:
            end = _SPACE(self.text, self.at).end()
            if end > self.at:
                self.skip(end)
            if self.at < len(self.text):
                return True
            if not self.fill():
                return False

    def take(self, mark: str) -> bool:
        """Pass a punctuation mark if it comes next."""
        if self.space() and self.text[self.at] == mark:
            self.at, self.offset, self.column = self.at + 1, self.offset + 1, self.column + 1
            return True
        return False

    def expect(self, mark: str) -> None:
        """Pass a punctuation mark that must come next."""
        if not self.take(mark):
            raise self.error(f"{mark} is expected")

    def value(self) -> Value:
        """The next value, reading on as far as it needs."""
        if not self.space():
            raise self.error("the text ends too early")
        size = WINDOW
        while True:
            try:
                value, end, duplicates = self.decoder.decode(self.text, self.at)
            except ValueError as error:
                if not self.fill(size):
                    before = self.text[self.at : getattr(error, "pos", self.at)]
                    raise ReadError(str(_explained(error)), *self.after(before)) from error
                size *= 2
                continue
            if len(self.text) - end < _TAIL and self.fill(size):
                continue
            line, column, offset = self.line, self.column, self.offset
            self.skip(end)
            return Value(value, line, column, offset, self.offset - offset, duplicates)

    def at_end(self) -> bool:
        """Whether only white space is left."""
        return not self.space()

    def error(self, message: str) -> ReadError:
        """An error at the present place."""
        return ReadError(f"no JSON: {message}", self.line, self.column)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise ReadError(f"no UTF-8 text: {error.reason}", line, column) from error


def _explained(error: ValueError) -> ReadError:
    if isinstance(error, json.JSONDecodeError):
        return ReadError(f"no JSON: {error.msg}", error.lineno, error.colno)
    return ReadError(f"no JSON: {error}")


def _without_surrogates(value: Any) -> Any:
    """The value with half characters replaced, which no output could encode."""
    return json.loads(_LONE_SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False)))
