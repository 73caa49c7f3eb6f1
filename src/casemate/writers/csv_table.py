"""The findings as a table of comma-separated values (RFC 4180), for spreadsheets and databases."""

import csv
from typing import TextIO

from casemate.engine.report import Report
from casemate.engine.responsibility import party
from casemate.model.control import Finding
from casemate.model.place import Position, path_text
from casemate.writers.paint import plain
from casemate.writers.places import Places
from casemate.writers.states import WAIVED, by_state, justification, waivers

HEADER = (
    "id", "severity", "confidence", "control", "title", "api_version", "kind", "namespace", "name",
    "container", "file", "line", "column", "path", "message", "why", "remedy", "standards", "party",
    "state", "until", "reason",
)  # fmt: skip
"""The columns. New ones are added at the end; none is renamed or moved."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(report: Report, places: Places, out: TextIO) -> None:
    """Write a header and one record per finding; every record ends with CR LF."""
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(HEADER)
    waived_by = waivers(report)
    for state, findings in by_state(report):
        for finding, position in places.locate(findings):
            waiver = waived_by.get(id(finding)) if state == WAIVED else None
            until, reason = (waiver.until.isoformat(), justification(waiver)) if waiver else (None, None)
            table.writerow(map(cell, (*_record(finding, position), state, until, reason)))


def cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula: text gets an apostrophe before its first sign."""
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if value.startswith(_FORMULA) else text


def _record(finding: Finding, position: Position) -> tuple[object, ...]:
    fault, control, entity = finding.fault, finding.control, finding.entity
    ref = entity.ref
    why = [*fault.why, entity.origin.note] if entity.origin.note else fault.why
    return (
        finding.id, finding.severity.word, str(finding.confidence), control.id, control.title,
        ref.api_version, ref.kind, ref.namespace, ref.name, finding.container,
        entity.origin.document.file, position.line, position.column, path_text(fault.at),
        fault.message, "; ".join(why), finding.remedy, " ".join(finding.standards),
        party(control.area, finding.platform),
    )  # fmt: skip
