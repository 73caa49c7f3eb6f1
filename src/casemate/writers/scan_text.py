"""The answer of `casemate scan` for people: what to change first, then the rest in short."""

import textwrap
from collections.abc import Iterator
from typing import TextIO

from casemate.engine.changes import Change
from casemate.engine.report import Report
from casemate.engine.responsibility import party
from casemate.model.control import Consequence, Finding
from casemate.model.place import Position
from casemate.model.severity import Severity
from casemate.model.waiver import Waived
from casemate.writers import grouped_text
from casemate.writers.paint import Paint, plain
from casemate.writers.places import Places

_FIRST = 5
_PLACES = 4
_ROWS = 6
_WIDEST = 100


def write(report: Report, places: Places, out: TextIO, paint: Paint, width: int, *, verbose: bool) -> None:
    """Write the answer for a terminal of that width; `verbose` shows every change and place."""
    page = _Page(report, places, paint, min(width, _WIDEST), verbose=verbose)
    out.writelines(f"{line}\n" for line in page.lines())


class _Page:
    def __init__(self, report: Report, places: Places, paint: Paint, width: int, *, verbose: bool) -> None:
        self.report = report
        self.places = places
        self.paint = paint
        self.width = width
        self.verbose = verbose
        self.changes = report.changes

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._unreadable()
        shown = self._urgent()
        if self.report.findings:
            yield from self._counts(shown)
            yield ""
        if self.report.findings and self.report.by is not None:
            by, groups = self.report.by, self.report.groups
            yield from grouped_text.lines(by, groups, self.paint, self._wrap, verbose=self.verbose)
        elif self.report.findings:
            yield self.paint.bold("Change these first" if len(shown) < len(self.changes) else "Change these")
            for number, change in enumerate(shown, 1):
                yield from self._change(number, change)
            yield from self._rest(self.changes[len(shown) :])
        else:
            yield ""
            new = "new " if self.report.baseline is not None else ""
            if self.report.answers.judged:
                yield self.paint.good(f"Nothing {new}to change was found in what was judged.")
            else:
                yield from self._wrap(
                    "Nothing was judged: no object was found that casemate judges. This says nothing about "
                    "the safety of what was read.",
                    "",
                )
        yield from self._not_assessed()
        yield from self._waived()
        yield ""
        yield from self._close()

    def _urgent(self) -> list[Change]:
        if self.verbose:
            return self.changes
        worst = [change for change in self.changes if change.severity >= Severity.HIGH]
        return (worst or self.changes)[:_FIRST]

    def _head(self) -> Iterator[str]:
        report = self.report
        rules = f"Kubernetes {report.settings.kubernetes} rules, platform {report.settings.platform.name}"
        title = plain(f"casemate: {' '.join(report.targets)}")
        yield self._ends(self.paint.bold(title), rules, len(title))
        coverage = report.estate.coverage
        workloads = report.answers.judged
        others = sum(report.skipped.values())
        unread = len(report.estate.unreadable)
        objects, files = counted(coverage.documents, "object"), counted(coverage.files, "file")
        parts = [
            f"{workloads} of {objects} judged in {files}",
            f"{others} {'holds' if others == 1 else 'hold'} nothing to judge" if others else "",
            f"{unread} unreadable" if unread else "nothing unreadable",
        ]
        yield from self._wrap(" · ".join(filter(None, parts)), "")
        for line in report.settings.platform.because:
            yield from self._wrap(f"Platform: {line}", "")
        if report.settings.kubernetes.note:
            yield from self._wrap(report.settings.kubernetes.note, "")
        if report.baseline is not None:
            yield from self._baseline(report.baseline)
        for note in (*report.notes, *report.failures):
            yield from self._wrap(note, "")

    def _baseline(self, name: str) -> Iterator[str]:
        """How what is listed relates to what was known."""
        report = self.report
        known = counted(len(report.known), "finding")
        parts = [f"{counted(len(report.findings), 'new finding')}; {known} known from {name}"]
        if report.gone:
            parts.append(f"{counted(report.gone, 'finding')} of it not found any more")
        yield from self._wrap(", ".join(parts), "")

    def _unreadable(self) -> Iterator[str]:
        items = self.report.estate.unreadable
        if not items:
            return
        yield ""
        yield self.paint.severity(Severity.HIGH, "Not read, so the answer is incomplete")
        for item in items if self.verbose else items[:_FIRST]:
            yield from self._wrap(f"{item.file}:{item.line}:{item.column}  {item.error}", "  ")
        if not self.verbose and len(items) > _FIRST:
            yield f"  and {len(items) - _FIRST} more (--verbose)"

    def _counts(self, shown: list[Change]) -> Iterator[str]:
        counts = self.report.counts
        plain = "   ".join(f"{n} {s.word}" for s, n in counts.items() if n)
        words = "   ".join(self.paint.severity(s, f"{n} {s.word}") for s, n in counts.items() if n)
        total = len(self.report.findings)
        mended = sum(len(change.findings) for change in shown)
        yield ""
        verb = "mends" if len(shown) == 1 else "mend"
        right = f"{counted(len(shown), 'change')} {verb} {mended} of {counted(total, 'finding')}"
        yield self._ends(f"  {words}", right, len(plain) + 2)

    def _change(self, number: int, change: Change) -> Iterator[str]:
        title = plain(f"{number:>2}. {change.entity.title}")
        right = f"{change.severity.word} · {change.party}"
        left, painted = self.paint.bold(title), self.paint.severity(change.severity, right)
        yield self._ends(left, painted, len(title), len(right))
        yield from self._wrap(f"{change.consequence.value}:", "    ")
        findings = change.findings if self.verbose else change.findings[:_PLACES]
        for finding, position in self.places.locate(findings):
            yield from self._place(finding, position)
        if len(findings) < len(change.findings):
            yield f"      and {len(change.findings) - len(findings)} more"
        yield from self._remedies(findings)

    def _place(self, finding: Finding, position: Position) -> Iterator[str]:
        place = plain(f"{finding.entity.origin.document.file}:{position.line}:{position.column}")
        yield f"      {self.paint.place(place)}"
        yield from self._wrap(finding.fault.message, "        ")

    def _remedies(self, findings: list[Finding]) -> Iterator[str]:
        for remedy in dict.fromkeys(finding.remedy for finding in findings):
            yield from self._wrap(f"{remedy}.", "    → ")

    def _rest(self, rest: list[Change]) -> Iterator[str]:
        if not rest:
            return
        yield ""
        yield self.paint.bold("Then")
        groups: dict[tuple[Severity, Consequence], list[Change]] = {}
        for change in rest:
            groups.setdefault((change.severity, change.consequence), []).append(change)
        rows = list(groups.items())
        for (severity, consequence), changes in rows[:_ROWS]:
            findings = sum(len(change.findings) for change in changes)
            lead = f"  {self.paint.severity(severity, f'{severity.word:<8}')} "
            objects = counted(len(changes), "object")
            text = f"{consequence.value} ({counted(findings, 'finding')}, {objects})"
            yield from self._wrap(text, "           ", lead)
        if len(rows) > _ROWS:
            left = sum(len(change.findings) for _, changes in rows[_ROWS:] for change in changes)
            yield f"           and {counted(left, 'finding')} of less weight"

    def _not_assessed(self) -> Iterator[str]:
        grouped: dict[tuple[str, str], int] = {}
        for item in self.report.answers.not_assessed:
            key = (item.control.title, item.missing)
            grouped[key] = grouped.get(key, 0) + 1
        if not grouped:
            return
        yield ""
        yield self.paint.bold("Not assessed")
        for (title, missing), count in grouped.items():
            yield from self._wrap(f"{title}: {missing} ({counted(count, 'object')})", "  ")

    def _waived(self) -> Iterator[str]:
        waived = self.report.waived
        if not waived:
            return
        yield ""
        groups: dict[int, list[Waived]] = {}
        for item in waived:
            groups.setdefault(id(item.waiver), []).append(item)
        total = f"{counted(len(waived), 'finding')} by {counted(len(groups), 'waiver')}"
        if not self.verbose:
            yield f"{self.paint.bold('Waived')}  {total} (--verbose)"
            return
        yield f"{self.paint.bold('Waived')}  {total}"
        for items in groups.values():
            waiver = items[0].waiver
            owner = f", {waiver.owner}" if waiver.owner else ""
            text = f"{waiver.where}  {waiver} until {waiver.until}{owner}: {waiver.reason}"
            yield from self._wrap(f"{text} ({counted(len(items), 'finding')})", "  ")

    def _close(self) -> Iterator[str]:
        report = self.report
        if report.findings:
            worst = self.changes[0].findings[0].control.id
            yield self.paint.dim(f"All of it: --verbose · Why a rule exists: casemate explain {worst}")
        fail_on = report.settings.fail_on
        if report.failures:
            why = "an own rule failed, so its questions are not answered"
        elif report.estate.unreadable and not report.allow_unreadable:
            why = "some input was not read; --allow-unreadable to accept that"
        elif report.fails and fail_on is not None:
            why = f"a finding is {fail_on.word} or worse; --fail-on changes the bar"
        else:
            why = f"nothing is {fail_on.word} or worse" if fail_on is not None else "nothing fails a run here"
        theirs = sum(
            party(finding.control.area, finding.platform) == "provider" for finding in report.findings
        )
        if theirs:
            whose = f"{counted(theirs, 'finding')} for the provider of {report.settings.platform.name}"
            yield from self._wrap(f"{whose}, which do not fail the run.", "")
        yield from self._wrap(
            f"{counted(len(report.findings), 'finding')}, exit status {report.status}: {why}.", ""
        )

    def _wrap(self, text: str, indent: str, lead: str | None = None) -> Iterator[str]:
        """Text over several lines; an arrow in the indent stands on the first line only."""
        first = indent if lead is None else " " * len(indent)
        later = " " * len(indent)
        wrapped = textwrap.wrap(
            plain(text),
            self.width,
            initial_indent=first,
            subsequent_indent=later,
            break_on_hyphens=False,
            break_long_words=False,
        )
        if lead is not None and wrapped:
            wrapped[0] = lead + wrapped[0][len(indent) :]
        yield from wrapped

    def _ends(self, left: str, right: str, left_length: int, right_length: int | None = None) -> str:
        """Two texts at both ends of a line, below each other where they do not fit."""
        space = self.width - left_length - (len(right) if right_length is None else right_length)
        return f"{left}{' ' * space}{right}" if space > 1 else f"{left}\n    {right}"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
