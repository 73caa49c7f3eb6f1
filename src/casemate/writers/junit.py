"""The answer of `casemate scan` as JUnit XML, the form that GitLab, Jenkins and most CI servers show.

A test suite is a file, which keeps memory small; a test case's class is the control, by which Jenkins
groups them. GitLab shows only the text inside a failure, so all of it stands there.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

import msgspec

from casemate.engine.report import Report
from casemate.engine.responsibility import party
from casemate.model.control import Finding, NotAssessed
from casemate.model.estate import Entity, Unreadable
from casemate.model.place import Position
from casemate.model.waiver import Waiver
from casemate.writers.places import Places
from casemate.writers.states import KNOWN, WAIVED, by_state, justification, waivers

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FAILURE, ERROR, SKIPPED = "failure", "error", "skipped"


class Case(msgspec.Struct):
    """A test case: `outcome` is None where it passed, `kind` what sort of outcome it is."""

    group: str
    name: str
    file: str | None = None
    outcome: str | None = None
    kind: str = ""
    message: str = ""
    text: str = ""


def write(report: Report, places: Places, out: TextIO) -> None:
    """Write the answer; suites are written file by file as findings are located."""
    answers = report.answers
    passed = list(_passed(report))
    failures, errors = len(answers.findings), len(report.estate.unreadable) + len(report.failures)
    skipped = len(answers.not_assessed) + len(report.known) + len(report.waived)
    tests = failures + skipped + max(errors, 1) + len(passed)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(
        f'<testsuites name="casemate" tests="{tests}" failures="{failures}" errors="{errors}" time="0">\n'
    )
    _suite(out, "input", _input(report), errors=errors, passed=int(not errors))
    waived_by = waivers(report)
    for state, found in by_state(report):
        passes = state in {KNOWN, WAIVED}
        for file, group in groupby(found, key=lambda item: item.entity.origin.document.file):
            items = list(group)
            cases = (_failed(*pair) for pair in places.locate(items))
            if passes:
                why = [_excuse(report, waived_by.get(id(item))) for item in items]
                cases = (_excused(case, *reason) for case, reason in zip(cases, why, strict=True))
            size = len(items)
            _suite(out, file, cases, failures=0 if passes else size, skipped=size if passes else 0)
    for file, missing in groupby(answers.not_assessed, key=lambda item: item.entity.origin.document.file):
        questions = list(missing)
        _suite(out, file, map(_not_assessed, questions), skipped=len(questions))
    _suite(out, "controls without findings", passed, passed=len(passed))
    out.write("</testsuites>\n")


def _failed(finding: Finding, position: Position) -> Case:
    fault, control, origin = finding.fault, finding.control, finding.entity.origin
    file = origin.document.file
    who = party(control.area, finding.platform)
    lines = [
        f"{file}:{position.line}:{position.column}: {fault.message}",
        *(f"because {why}" for why in (*fault.why, *((origin.note,) if origin.note else ()))),
        f"{finding.remedy}.",
        f"{finding.severity.word}, {finding.confidence}, to be mended by: {who}",
        f"standards: {', '.join(finding.standards)}" if finding.standards else "",
        f"finding {finding.id}; casemate explain {control.id}",
    ]
    name = f"{_named(finding.entity)}: {fault.message}"
    text = "\n".join(filter(None, lines))
    return Case(control.id, name, file, FAILURE, finding.severity.word, fault.message, text)


def _excuse(report: Report, waiver: Waiver | None) -> tuple[str, str]:
    """Why a finding does not fail: the sort of reason, and the reason."""
    if waiver is not None:
        return "waived", f"{justification(waiver)}, {waiver.where}"
    return "known", f"in the baseline {report.baseline}"


def _excused(case: Case, kind: str, why: str) -> Case:
    """A failure that is skipped instead."""
    return msgspec.structs.replace(
        case, outcome=SKIPPED, kind=kind, message=f"{kind}: {why}", text=f"{kind}: {why}\n{case.text}"
    )


def _not_assessed(item: NotAssessed) -> Case:
    file = item.entity.origin.document.file
    return Case(item.control.id, _named(item.entity), file, SKIPPED, "not assessed", text=item.missing)


def _named(entity: Entity) -> str:
    return entity.title


def _input(report: Report) -> list[Case]:
    """What was not read, and rules that broke; a pass where all went well, so that there always is a test."""
    broken = [Case("input", item, None, ERROR, "broken-rule", item, item) for item in report.failures]
    return [_unread(item) for item in report.estate.unreadable] + broken or [
        Case("input", "everything was read")
    ]


def _unread(item: Unreadable) -> Case:
    place = f"{item.file}:{item.line}"
    text = f"{place}:{item.column}: {item.error}"
    return Case("input", place, item.file, ERROR, "unreadable", item.error, text)


def _passed(report: Report) -> Iterator[Case]:
    """A pass for each control that was asked and answered, and found nothing."""
    answers = report.answers
    others = {item.control.id for _, found in by_state(report) for item in found}
    others |= {item.control.id for item in answers.not_assessed}
    for name, asked in sorted(answers.asked.items()):
        if asked and name not in others:
            yield Case(name, "nothing found")


def _suite(
    out: TextIO,
    name: str,
    cases: Iterable[Case],
    *,
    failures: int = 0,
    errors: int = 0,
    skipped: int = 0,
    passed: int = 0,
) -> None:
    """Write a suite whose cases are made as they are written."""
    tests = failures + errors + skipped + passed
    if tests:
        out.write(
            f'<testsuite name={_attribute(name)} tests="{tests}" failures="{failures}" '
            f'errors="{errors}" skipped="{skipped}" time="0">\n'
        )
        out.writelines(map(_case, cases))
        out.write("</testsuite>\n")


def _case(case: Case) -> str:
    file = f" file={_attribute(case.file)}" if case.file is not None else ""
    group = _attribute(f"casemate.{case.group}")
    head = f'<testcase classname={group} name={_attribute(case.name)}{file} time="0"'
    if case.outcome is None:
        return f"{head}/>\n"
    message = f" message={_attribute(case.message or case.text)}"
    kind = _attribute(case.kind)
    inside = escape(legal(case.text))
    return f"{head}><{case.outcome} type={kind}{message}>{inside}</{case.outcome}></testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(legal(text))


def legal(text: str) -> str:
    """Text without what XML 1.0 cannot hold, not even escaped."""
    return _ILLEGAL.sub("\ufffd", text)
