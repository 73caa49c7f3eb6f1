"""The answer of `casemate scan` as SARIF 2.1.0, for GitHub code scanning and whatever else reads it.

The form follows OASIS SARIF 2.1.0; what GitHub makes of it, its "SARIF support for code scanning".
Results are written object by object as they are located, so that memory stays small.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from typing import Any, BinaryIO

import msgspec

import casemate
from casemate.engine.report import Report
from casemate.engine.responsibility import party
from casemate.model.control import Consequence, Control, Finding
from casemate.model.place import Position, path_text
from casemate.model.severity import Severity
from casemate.model.waiver import Waiver
from casemate.writers.as_json import as_json
from casemate.writers.paint import plain
from casemate.writers.places import Places
from casemate.writers.sarif_places import location, subject
from casemate.writers.sarif_rules import LEVELS, rules
from casemate.writers.states import KNOWN, NEW, WAIVED, by_state, justification, waivers

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RELATED = 4
"""Further places of one change that a result links to; a change can have thousands."""

LIMIT = 25_000
"""Results of a run; GitHub refuses a file with more, and shows the 5,000 worst."""

_BASELINE_STATES = {NEW: "new", KNOWN: "unchanged"}

Located = tuple[Finding, Position]


class Means(msgspec.Struct):
    """What is needed beside the report: a control's page, a finding's `fix` object, and where names start."""

    page_of: Callable[[Control], str]
    fix_of: Callable[[Finding], dict[str, Any] | None]
    folder: str


def write(report: Report, places: Places, out: BinaryIO, means: Means) -> None:
    """Write the answer; results are located one object at a time."""
    concerned = {item.control.id: item.control for item in report.answers.not_assessed}
    concerned |= {item.control.id: item.control for _, found in by_state(report) for item in found}
    index = {name: number for number, name in enumerate(sorted(concerned))}
    described = rules((concerned[name] for name in index), report.settings, means.page_of)
    driver = {"name": "Casemate", "semanticVersion": casemate.__version__, "rules": described}
    head = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder that casemate ran in"}}},
        "invocations": [_invocation(report, index, means.folder)],
    }
    out.write(b'{"$schema":' + as_json(SCHEMA) + b',"version":"2.1.0","runs":[')
    out.write(as_json(head)[:-1] + b',"results":[')
    separator = b"\n"
    room = LIMIT
    waived_by = waivers(report)
    for state, findings in by_state(report):
        for finding, result in _results(_kept(findings, room), places, index, means):
            if report.baseline is not None and state != WAIVED:
                result["baselineState"] = _BASELINE_STATES[state]
            if state == WAIVED:
                result["suppressions"] = [_suppression(waived_by[id(finding)], means.folder)]
            out.write(separator + as_json(result))
            separator = b",\n"
        room -= min(room, len(findings))
    out.write(b"]}]}\n")


def _results(
    findings: Iterable[Finding], places: Places, index: dict[str, int], means: Means
) -> Iterator[tuple[Finding, dict[str, Any]]]:
    folder = means.folder
    file, times = "", dict[str, int]()
    for _, group in groupby(places.locate(findings), key=lambda pair: id(pair[0].entity)):
        located = list(group)
        changes: dict[Consequence, list[Located]] = {}
        for pair in located:
            changes.setdefault(pair[0].control.consequence, []).append(pair)
        for finding, position in located:
            if file != finding.entity.origin.document.file:
                file, times = finding.entity.origin.document.file, {}
            times[finding.id] = times.get(finding.id, 0) + 1
            result = _result(finding, position, times[finding.id], folder)
            result["ruleIndex"] = index[finding.control.id]
            change = changes[finding.control.consequence]
            related = list(islice(_related((finding, position), change, folder), _RELATED))
            if related:
                result["relatedLocations"] = related
            fix = means.fix_of(finding)
            if fix is not None:
                result["fixes"] = [fix]
            yield finding, result


def _result(finding: Finding, position: Position, times: int, folder: str) -> dict[str, Any]:
    fault, control = finding.fault, finding.control
    note = finding.entity.origin.note
    return {
        "ruleId": control.id,
        "level": LEVELS[finding.severity],
        "message": {"text": text(f"{fault.message}. {finding.remedy}.")},
        "locations": [
            location(finding.entity.origin.document.file, position, folder)
            | {"logicalLocations": [subject(finding)]}
        ],
        # GitHub knows an alert again by primaryLocationLineHash alone, whatever its name says.
        "partialFingerprints": {
            "casemateFinding/v1": finding.id,
            "primaryLocationLineHash": f"{finding.id}:{times}",
        },
        "properties": {
            "severity": finding.severity.word,
            "confidence": finding.confidence,
            "party": party(control.area, finding.platform),
            "path": path_text(fault.at),
            "why": [*fault.why, note] if note else fault.why,
            "remedy": finding.remedy,
        },
    }


def _related(located: Located, change: Iterable[Located], folder: str) -> Iterator[dict[str, Any]]:
    """The other places at which the same change is made."""
    seen = {located[1]}
    for other, position in change:
        if position not in seen:
            seen.add(position)
            message = {"text": text(f"the same change: {other.fault.message}")}
            place = location(other.entity.origin.document.file, position, folder)
            yield place | {"id": len(seen) - 2, "message": message}


def _kept(findings: list[Finding], room: int) -> Iterator[Finding]:
    """The findings in their order; where there is too little room, the worst of them."""
    rooms: dict[Severity, int] = {}
    for severity, number in sorted(Counter(item.severity for item in findings).items(), reverse=True):
        rooms[severity] = min(number, room)
        room -= rooms[severity]
    for finding in findings:
        if rooms[finding.severity]:
            rooms[finding.severity] -= 1
            yield finding


def _invocation(report: Report, index: dict[str, int], folder: str) -> dict[str, Any]:
    """What was not read and not answered. A run that left something unread is no success."""
    notes: list[dict[str, Any]] = [
        {
            "descriptor": {"id": "unreadable"},
            "level": "error",
            "message": {"text": text(f"not read, so the answer is incomplete: {item.error}")},
            "locations": [location(item.file, Position(item.line, item.column), folder)],
        }
        for item in report.estate.unreadable
    ]
    for reason, count in report.skipped.items():
        notes.append(_note("not-judged", f"{count} not judged: {reason}"))
    notes += [_note("limit-of-the-answer", note) | {"level": "warning"} for note in report.notes]
    if report.baseline is not None and report.gone:
        notes.append(_note("gone", f"{report.gone} findings of the baseline are not there any more"))
    notes += [_note("failed-rule", failure) | {"level": "error"} for failure in report.failures]
    left_out = sum(len(found) for _, found in by_state(report)) - LIMIT
    if left_out > 0:
        notes.append(_note("left-out", f"{left_out} findings of less severity are not listed here"))
    grouped: dict[tuple[str, str], int] = {}
    for answer in report.answers.not_assessed:
        key = (answer.control.id, answer.missing)
        grouped[key] = grouped.get(key, 0) + 1
    for (name, missing), count in grouped.items():
        note = _note("not-assessed", f"{name} was not assessed {count} times: {missing}")
        notes.append(note | {"associatedRule": {"id": name, "index": index[name]}})
    return {
        "executionSuccessful": not (report.estate.unreadable or report.failures),
        "toolExecutionNotifications": notes,
    }


def _suppression(waiver: Waiver, folder: str) -> dict[str, Any]:
    return {
        "kind": "external" if waiver.in_settings else "inSource",
        "status": "accepted",
        "justification": plain(justification(waiver)),
        "location": location(waiver.file, Position(waiver.line, waiver.column), folder),
    }


def _note(name: str, message: str) -> dict[str, Any]:
    return {"descriptor": {"id": name}, "level": "note", "message": {"text": text(message)}}


def text(message: str) -> str:
    """A message in which no manifest can hide a link: SARIF reads `[text](target)` as one."""
    return plain(message).replace("](", "] (")
