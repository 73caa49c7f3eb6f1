"""The edits of findings as SARIF fixes, where they can be placed to the letter.

A fix that would have to be guessed is left out: in JSON, under anchors, in rendered charts, in archives.
"""

import os
import re
from typing import Any

from casemate.model.control import Finding, Fix
from casemate.model.place import Document, Path, Position
from casemate.writers.html_excerpts import REMOVED, Patch
from casemate.writers.sarif_places import artifact

_ALIAS = re.compile(r"(?:^|[\s:,\[{-])[*&]\w|<<\s*:")
"""An anchor, an alias or a merge: what is written once may count in many places."""
_ODD_BREAK = re.compile("\r(?!\n)|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What some readers take for the end of a line, and others do not."""
_COMMENT = re.compile(r"\s+#.*\Z")


class Fixes:
    """Fixes of findings; the lines of the document asked for last are kept."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._document: Document | None = None
        self._lines: dict[int, str] = {}

    def of(self, finding: Finding, position: Position) -> dict[str, Any] | None:
        """The `fix` object of a finding, None where it has none or its places are not exact."""
        fix, origin = finding.fault.fix, finding.entity.origin
        if fix is None or not fix.edits or origin.note or origin.document.is_json:
            return None
        if origin.document is not self._document:
            self._document, self._lines = origin.document, self._plain_lines(origin.document)
        if position.line not in self._lines:
            return None
        patch = Patch.of([(finding, position)], self._lines)
        if not _whole(patch, fix, finding.fault.at, position):
            return None
        replacements = [
            replacement
            for line in sorted({*patch.marks, *patch.added})
            for replacement in self._at(line, patch)
        ]
        if not replacements:
            return None
        kind = "safe" if fix.safe else "to be reviewed"
        change = {
            "artifactLocation": artifact(origin.document.file, self._folder),
            "replacements": replacements,
        }
        return {"description": {"text": f"{finding.remedy} ({kind})"}, "artifactChanges": [change]}

    def _at(self, line: int, patch: Patch) -> list[dict[str, Any]]:
        """The replacements at the end of a line, and of what stands on it."""
        old, new = self._lines[line], list(patch.added.get(line, ()))
        if patch.marks.get(line) != REMOVED:
            return (
                [_replaced(line, len(old), line, len(old), "".join(f"\n{added}" for added in new))]
                if new
                else []
            )
        start = old.rfind(" ", 0, _agree(old, new[0])) + 1 if new else 0
        if start:  # the value alone: a comment after it stays
            comment = _COMMENT.search(old)
            end = comment.start() if comment and new[0].endswith(comment[0]) else len(old)
            kept = new.pop(0)
            found = [_replaced(line, start, line, end, kept[start : len(kept) - (len(old) - end)])]
            return found + self._at(line, Patch(marks={}, added={line: new}))
        if new:
            return [_replaced(line, 0, line, len(old), "\n".join(new))]
        last = line + 1 not in self._lines
        return [_replaced(line, 0, line if last else line + 1, len(old) if last else 0, "")]

    @staticmethod
    def _plain_lines(document: Document) -> dict[int, str]:
        """The lines of a document by number; none where a place in it may not be what it seems."""
        if document.text is None or not os.path.isfile(document.path or document.file):
            return {}
        text = document.text.decode("utf-8", "replace")
        if _ALIAS.search(text) or _ODD_BREAK.search(text) or "\ufffd" in text or "\ufeff" in text:
            return {}
        return dict(enumerate(text.replace("\r\n", "\n").split("\n"), document.line))


def _whole(patch: Patch, fix: Fix, at: Path, position: Position) -> bool:
    """Whether a patch makes every edit of a fix, each in its place."""
    if patch.loose or any(edit.op != "set" and (edit.path != at or position.missing) for edit in fix.edits):
        return False
    changes_value = not position.missing and any(edit.path == at for edit in fix.edits)
    return not changes_value or patch.marks[position.line] == REMOVED


def _agree(old: str, new: str) -> int:
    """How many characters two lines begin with in common."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(old), len(new)))


def _replaced(line: int, column: int, end_line: int, end_column: int, content: str) -> dict[str, Any]:
    """A `replacement`; columns are given from 0 here and from 1 there."""
    region = {"startLine": line, "startColumn": column + 1, "endLine": end_line, "endColumn": end_column + 1}
    return {"deletedRegion": region, "insertedContent": {"text": content}}
