"""Findings by what became of them: open or new, known from a baseline, or waived."""

from casemate.engine.report import Report
from casemate.model.control import Finding
from casemate.model.waiver import Waiver

OPEN, NEW, KNOWN, WAIVED = "open", "new", "known", "waived"


def by_state(report: Report) -> tuple[tuple[str, list[Finding]], ...]:
    """All findings of a report, those that count first; they are new where there is a baseline."""
    return (
        (OPEN if report.baseline is None else NEW, report.findings),
        (KNOWN, report.known),
        (WAIVED, [item.finding for item in report.waived]),
    )


def waivers(report: Report) -> dict[int, Waiver]:
    """The waiver of each waived finding, by the finding's `id()`."""
    return {id(item.finding): item.waiver for item in report.waived}


def justification(waiver: Waiver) -> str:
    """Why a finding is waived, by whom and how long, in one line."""
    owner = f" by {waiver.owner}" if waiver.owner else ""
    return f"{waiver.reason} (waived{owner} until {waiver.until.isoformat()})"
