"""A baseline: the findings that a team knows of, as `casemate baseline write` puts them down."""

import os
from collections.abc import Iterator
from typing import Annotated

import msgspec

from casemate.engine.compare import Old
from casemate.model.errors import UsageError
from casemate.model.estate import Ref

SCHEMA = "casemate.baseline/1"
_MOST = 1_000_000
_AGAIN = "casemate baseline write makes one"


class _Schema(msgspec.Struct):
    schema: str


class _Known(msgspec.Struct):
    """What counts of a known finding; the rest of its record is for people."""

    id: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    file: str
    subject: "_Subject"
    count: Annotated[int, msgspec.Meta(ge=1, le=_MOST)] = 1


class _Subject(msgspec.Struct, rename={"api_version": "apiVersion"}):
    api_version: str
    kind: str
    namespace: str | None = None
    name: str | None = None


class _Baseline(msgspec.Struct):
    findings: list[_Known]


def read_baseline(path: str) -> list[Old[str]]:
    """The findings of a baseline, each as often as it is known.

    Raises `UsageError` in one sentence for a file that is missing, broken, or no baseline.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}; {_AGAIN}") from error
    try:
        schema = msgspec.json.decode(data, type=_Schema).schema
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no baseline: {_lower(error)}; {_AGAIN}") from error
    if schema != SCHEMA:
        raise UsageError(f"{path} is no baseline of this casemate: its schema is {schema[:40]}, not {SCHEMA}")
    try:
        known = msgspec.json.decode(data, type=_Baseline).findings
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is a broken baseline: {_lower(error)}; {_AGAIN}") from error
    if sum(item.count for item in known) > _MOST:
        raise UsageError(f"{path} is a broken baseline: it counts more than {_MOST:,} findings")
    return list(_expanded(known))


def from_folder_of(path: str | None, file: str) -> str:
    """The name of a file as a baseline holds it: from the baseline's own folder, with slashes."""
    if file == "-":
        return file
    folder = os.path.dirname(os.path.abspath(path)) if path else os.getcwd()
    return os.path.relpath(os.path.abspath(file), folder).replace(os.sep, "/")


def _expanded(known: list[_Known]) -> Iterator[Old[str]]:
    for item in known:
        about = item.subject
        ref = Ref(about.api_version, about.kind, about.namespace, about.name)
        for _ in range(item.count):
            yield Old(item.id, item.file, ref, item.id)


def _lower(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
