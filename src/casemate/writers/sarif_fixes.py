"""Changes of a text as SARIF fixes."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from casemate.model.control import Finding
from casemate.writers.paint import plain
from casemate.writers.sarif_places import artifact
from casemate.writers.text_edits import TextChange

ODD_BREAK = re.compile("\r(?!\n)|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What some readers take for the end of a line, and others do not: no place after it is certain."""


class Lines:
    """Where the lines of a text start; `first` is the number of the first one in its file."""

    def __init__(self, text: str, first: int) -> None:
        self._first = first
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def region(self, start: int, end: int) -> dict[str, int]:
        """The `region` of the characters from `start` up to `end`."""
        line, column = self._place(start)
        end_line, end_column = self._place(end)
        return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}

    def _place(self, at: int) -> tuple[int, int]:
        index = bisect_right(self._starts, at) - 1
        return self._first + index, at - self._starts[index] + 1


def fix_of(finding: Finding, lines: Lines, changes: Sequence[TextChange], folder: str) -> dict[str, Any]:
    """The `fix` object that makes changes in the file of a finding."""
    safe = finding.fault.fix is not None and finding.fault.fix.safe
    replacements = [
        {"deletedRegion": lines.region(item.start, item.end), "insertedContent": {"text": item.text}}
        for item in changes
    ]
    file = artifact(finding.entity.origin.document.file, folder)
    return {
        "description": {"text": plain(f"{finding.remedy} ({'safe' if safe else 'to be reviewed'})")},
        "artifactChanges": [{"artifactLocation": file, "replacements": replacements}],
    }
