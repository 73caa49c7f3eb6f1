"""What `casemate fix` prints: edits and refusals as JSON, and each file's diff below its edits."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from casemate.writers.as_json import as_json
from casemate.writers.paint import plain
from casemate.writers.text_edits import TextChange, changed
from casemate.writers.unified_diff import Diff, Side, blocks, split_lines, unified


class Made(msgspec.Struct, frozen=True):
    """An edit as it is listed: its file, control and line, and whether it is safe."""

    file: str
    control: str
    safe: bool
    line: int


class Refused(msgspec.Struct, frozen=True):
    """A fix that is not made, and why."""

    file: str
    control: str
    reason: str


def answer(edits: Iterable[Made], refused: Iterable[Refused]) -> bytes:
    """The answer as JSON, schema `casemate.fix/1` (docs/schemas/fix.json)."""
    body: dict[str, Any] = {
        "schema": "casemate.fix/1",
        "edits": list(edits),
        "refused": list(dict.fromkeys(refused)),
    }
    return as_json(body) + b"\n"


def headings(edits: Iterable[Made]) -> Iterator[str]:
    """The edits as comments, which patch and git apply pass over before a file's diff."""
    for edit in edits:
        yield f"# {'safe' if edit.safe else 'review'} {plain(edit.file)}:{edit.line} {edit.control}\n"


def file_diff(name: str, text: str, changes: list[TextChange], shown: tuple[list[str], list[str]]) -> Diff:
    """The diff of a file; `shown` holds its lines before and after with secrets masked."""
    new = changed(text, changes)
    old, after = Side(split_lines(text), shown[0]), Side(split_lines(new), shown[1])
    return unified(name, old, after, blocks(text, changes))


def refusals(refused: Iterable[Refused]) -> Iterator[str]:
    """The refusals in sentences, those of one file with one reason together."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in refused:
        grouped.setdefault((one.file, one.reason), []).append(one.control)
    for (file, reason), controls in grouped.items():
        yield f"casemate: {plain(file)}: not fixed: {', '.join(dict.fromkeys(controls))}: {plain(reason)}\n"
