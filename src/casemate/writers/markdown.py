"""The answer of `casemate scan` as Markdown, for a comment on a pull request.

Short: what to change first stands open, the rest is folded away. GitHub refuses a comment above 65,536
characters, so what does not fit is counted instead of shown.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import TextIO

from casemate.engine.changes import Change
from casemate.engine.report import Report
from casemate.model.control import Finding
from casemate.model.place import Position
from casemate.model.severity import Severity
from casemate.writers.paint import plain
from casemate.writers.places import Places
from casemate.writers.scan_text import counted
from casemate.writers.states import justification

MARK = "<!-- casemate -->"
"""The first line, by which a later run finds the comment again."""
LIMIT = 60_000
"""Bytes, so that the comment fits however its length is counted."""
_FIRST = 5
_PLACES = 4
_RESERVE = 400
"""Bytes kept for saying how much is left out, and for what must be closed."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#|~$!&])")
_LINKING = ("@", "#", "://", "www.", "GH-", "gh-")
"""What GitHub makes a mention, a reference or a link of, escaped or not; a space of no width prevents it."""
_TICKS = re.compile("`+")


def write(report: Report, places: Places, out: TextIO) -> None:
    """Write the comment."""
    out.writelines(_Comment(report, places).parts())


def words(text: str) -> str:
    """Text that means itself: no markup, no link, nobody mentioned, no issue referred to."""
    text = _SPECIAL.sub(r"\\\1", plain(text))
    for sign in _LINKING:
        text = text.replace(sign, f"{sign[0]}\u200b{sign[1:]}")
    return text


def code(text: str) -> str:
    """Text as code, fenced by more backticks than it holds."""
    text = plain(text)
    longest = max(map(len, _TICKS.findall(text)), default=0)
    space = " " if text[:1] in {"`", " "} or text[-1:] in {"`", " "} else ""
    return f"{'`' * (longest + 1)}{space}{text}{space}{'`' * (longest + 1)}"


class _Comment:
    def __init__(self, report: Report, places: Places) -> None:
        self.report = report
        self.places = places
        self.left = LIMIT - _RESERVE
        self.shown = 0

    def parts(self) -> Iterator[str]:
        """The text, part after part, never more than `LIMIT` bytes together."""
        yield from self._taken([self._head()])
        yield from self._taken([self._unreadable()])
        changes = self.report.changes
        first = self._urgent(changes)
        if first:
            yield from self._taken(
                ["#### Change first\n\n" if len(first) < len(changes) else "#### Change\n\n"]
            )
            yield from self._taken(self._change(number, change) for number, change in enumerate(first, 1))
        for severity, rest in groupby(changes[len(first) :], key=lambda change: change.severity):
            yield from self._folded(severity, list(rest))
        hidden = len(self.report.findings) - self.shown
        if hidden:
            yield f"\n… and {counted(hidden, 'more finding')}: this comment shows {self.shown:,} of them.\n\n"
        yield from self._taken([self._not_assessed(), self._waived()])
        status = self.report.status
        yield f"\n<sub>casemate scan · exit status {status} · `casemate explain ID` says more</sub>\n"

    def _taken(self, parts: Iterable[str | tuple[str, int]]) -> Iterator[str]:
        """Parts as long as there is room for them; a part may say how many findings it shows."""
        for part in parts:
            text, findings = part if isinstance(part, tuple) else (part, 0)
            size = len(text.encode(errors="replace"))
            if size > self.left:
                return
            self.left -= size
            self.shown += findings
            yield text

    def _head(self) -> str:
        report = self.report
        total = len(report.findings)
        counts = ", ".join(
            f"{number:,} {severity.word}" for severity, number in report.counts.items() if number
        )
        what = "finding" if report.baseline is None else "new finding"
        title = (
            f"{counted(total, what)}: {counts}"
            if total
            else "nothing to change was found"
            if report.baseline is None
            else "nothing new was found"
        )
        coverage = report.estate.coverage
        unread = len(report.estate.unreadable)
        judged = f"{report.answers.judged:,} of {counted(coverage.documents, 'object')} judged"
        parts = [
            f"{judged} in {counted(coverage.files, 'file')}",
            f"**{unread:,} not read, so the answer is incomplete**" if unread else "nothing unreadable",
            f"{len(report.known):,} known from the baseline, {report.gone:,} gone" if report.baseline else "",
            f"{len(report.waived):,} waived" if report.waived else "",
            f"Kubernetes {report.settings.kubernetes} rules",
        ]
        notes = "".join(f"> {_short(note)}\n\n" for note in (*report.notes, *report.failures))
        return f"{MARK}\n### Casemate: {title}\n\n{' · '.join(filter(None, parts))}\n\n{notes}"

    def _unreadable(self) -> str:
        items = self.report.estate.unreadable
        lines = [f"- {code(f'{item.file}:{item.line}')} {_short(item.error)}\n" for item in items[:_FIRST]]
        if len(items) > _FIRST:
            lines.append(f"- and {len(items) - _FIRST:,} more\n")
        return f"#### Not read\n\n{''.join(lines)}\n" if items else ""

    def _urgent(self, changes: list[Change]) -> list[Change]:
        worst = [change for change in changes if change.severity >= Severity.HIGH]
        return (worst or changes)[:_FIRST]

    def _change(self, number: int, change: Change) -> tuple[str, int]:
        ref = change.entity.ref
        findings = change.findings[:_PLACES]
        title = f"**{words(str(ref))}** ({words(ref.kind)})"
        lines = [
            f"{number}. {title} · **{change.severity.word}** · {change.party}<br>\n"
            f"   {change.consequence.value}:\n"
        ]
        lines += [f"   - {_place(*pair)}\n" for pair in self.places.locate(findings)]
        if len(findings) < len(change.findings):
            lines.append(f"   - and {len(change.findings) - len(findings)} more\n")
        remedies = dict.fromkeys(finding.remedy for finding in findings)
        lines += [f"   - → {words(remedy)}.\n" for remedy in remedies]
        return "".join(lines) + "\n", len(findings)

    def _folded(self, severity: Severity, changes: list[Change]) -> Iterator[str]:
        """The changes of one severity, folded; nothing where not even one line of it has room."""
        findings = sum(len(change.findings) for change in changes)
        summary = f"{severity.word}: {counted(len(changes), 'change')} for {counted(findings, 'finding')}"
        opening = f"<details><summary>{summary}</summary>\n\n"
        lines = (
            (f"- {_place(*pair, of=str(change.entity.ref))}\n", 1)
            for change in changes
            for pair in self.places.locate(change.findings)
        )
        taken = self._taken(lines)
        self.left -= len(opening) + len("\n</details>\n\n")
        start = list(islice(taken, 1)) if self.left > 0 else []
        if start:
            yield opening
            yield from start
            yield from taken
            yield "\n</details>\n\n"

    def _not_assessed(self) -> str:
        grouped: dict[tuple[str, str], int] = {}
        for item in self.report.answers.not_assessed:
            key = (item.control.title, item.missing)
            grouped[key] = grouped.get(key, 0) + 1
        if not grouped:
            return ""
        lines = [
            f"- {words(title)}: {words(missing)} ({counted(count, 'object')})\n"
            for (title, missing), count in islice(grouped.items(), 2 * _FIRST)
        ]
        total = counted(sum(grouped.values()), "question")
        return f"<details><summary>{total} not assessed</summary>\n\n{''.join(lines)}\n</details>\n\n"

    def _waived(self) -> str:
        """The first few waived findings, so that reviewers see what is taken for granted."""
        items = self.report.waived
        if not items:
            return ""
        shown = items[: 2 * _FIRST]
        located = self.places.locate(item.finding for item in shown)
        lines = [
            f"- {_place(*pair)}: {_short(justification(item.waiver))}\n"
            for pair, item in zip(located, shown, strict=True)
        ]
        if len(items) > len(shown):
            lines.append(f"- and {len(items) - len(shown):,} more\n")
        return f"<details><summary>{len(items):,} waived</summary>\n\n{''.join(lines)}\n</details>\n\n"


def _place(finding: Finding, position: Position, of: str = "") -> str:
    place = code(f"{finding.entity.origin.document.file}:{position.line}")
    lead = f"{words(of)}: " if of else ""
    return f"{place} {lead}{_short(finding.fault.message)} ({code(finding.control.id)})"


def _short(message: str, longest: int = 300) -> str:
    return words(message if len(message) <= longest else message[:longest] + "…")
