"""The text to insert where a field is missing."""

from casemate.model.control import Fix
from casemate.model.place import Path, Position


def insertion(fix: Fix | None, at: Path, position: Position) -> str | None:
    """YAML to put under the parent at `position`, None where nothing is missing there.

    Only the part of the path that is not there is written; list steps become `- `.
    """
    if fix is None or not position.missing:
        return None
    edit = next((edit for edit in fix.edits if edit.op == "set" and edit.path == at), None)
    if edit is None:
        return None
    lines: list[str] = []
    indent = ""
    keys = position.missing
    for depth, step in enumerate(keys):
        last = depth == len(keys) - 1
        if isinstance(step, int):
            indent += "- "
            continue
        lines.append(f"{indent}{step}: {scalar(edit.value)}" if last else f"{indent}{step}:")
        indent = " " * len(indent) + "  "
    return "\n".join(lines)


def scalar(value: object) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(scalar, value))}]"
    return "null" if value is None else str(value)
