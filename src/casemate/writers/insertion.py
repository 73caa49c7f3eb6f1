"""The text of values that are written into a manifest: what a scan shows is what a fix inserts."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from casemate.engine.edits import EditTree
from casemate.engine.spans import Layout
from casemate.model.control import Edit, Fix
from casemate.model.place import Path, Position

_PLAIN = re.compile(r"[A-Za-z/](?:[\w./@-]|:(?=\w))*", re.ASCII)
_MEANT_OTHERWISE = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
"""Words that are no text for YAML 1.1."""
_SHOWN = Layout()


def insertion(fix: Fix | None, at: Path, position: Position) -> str | None:
    """YAML to put under the parent at `position`, None where nothing is missing there.

    Only the part of the path that is not there is written; list steps become `- `.
    """
    if fix is None or not position.missing:
        return None
    edit = next((edit for edit in fix.edits if edit.op == "set" and edit.path == at), None)
    if edit is None:
        return None
    return _inserted(msgspec.structs.replace(edit, path=()), position.missing)


@lru_cache(maxsize=1024)
def _inserted(edit: Edit, missing: Path) -> str:
    """The text for an edit below a parent: few differ, however many findings there are."""
    tree = EditTree(edit)
    for step in reversed(missing):
        tree = EditTree(children={step: tree})
    return "\n".join(block(tree.value(), _SHOWN))


def block(value: Any, layout: Layout) -> Iterator[str]:
    """The lines of a map or list in block style; lists of scalars stay on one line."""
    if isinstance(value, list):
        for item in value:
            lead = "- "
            for line in block(item, layout) if _is_deep(item) else [scalar(item)]:
                yield lead + line
                lead = "  "
        return
    for key, item in value.items():
        if not _is_deep(item):
            yield f"{scalar(key)}: {scalar(item)}"
            continue
        yield f"{scalar(key)}:"
        indent = " " * (layout.list_indent if isinstance(item, list) else layout.indent)
        yield from (indent + line for line in block(item, layout))


def scalar(value: Any) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(scalar, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {scalar(item)}' for key, item in value.items())}}}"
    if isinstance(value, str):
        sound = _PLAIN.fullmatch(value) and value.lower() not in _MEANT_OTHERWISE
        return value if sound else quoted(value)
    return "null" if value is None else str(value)


def quoted(value: Any, colon: str = ": ", comma: str = ", ", lines: tuple[str, str] | None = None) -> str:
    """A value as JSON; `lines` holds the line break with its indentation, and one step of that."""
    import json  # noqa: PLC0415 # start-up: most scans insert plain words only

    if lines is None:
        return json.dumps(value, ensure_ascii=False, separators=(comma, colon))
    line_break, step = lines
    text = json.dumps(value, ensure_ascii=False, indent=step, separators=(",", colon))
    return text.replace("\n", line_break)


def _is_deep(value: Any) -> bool:
    """Whether a value needs lines of its own in block style."""
    if isinstance(value, list):
        return any(isinstance(item, (dict, list)) for item in value)
    return isinstance(value, dict) and bool(value)
