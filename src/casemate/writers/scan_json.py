"""The answer of `casemate scan` as JSON, schema `casemate.scan/1` (docs/schemas/scan.json)."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from casemate.engine.report import Report
from casemate.engine.responsibility import duty
from casemate.model.control import Finding, Fix
from casemate.model.estate import Ref
from casemate.model.place import Path, Position, path_text
from casemate.model.waiver import Waiver
from casemate.writers.as_json import as_json
from casemate.writers.insertion import insertion
from casemate.writers.places import Places

_BATCH = 500


def write(report: Report, places: Places, out: BinaryIO) -> None:
    """Write the answer; findings are written as they are located, so memory stays small."""
    head = as_json(_head(report))
    out.write(head[:-1] + b',"findings":[')
    rows = (finding_row(finding, position) for finding, position in places.locate(report.findings))
    _write_rows(rows, out)
    out.write(b"]," + as_json(_not_assessed(report))[1:-1] + b',"waived":[')
    waivers = {id(item.finding): item.waiver for item in report.waived}
    waived = places.locate(item.finding for item in report.waived)
    _write_rows((_waived(*pair, waivers[id(pair[0])]) for pair in waived), out)
    out.write(b"]" + b"".join(b"," + as_json(part)[1:-1] for part in _extras(report)) + b"}\n")


def _write_rows(rows: Iterator[dict[str, Any]], out: BinaryIO) -> None:
    first = True
    while batch := [as_json(row) for row in islice(rows, _BATCH)]:
        out.write((b"\n" if first else b",\n") + b",\n".join(batch))
        first = False


def subject(ref: Ref) -> dict[str, str | None]:
    """An identity as every JSON answer writes it; what is not set is null."""
    return {"apiVersion": ref.api_version, "kind": ref.kind, "namespace": ref.namespace, "name": ref.name}


def _head(report: Report) -> dict[str, Any]:
    estate = report.estate
    return {
        "schema": "casemate.scan/1",
        "targets": report.targets,
        "kubernetes": str(report.settings.kubernetes),
        "note": report.settings.kubernetes.note,
        "platform": {
            "name": report.settings.platform.name,
            "because": report.settings.platform.because,
        },
        "coverage": {
            "files": estate.coverage.files,
            "documents": estate.coverage.documents,
            "objects": len(estate.entities),
            "judged": report.answers.judged,
            "skipped": report.skipped,
            "unreadable": len(estate.unreadable),
        },
        "unreadable": estate.unreadable,
        "skipped": estate.skipped,
    }


def _not_assessed(report: Report) -> dict[str, Any]:
    rows = [
        {"control": item.control.id, "subject": subject(item.entity.ref), "missing": item.missing}
        for item in report.answers.not_assessed
    ]
    return {"not_assessed": rows}


def _extras(report: Report) -> Iterator[dict[str, Any]]:
    """What only some runs have to say."""
    if report.baseline is not None:
        yield {
            "baseline": {"file": report.baseline, "known": len(report.known), "gone": report.gone},
        }
    if report.by is not None:
        groups = [
            {"name": name, "findings": [finding.id for finding in findings]}
            for name, findings in report.groups.items()
        ]
        yield {"by": report.by, "groups": groups}
    if report.notes or report.failures:
        yield {"notes": (*report.notes, *report.failures)}


def _waived(finding: Finding, position: Position, waiver: Waiver) -> dict[str, Any]:
    about = {
        "owner": waiver.owner,
        "reason": waiver.reason,
        "until": waiver.until.isoformat(),
        "where": waiver.where,
    }
    return finding_row(finding, position) | {"waiver": about}


def finding_row(finding: Finding, position: Position) -> dict[str, Any]:
    """A finding as every JSON answer writes it."""
    fault, control, origin = finding.fault, finding.control, finding.entity.origin
    who = duty(control.area, finding.platform)
    return {
        "id": finding.id,
        "control": control.id,
        "severity": finding.severity.word,
        "confidence": finding.confidence,
        "subject": subject(finding.entity.ref),
        "container": finding.container,
        "path": path_text(fault.at),
        "file": origin.document.file,
        "line": position.line,
        "column": position.column,
        "message": fault.message,
        "why": [*fault.why, origin.note] if origin.note else fault.why,
        "remedy": finding.remedy,
        "standards": finding.standards,
        "party": who.party,
        "responsibility": {"reason": who.reason, "evidence": who.evidence},
        "fix": _fix(fault.fix, fault.at, position),
    }


def _fix(fix: Fix | None, at: Path, position: Position) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [{"op": e.op, "path": path_text(e.path), "value": e.value} for e in fix.edits]
    return {"safe": fix.safe, "edits": edits, "insert": insertion(fix, at, position)}
