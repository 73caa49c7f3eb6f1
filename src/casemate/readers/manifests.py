"""Files become objects: text or JSON, small or streamed, each with its place."""

import contextlib
import re
from collections.abc import Iterator

import msgspec

from casemate.model.errors import ReadError
from casemate.model.estate import Skipped, Unreadable
from casemate.model.place import Document
from casemate.readers import yaml_text
from casemate.readers.files import KUBELET_TEXT, STREAMED, File
from casemate.readers.objects import Read, entities, item_of

_SURELY_JSON = 2
"""Values from which on a text that goes on otherwise is broken JSON, and not YAML, as kubectl has it."""
_JSON_START = re.compile(rb"\s*[\[{]")
DEFINITION = "a CustomResourceDefinition: it defines a type, nothing in it runs"


def read_file(file: File) -> Iterator[Read]:
    """The objects of a file and, in between, what was skipped or could not be read."""
    if file.path is not None and file.size >= STREAMED and _starts_as_json(file.path):
        yield from _streamed(file, file.path)
        return
    try:
        data = yaml_text.as_utf8(file.load())
    except ReadError as error:
        yield _unreadable(file.name, error)
        return
    yield from read_text(file.name, data)


def read_text(name: str, data: bytes) -> Iterator[Read]:
    """The objects of a text. JSON that is broken is tried as YAML, as kubectl does."""
    if "kube" in name and KUBELET_TEXT.search(name):
        from casemate.readers import kubelet_arguments  # noqa: PLC0415 # start-up: few files start a kubelet

        yield from kubelet_arguments.read(name, data)
        return
    if not _JSON_START.match(data):
        yield from _yaml(name, data)
        return
    from casemate.readers import json_text  # noqa: PLC0415 # start-up: most manifests are YAML

    found: list[Read] = []
    values = 0
    try:
        for value in json_text.read(data):
            values += 1
            document = Document(
                name, value.line, value.column, data, value.offset, value.length, is_json=True
            )
            found += entities(value.value, document, value.duplicates)
    except ReadError as error:
        second = list(_yaml(name, data)) if values < _SURELY_JSON else []
        broken = any(isinstance(item, Unreadable) for item in second)
        if found and (broken or not second):
            yield from found
            yield _unreadable(name, error)
            return
        yield from [_unreadable(name, error)] if broken and name.endswith(".json") else second
        return
    yield from found


def _yaml(name: str, data: bytes) -> Iterator[Read]:
    for chunk in yaml_text.split(data):
        try:
            for tree in yaml_text.read(chunk):
                if isinstance(tree, yaml_text.Definition):
                    yield Skipped(name, tree.line, DEFINITION)
                else:
                    document = Document(name, chunk.line, 1, chunk.text)
                    yield from entities(tree.value, document, tree.duplicates)
        except ReadError as error:
            yield _unreadable(name, error)


def _starts_as_json(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return _JSON_START.match(file.read(64)) is not None
    except OSError:
        return False  # reading it will say why


def _streamed(file: File, path: str) -> Iterator[Read]:
    """A long `kubectl get -o json` list; a file of another shape is read whole."""
    from casemate.readers import json_text  # noqa: PLC0415 # start-up: most manifests are YAML

    listed: dict[str, object] = {}
    count = 0
    try:
        with open(path, "rb") as stream:
            for item in json_text.stream(stream):
                if isinstance(item, tuple):
                    listed[item[0]] = item[1]
                    continue
                count += 1
                document = Document(
                    file.name, item.line, item.column, None, item.offset, item.length, is_json=True, path=path
                )
                if "kind" not in listed and not (isinstance(item.value, dict) and item.value.get("kind")):
                    listed |= _keys_beside_items(path)
                default = item_of(listed.get("apiVersion"), listed.get("kind"))
                yield from entities(item.value, document, item.duplicates, default)
    except OSError as error:
        yield Unreadable(file.name, 1, 1, (error.strerror or str(error)).lower())
        return
    except ReadError as error:
        if count:
            yield _unreadable(file.name, error)
            return
    if not count:
        try:
            yield from read_text(file.name, yaml_text.as_utf8(file.load()))
        except ReadError as error:
            yield _unreadable(file.name, error)


def _keys_beside_items(path: str) -> dict[str, object]:
    """What a list says of itself, maybe behind its items: `{"items": [...], "kind": "PodList"}`."""
    from casemate.readers import json_text  # noqa: PLC0415 # start-up: most manifests are YAML

    found: dict[str, object] = {"kind": None}
    with open(path, "rb") as stream, contextlib.suppress(ReadError):
        found.update(item for item in json_text.stream(stream) if isinstance(item, tuple))
    return found


def reopened(document: Document) -> Document:
    """The document with its text, read again from a very large file.

    Raises `ReadError` where the file is gone or has become shorter.
    """
    if document.text is not None:
        return document
    try:
        with open(document.path or document.file, "rb") as file:
            file.seek(document.offset)
            text = file.read(document.length)
    except OSError as error:
        raise ReadError(f"{document.file} cannot be read again: {error.strerror}") from error
    if len(text) < document.length:
        raise ReadError(f"{document.file} was changed while it was judged")
    return msgspec.structs.replace(document, text=text, offset=0)


def _unreadable(name: str, error: ReadError) -> Unreadable:
    return Unreadable(name, error.line, error.column, str(error))
