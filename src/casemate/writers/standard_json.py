"""The answer to a standard as JSON, schema `casemate.standard/1` (docs/schemas/standard.json)."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from casemate.engine.compliance import Verdict
from casemate.engine.report import Report
from casemate.engine.standards.items import Standard
from casemate.writers.as_json import as_json


def write(report: Report, standard: Standard, verdicts: Sequence[Verdict], out: BinaryIO) -> None:
    """Write the answer: every item once, in the standard's order."""
    out.write(as_json(_answer(report, standard, verdicts)) + b"\n")


def _answer(report: Report, standard: Standard, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    platform = report.settings.platform
    return {
        "schema": "casemate.standard/1",
        "standard": standard.name,
        "version": standard.version,
        "title": standard.title,
        "targets": report.targets,
        "kubernetes": str(report.settings.kubernetes),
        "platform": {"name": platform.name, "because": platform.because},
        "unreadable": report.estate.unreadable,
        "items": [
            {
                "id": answer.item.id,
                "title": answer.item.title,
                "verdict": answer.verdict,
                "party": answer.party,
                "because": answer.because,
                "controls": answer.controls,
            }
            for answer in verdicts
        ],
    }
