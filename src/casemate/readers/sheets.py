"""Files that are to be edited: read again to the byte, with the reasons why some are left alone."""

import os
import re

import msgspec

from casemate.engine.spans import Layout, Span
from casemate.model.errors import ReadError
from casemate.model.estate import Entity
from casemate.readers import json_text, yaml_text
from casemate.readers.files import STDIN
from casemate.readers.spans import json_layout, json_span, yaml_spans

_TEMPLATE = re.compile(rb"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(rb"^[ \t]*#.*$", re.MULTILINE)
_GENERATED = re.compile(rb"code generated|do not edit|auto-?generated|@generated", re.IGNORECASE)
_FROM_CHART = re.compile(rb"^# Source: \S+/templates/", re.MULTILINE)
_BUILT_BY_KUSTOMIZE = frozenset(("config.kubernetes.io/origin", "alpha.config.kubernetes.io/transformations"))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


class Part(msgspec.Struct, eq=False):
    """A piece of a file that is read by itself: one YAML document, or all of a JSON file."""

    line: int
    text: str
    is_json: bool
    layout: Layout = Layout()
    roots: dict[int, Span] = {}
    line_feeds: list[int] | None = None

    @property
    def breaks(self) -> list[int]:
        """Where lines begin, but for the first."""
        if self.line_feeds is None:
            self.line_feeds = [match.end() for match in re.finditer("\n", self.text)]
        return self.line_feeds

    def root(self, offset: int) -> Span:
        """The value of the document that starts at an offset of the part.

        Raises `ReadError` where a YAML part holds several documents, so that none can be told.
        """
        if not self.roots:
            if self.is_json:
                self.layout = json_layout(self.text)
            else:
                found, self.layout = yaml_spans(self.text)
                if len(found) != 1:
                    raise ReadError("another document stands beside it without --- between them")
                self.roots[0] = found[0]
        if self.is_json and offset not in self.roots:
            self.roots[offset] = json_span(self.text, offset)
        return self.roots[offset if self.is_json else 0]


class Sheet(msgspec.Struct, eq=False):
    """A file with its bytes as they were read, and its parts in order."""

    name: str
    path: str
    data: bytes
    lead: bytes
    parts: list[Part]

    def written(self, texts: list[str]) -> bytes:
        """The bytes of the file with these texts in its parts."""
        return self.lead + "".join(texts).encode()


def no_sheet(entity: Entity) -> str | None:
    """Why the file of an object is not edited whatever it holds, None where it may be."""
    origin = entity.origin
    document = origin.document
    if origin.note is not None:
        return f"{origin.note}: what is built is not edited; --patch prints a patch for a kustomization"
    if document.file == STDIN:
        return "standard input is not written; name a file"
    if document.text is None:
        return "the file is so long that it was read piece by piece; split it"
    if not os.path.isfile(document.file):
        return "it is not a file of its own (unpack the archive)"
    if _BUILT_BY_KUSTOMIZE & entity.annotations.keys():
        return "it was built by kustomize; change its source, or use --patch"
    return None


def open_sheet(name: str, *, is_json: bool) -> Sheet:
    """The file to be edited, in parts, read as before.

    Raises `ReadError` with the reason where it is left alone.
    """
    try:
        with open(name, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ReadError(f"it cannot be read again: {(error.strerror or str(error)).lower()}") from error
    if data.startswith(_UTF16):
        raise ReadError("it is written in UTF-16; save it as UTF-8 first")
    if _TEMPLATE.search(data):
        raise ReadError("it holds template marks ({{ }}): what it says is decided elsewhere")
    comments = b"\n".join(_COMMENT.findall(data))
    if _GENERATED.search(comments):
        raise ReadError("a comment in it says that it is generated: change its source, or use --patch")
    if _FROM_CHART.search(comments):
        raise ReadError("it is the output of helm template: change the chart's values, or use --patch")
    lead = _BOM if data.startswith(_BOM) else b""
    body = data[len(lead) :]
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise ReadError("the file was changed after it was judged") from error
    chunks = [yaml_text.Chunk(body, 1)] if is_json else yaml_text.split(body)
    parts = [Part(chunk.line, chunk.text.decode(), is_json) for chunk in chunks]
    return Sheet(name, os.path.realpath(name), data, lead, parts)


def values(part: Part, text: str) -> list[tuple[int, object]]:
    """What a text in the place of a part says, each value with its offset.

    Raises `ReadError` where it cannot be read.
    """
    data = text.encode()
    if part.is_json:
        return [(value.offset, value.value) for value in json_text.read(data)]
    trees = yaml_text.read(yaml_text.Chunk(data, 1))
    return [(0, tree.value) for tree in trees if isinstance(tree, yaml_text.Tree)]
