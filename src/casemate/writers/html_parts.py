"""The first view of the HTML report: the answer, what it is made of, and what to change."""

from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import groupby
from urllib.parse import quote

import msgspec

from casemate.engine.changes import Change
from casemate.engine.report import Report
from casemate.engine.responsibility import party
from casemate.model.control import Consequence, Finding
from casemate.model.estate import Entity
from casemate.model.place import Position
from casemate.model.platform import Platform
from casemate.model.severity import Severity
from casemate.writers.html_excerpts import Excerpts, Line, Located, clean
from casemate.writers.scan_text import counted

NOWHERE = "(no namespace)"
_OPEN, _CARDS, _ROWS, _PLACES, _BARS = 5, 40, 2_000, 6, 8
_TAGS = {" ": "span", "!": "mark", "-": "del", "+": "ins"}


class Page(msgspec.Struct):
    """What every part reads: the report, with names and places of its findings looked up once."""

    report: Report
    findings: list[Finding]
    changes: list[Change]
    ids: dict[int, str]
    positions: dict[int, Position]
    excerpts: Excerpts

    def place(self, finding: Finding) -> str:
        """The file, line and column of a finding."""
        position = self.positions[id(finding)]
        return f"{finding.entity.origin.document.file}:{position.line}:{position.column}"

    def link(self, finding: Finding) -> str:
        """The place of a finding, linked to all that is known of it."""
        return f'<a class="place" href="#finding-{self.ids[id(finding)]}">{shown(self.place(finding))}</a>'


def shown(value: object) -> str:
    """Any value as text of the page, never as markup."""
    return escape(clean(str(value)))


def badge(severity: Severity) -> str:
    """A severity in its colour and as a word."""
    return f'<span class="badge {severity.word}">{severity.word}</span>'


def name_of(entity: Entity) -> str:
    """An object's name, its namespace lighter, and its kind."""
    ref = entity.ref
    space = f'<span class="space">{shown(ref.namespace)}/</span>' if ref.namespace else ""
    name = f'<span class="name">{space}{shown(entity.name)}</span>'
    return f'{name} <span class="kind">{shown(ref.kind)}</span>'


def bar(parts: Iterable[tuple[str, int]], total: int, words: str) -> str:
    """A horizontal bar of classes and their counts; `words` say the same."""
    x, drawn = 0.0, ""
    for name, count in parts:
        width = 100 * count / max(total, 1)
        drawn += f'<rect class="{name}" x="{x:.2f}" width="{width:.2f}" height="8"/>' if count else ""
        x += width
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" '
        f'aria-label="{shown(words)}"><rect class="track" width="100" height="8"/>{drawn}</svg>'
    )


def verdict(page: Page) -> str:
    """The answer in one sentence."""
    judged = page.report.answers.judged
    if not page.findings:
        return (
            f"No findings in {counted(judged, 'judged object')}" if judged else "Nothing here could be judged"
        )
    counts = page.report.counts
    told = [s for s in counts if counts[s] and s >= Severity.HIGH] or [s for s in counts if counts[s]]
    words = " and ".join(", ".join(f"{counts[s]:,} {s.word}" for s in told).rsplit(", ", 1))
    noun = "finding" if sum(counts[s] for s in told) == 1 else "findings"
    objects = len({id(finding.entity) for finding in page.findings if finding.severity in told})
    return f"{words} {noun} in {counted(objects, 'object')}"


def notices(page: Page) -> Iterator[str]:
    """What lowers the worth of the answer, told before it."""
    report = page.report
    unread = len(report.estate.unreadable)
    if unread:
        what = f"{counted(unread, 'document')} could not be read, so this answer is incomplete."
        yield f'<p class="notice grave"><strong>{what}</strong> <a href="#coverage">What was not read</a></p>'
    if report.settings.kubernetes.note:
        yield f'<p class="notice">{shown(report.settings.kubernetes.note)}.</p>'
    platform = report.settings.platform
    if platform != Platform():
        why = "; ".join(platform.because)
        yield f'<p class="notice">Platform {platform.name}{shown(f": {why}." if why else ".")}</p>'
    for failure in report.failures:
        yield f'<p class="notice grave"><strong>An own rule failed.</strong> {shown(failure)}</p>'
    for note in report.notes:
        yield f'<p class="notice">{shown(note)}.</p>'
    if report.baseline is not None:
        gone = f", {counted(report.gone, 'finding')} of it not found any more" if report.gone else ""
        known = (
            f"{counted(len(report.known), 'finding')} known from {shown(report.baseline)} not listed{gone}"
        )
        yield f'<p class="notice">Only what is new is shown: {known}.</p>'
    if report.waived:
        what = counted(len(report.waived), "finding")
        yield f'<p class="notice">{what} waived. <a href="#waived">Who answers for them</a></p>'


def summary(page: Page) -> Iterator[str]:
    """Counts per severity, what the first changes mend, and how much was seen."""
    counts, total = page.report.counts, len(page.findings)
    if total:
        yield '<section class="tile counts" aria-label="Findings by severity"><ul>'
        for severity, count in counts.items():
            word = severity.word
            yield f'<li class="{word}{"" if count else " none"}"><a href="#findings?severity={word}">'
            yield f"<b>{count:,}</b><span>{word}</span></a></li>"
        words = ", ".join(f"{count} {severity.word}" for severity, count in counts.items())
        yield f"</ul>{bar(((s.word, n) for s, n in counts.items()), total, words)}</section>"
        yield from _mended(page)
    yield from _seen(page)


def _mended(page: Page) -> Iterator[str]:
    """How far the first changes go: to the last severe finding, or where there is none, in percent."""
    total, first = len(page.findings), page.changes[:_OPEN]
    lead = f"The first {len(first)} mend" if len(first) > 1 else "It mends"
    needed = sum(change.severity >= Severity.HIGH for change in page.changes)
    severe = sum(finding.severity >= Severity.HIGH for finding in page.findings)
    mended = [sum(f.severity >= Severity.HIGH or not severe for f in change.findings) for change in first]
    parts = [(f"part{number}", count) for number, count in enumerate(mended)]
    yield '<section class="tile">'
    if severe:
        yield "<h2>To mend all that is critical or high</h2>"
        yield f"<p><b>{needed:,}</b> of {counted(len(page.changes), 'change')}</p>"
        words = f"{counted(severe, 'finding')} to mend"
        if needed > len(first):
            words = f"{lead} {sum(mended):,} of these {counted(severe, 'finding')}"
    else:
        yield f"<h2>Mended by the first {counted(len(first), 'change')}</h2>"
        yield f"<p><b>{sum(mended) * 100 // total}%</b> of the findings</p>"
        words = f"{lead} {sum(mended):,} of {counted(total, 'finding')}"
    yield f'{bar(parts, severe or total, words)}<p class="fine">{words}</p></section>'


def _seen(page: Page) -> Iterator[str]:
    report = page.report
    documents, judged = report.estate.coverage.documents, report.answers.judged
    unread, pending = len(report.estate.unreadable), len(report.answers.not_assessed)
    told = f"{counted(unread, 'document')} unreadable" if unread else "Nothing unreadable"
    yield f'<section class="tile"><h2>Judged</h2><p><b>{judged:,}</b> of {counted(documents, "document")}</p>'
    told += f" · {counted(pending, 'question')} not assessed"
    yield f'{seen_bar(report)}<p class="fine"><a href="#coverage">{told}</a></p></section>'


def seen_bar(report: Report) -> str:
    """All documents: judged, holding nothing to judge, unreadable."""
    parts = [
        ("judged", report.answers.judged),
        ("skipped", sum(report.skipped.values())),
        ("unread", len(report.estate.unreadable)),
    ]
    words = "{} judged, {} with nothing to judge, {} unreadable".format(*(count for _, count in parts))
    return bar(parts, sum(count for _, count in parts), words)


def charts(page: Page) -> Iterator[str]:
    """Where the findings are, what they lead to, and who must act."""
    findings = page.findings
    if len({finding.entity.ref.namespace for finding in findings}) > 1:
        yield from _chart("By namespace", "namespace", findings, lambda f: f.entity.ref.namespace or NOWHERE)
    else:
        yield from _chart("By object", "q", findings, lambda f: str(f.entity.ref))
    harm = [consequence.value for consequence in Consequence]
    yield from _chart(
        "What they lead to", "consequence", findings, lambda f: f.control.consequence.value, harm
    )
    yield from _chart("Who must act", "party", findings, lambda f: party(f.control.area, f.platform))


def _chart(
    title: str,
    facet: str,
    findings: list[Finding],
    key: Callable[[Finding], str],
    order: list[str] | None = None,
) -> Iterator[str]:
    """Bars of the groups that `key` makes, in a given order or the most numerous first."""
    groups: dict[str, list[int]] = {}
    for finding in findings:
        groups.setdefault(key(finding), [0] * len(Severity))[finding.severity] += 1
    totals = {name: sum(counts) for name, counts in groups.items()}
    bars = sorted(groups, key=order.index if order else lambda name: -totals[name])
    yield f'<section class="chart"><h2>{title}</h2><ul>'
    for name in bars[:_BARS]:
        parts = [(severity.word, groups[name][severity]) for severity in sorted(Severity, reverse=True)]
        words = ", ".join(f"{count} {word}" for word, count in parts if count)
        link = f"#findings?{facet}={quote(clean(name), safe='')}"
        drawn = bar(parts, max(totals.values()), words)
        yield f'<li><a href="{link}"><span>{shown(name)}</span> <b>{totals[name]:,}</b></a>{drawn}</li>'
    if len(bars) > _BARS:
        rest = sum(totals[name] for name in bars[_BARS:])
        yield f'<li class="fine">{rest:,} more in {len(bars) - _BARS:,} others</li>'
    yield "</ul></section>"


def first_changes(page: Page) -> Iterator[str]:
    """The changes, ranked: the first ones open, further ones closed, the long rest as rows."""
    for number, change in enumerate(page.changes[:_CARDS], 1):
        yield from _card(page, number, change)
    rest = page.changes[_CARDS:]
    if not rest:
        return
    told = f"{counted(len(rest), 'further change')}, less severe or smaller"
    yield f'<details class="rest"><summary>{told}</summary><ol start="{_CARDS + 1}">'
    for change in rest[:_ROWS]:
        finding = change.findings[0]
        yield f"<li>{badge(change.severity)} {name_of(change.entity)} {page.link(finding)} "
        yield f"<span>{change.consequence.value} ({counted(len(change.findings), 'finding')})</span></li>"
    yield "</ol>"
    if len(rest) > _ROWS:
        yield f"<p>and {len(rest) - _ROWS:,} more, all of them among the findings.</p>"
    yield "</details>"


def _card(page: Page, number: int, change: Change) -> Iterator[str]:
    yield f'<details class="change {change.severity.word}"{" open" if number <= _OPEN else ""}><summary>'
    yield f'<span class="rank">{number}</span><h3>{name_of(change.entity)}</h3>'
    yield f'<span class="tags">{badge(change.severity)}'
    yield f'<span class="party">{shown(change.party)}</span></span>'
    yield f'<span class="harm">{change.consequence.value}</span>'
    yield f'<span class="count">{counted(len(change.findings), "finding")}</span></summary>'
    yield '<div class="body"><ol class="steps">'
    steps: dict[str, list[Finding]] = {}
    for finding in change.findings:
        steps.setdefault(finding.remedy, []).append(finding)
    for remedy, findings in steps.items():
        yield f"<li><p>{shown(remedy)}{_edit_note(findings)}</p><ul>"
        for finding in findings[:_PLACES]:
            yield f"<li>{page.link(finding)} <span>{shown(finding.fault.message)}</span></li>"
        more = len(findings) - _PLACES
        yield f"{f'<li>and {more:,} more</li>' if more > 0 else ''}</ul></li>"
    yield f'</ol><div class="patches">{"".join(_patches(page, steps.values()))}</div></div></details>\n'


def _edit_note(findings: list[Finding]) -> str:
    fixes = [finding.fault.fix for finding in findings]
    if not all(fixes):
        return ""
    if all(fix is not None and fix.safe for fix in fixes):
        return ' <span class="tag" title="A sound workload cannot notice this edit">safe edit</span>'
    return ' <span class="tag" title="The workload may need what this takes away">edit to review</span>'


def _patches(page: Page, steps: Iterable[list[Finding]]) -> Iterator[str]:
    located = [(f, page.positions[id(f)]) for findings in steps for f in findings[:_PLACES]]
    located.sort(key=_in_document)
    for _, group in groupby(located, key=lambda pair: id(pair[0].entity.origin.document)):
        group_list: list[Located] = list(group)
        lines = list(page.excerpts.hunk(group_list))
        if lines:
            file = shown(group_list[0][0].entity.origin.document.file)
            yield f'<figure><figcaption>{file}</figcaption><pre class="code">{code(lines)}</pre></figure>'


def _in_document(located: Located) -> tuple[int, int]:
    return id(located[0].entity.origin.document), located[1].line


def code(lines: Iterable[Line]) -> str:
    """Lines of a manifest with their numbers and marks."""
    return "".join(
        '<span class="gap"></span>'
        if mark == "~"
        else f'<{_TAGS[mark]} class="l" data-n="{number or ""}">{shown(text)}\n</{_TAGS[mark]}>'
        for number, mark, text in lines
    )
