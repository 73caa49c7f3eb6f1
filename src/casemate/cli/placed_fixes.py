"""The edits that `casemate fix` would make for one finding, as a SARIF fix."""

from typing import Any

from casemate.engine.edits import EditTree
from casemate.engine.spans import obstacle
from casemate.model.control import Edit, Finding
from casemate.model.errors import ReadError
from casemate.model.place import Document
from casemate.readers.sheets import Part, no_sheet, open_sheet
from casemate.writers.sarif_fixes import ODD_BREAK, Lines, fix_of
from casemate.writers.text_edits import TextChange, text_changes


class PlacedFixes:
    """Fixes of findings; the file and the part asked for last are kept, since the next is often there."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._file: str | None = None
        self._parts: dict[int, Part] = {}
        self._document: Document | None = None
        self._part: Part | None = None
        self._lines = Lines("", 1)

    def of(self, finding: Finding) -> dict[str, Any] | None:
        """The `fix` object of a finding, None where it has none or its places are not exact.

        What `casemate fix` leaves alone (built, generated or templated files, archives, anchors) has none.
        """
        if finding.fault.fix is None or no_sheet(finding.entity) is not None:
            return None
        try:
            part = self._part_of(finding.entity.origin.document)
            changes = _changes(finding, part) if part is not None else []
        except (ReadError, RecursionError):
            return None
        return fix_of(finding, self._lines, changes, self._folder) if changes else None

    def _part_of(self, document: Document) -> Part | None:
        """The part of the file that a document was read from, None where it is not that any more."""
        if document is self._document:
            return self._part
        if self._part is not None:
            self._part.roots.clear()  # the spans of a large file together take far more than its text
        self._document, self._part = document, None
        if document.file != self._file:
            self._file, self._parts = document.file, {}
            sheet = open_sheet(document.file, is_json=document.is_json)
            self._parts = {part.line: part for part in sheet.parts}
        part = self._parts.get(1 if document.is_json else document.line)
        if part is None or part.text.encode() != document.text or ODD_BREAK.search(part.text):
            return None
        self._part, self._lines = part, Lines(part.text, part.line)
        return part


def _changes(finding: Finding, part: Part) -> list[TextChange]:
    """The changes that make all edits of a finding's fix; none where one of them cannot be made."""
    origin, fix, tree = finding.entity.origin, finding.fault.fix, EditTree()
    edits = [Edit(e.op, (*origin.path, *e.path), e.value) for e in fix.edits] if fix is not None else []
    root = part.root(origin.document.offset if origin.document.is_json else 0)
    if any(obstacle(root, edit) is not None for edit in edits) or tree.add(edits) is not None:
        return []
    return text_changes(part.text, root, tree, part.layout)
