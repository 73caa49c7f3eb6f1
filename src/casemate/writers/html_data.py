"""The data of the HTML report: what its script draws the long lists from."""

from collections.abc import Callable
from typing import Any

from casemate.engine.responsibility import party
from casemate.model.control import Consequence, Finding
from casemate.model.place import path_text
from casemate.model.severity import Severity
from casemate.writers.html_excerpts import AROUND, CONCERNED, Patch, clean
from casemate.writers.html_parts import NOWHERE, Page

_EXCERPTS = 2_000


class Data:
    """What the script draws from: findings as rows of numbers into tables of equal texts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.texts: dict[str, int] = {}
        self.tables: dict[str, dict[Any, int]] = {"controls": {}, "objects": {}, "excerpts": {}}
        self.rows: dict[str, list[Any]] = {name: [] for name in self.tables}
        worst = sorted(page.findings, key=lambda finding: -finding.severity)
        self.with_excerpt = {id(finding) for finding in worst[:_EXCERPTS]}

    def all(self) -> dict[str, Any]:
        """The whole of it, as the script reads it."""
        findings = [self._finding(finding) for finding in self.page.findings]
        return {
            "severities": [severity.word for severity in Severity],
            "consequences": [consequence.value for consequence in Consequence],
            "nowhere": NOWHERE,
            **self.rows,
            "findings": findings,
            "texts": list(map(clean, self.texts)),
        }

    def _finding(self, finding: Finding) -> list[Any]:
        position, fault = self.page.positions[id(finding)], finding.fault
        note = finding.entity.origin.note
        return [
            self.page.ids[id(finding)],
            self._control(finding),
            self._object(finding),
            int(finding.severity),
            self._text(finding.confidence),
            self._text(finding.container),
            position.line,
            position.column,
            self._text(path_text(fault.at)),
            self._text(fault.message),
            self._text("\n".join((*fault.why, note) if note else fault.why)),
            self._text(finding.remedy),
            -1 if fault.fix is None else int(fault.fix.safe),
            *self._excerpt(finding),
        ]

    def _control(self, finding: Finding) -> int:
        control = finding.control
        return self._row("controls", control.id, lambda: [
            control.id, clean(control.title), list(Consequence).index(control.consequence),
            party(control.area, finding.platform), list(map(clean, finding.standards)),
        ])  # fmt: skip

    def _object(self, finding: Finding) -> int:
        entity = finding.entity
        ref = entity.ref
        return self._row("objects", id(entity), lambda: [
            self._text(ref.kind), self._text(ref.namespace), self._text(entity.name),
            self._text(ref.api_version), self._text(entity.origin.document.file),
        ])  # fmt: skip

    def _excerpt(self, finding: Finding) -> list[Any]:
        """The excerpt's index, the mark of the finding's line, and what to add after which line (0: any)."""
        if id(finding) not in self.with_excerpt:
            return [-1]
        position = self.page.positions[id(finding)]
        lines = self.page.excerpts.around(finding, position)
        index = -1
        if lines:
            first = max(min(lines), position.line - AROUND)
            last = min(max(lines), position.line + AROUND)
            key = (id(finding.entity.origin.document), position.line)
            index = self._row("excerpts", key, lambda: [first, [lines[n] for n in range(first, last + 1)]])
        if finding.fault.fix is None:
            return [index, CONCERNED, 0, -1]
        patch = Patch.of([(finding, position)], lines)
        after, added = next(iter(patch.added.items()), (0, patch.loose))
        return [index, patch.marks[position.line], after, self._text("\n".join(added) or None)]

    def _row(self, table: str, key: Any, make: Callable[[], list[Any]]) -> int:
        index = self.tables[table].get(key)
        if index is None:
            index = self.tables[table][key] = len(self.rows[table])
            self.rows[table].append(make())
        return index

    def _text(self, text: str | None) -> int:
        """The number of a text; -1 for none."""
        if not text:
            return -1
        return self.texts.setdefault(text, len(self.texts))
