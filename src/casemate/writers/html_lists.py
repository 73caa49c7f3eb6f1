"""Lists of the HTML report that need no script: the controls, and what was seen and what was not."""

import re
import sys
from collections.abc import Iterator

from casemate.analysis.pods import Container, Pod
from casemate.controls.catalogue import controls_for
from casemate.engine.report import Report
from casemate.engine.responsibility import duty
from casemate.model.control import Control, Finding, NotAssessed
from casemate.model.estate import Workload
from casemate.model.waiver import Waived
from casemate.writers.html_parts import Page, badge, name_of, seen_bar, shown
from casemate.writers.scan_text import counted

_ROWS, _OBJECTS = 2_000, 12
_BACKQUOTED = re.compile(r"`([^`\n]+)`")


def controls(page: Page) -> Iterator[str]:
    """Every control that found something, with its explanation."""
    found: dict[str, list[Finding]] = {}
    for finding in page.findings:
        found.setdefault(finding.control.id, []).append(finding)
    for findings in sorted(found.values(), key=lambda group: (-max(f.severity for f in group), -len(group))):
        yield from _control(findings)


def _control(findings: list[Finding]) -> Iterator[str]:
    control = findings[0].control
    name = shown(control.id)
    objects = len({id(finding.entity) for finding in findings})
    yield f'<details class="control" id="control-{name}" data-control="{name}"><summary>'
    told = counted(len(findings), "finding")
    yield f"{badge(max(finding.severity for finding in findings))}<h3>{shown(control.title)}</h3>"
    yield f'<code>{name}</code><span class="count">{told} in {counted(objects, "object")}</span></summary>'
    yield f'<div class="body"><div class="prose">{explanation(control)}</div><dl>'
    yield f"<dt>What to change</dt><dd>{shown(control.remedy)}</dd>"
    yield f"<dt>What it leads to</dt><dd>{control.consequence.value}</dd>"
    who = duty(control.area, findings[0].platform)
    yield f"<dt>Who must act</dt><dd>{shown(f'{who.party}: {who.reason}')}</dd>"
    if control.standards:
        yield f"<dt>Standards</dt><dd>{standards(control)}</dd>"
    yield f'</dl><p class="script"><a href="#findings?control={name}">{told} of this control</a></p>'
    yield "</div></details>\n"


def explanation(control: Control) -> str:
    """The docstring of a control's module: paragraphs, and code between backquotes."""
    module = sys.modules.get(control.module)
    text = (module and module.__doc__) or f"{control.title}."
    paragraphs = (shown(paragraph) for paragraph in re.split(r"\n\s*\n", text.strip()))
    return "".join(
        "<p>" + _BACKQUOTED.sub(r"<code>\1</code>", paragraph) + "</p>" for paragraph in paragraphs
    )


def standards(control: Control) -> str:
    """The standards that ask for a control."""
    return " ".join(f'<span class="tag">{shown(standard)}</span>' for standard in control.standards)


def silent(page: Page) -> Iterator[str]:
    """The controls that were asked about something here and found nothing."""
    report = page.report
    spoke = {f.control.id for f in page.findings} | {a.control.id for a in report.answers.not_assessed}
    spoke |= {item.finding.control.id for item in report.waived} | {f.control.id for f in report.known}
    quiet = [control for control in _asked(report) if control.id not in spoke]
    if not quiet:
        return
    yield f'<details class="rest"><summary>{counted(len(quiet), "control")} asked without a finding</summary>'
    yield '<ul class="columns">'
    for control in quiet:
        yield f"<li>{shown(control.title)} <code>{shown(control.id)}</code></li>"
    yield "</ul></details>"


def _asked(report: Report) -> Iterator[Control]:
    """The controls of which the estate holds a subject."""
    kinds = {type(entity) for entity in report.estate.entities}
    for control in controls_for(report.estate.entities):
        subject = Workload if control.subject in (Pod, Container) else control.subject
        settled = control.id in report.settings.disabled or not control.applies(report.settings.kubernetes)
        if not settled and any(issubclass(kind, subject) for kind in kinds):
            yield control


def coverage(page: Page) -> Iterator[str]:
    """What was seen, and above all what was not."""
    report = page.report
    documents, files = report.estate.coverage.documents, report.estate.coverage.files
    skipped, unread = report.skipped, report.estate.unreadable
    yield f'<p class="lead">{counted(documents, "document")} in {counted(files, "file")}: '
    yield f"<strong>{report.answers.judged:,} judged</strong>, "
    yield f"{sum(skipped.values()):,} with nothing to judge, "
    yield f"<strong>{len(unread):,} unreadable</strong>.</p>{seen_bar(report)}"
    yield from _unreadable(report)
    yield from _not_assessed(report)
    yield from _waived(report)
    if skipped:
        yield '<section><h3>Nothing to judge</h3><ul class="columns counted">'
        for reason, count in skipped.items():
            yield f"<li><b>{count:,}</b> {shown(reason)}</li>"
        yield "</ul></section>"
    yield from _settled(report)


def _unreadable(report: Report) -> Iterator[str]:
    items = report.estate.unreadable
    yield '<section id="unreadable"><h3>Unreadable</h3>'
    if not items:
        yield "<p>Everything that was found could be read.</p></section>"
        return
    yield '<div class="wide"><table><thead><tr><th scope="col">Place</th><th scope="col">Cause</th></tr>'
    yield "</thead><tbody>"
    for item in items[:_ROWS]:
        place = shown(f"{item.file}:{item.line}:{item.column}")
        yield f'<tr><td><code class="place">{place}</code></td><td>{shown(item.error)}</td></tr>'
    yield "</tbody></table></div>"
    if len(items) > _ROWS:
        yield f"<p>and {len(items) - _ROWS:,} more; the JSON form of the answer names them all.</p>"
    yield "</section>"


def _not_assessed(report: Report) -> Iterator[str]:
    groups: dict[tuple[str, str], list[NotAssessed]] = {}
    for item in report.answers.not_assessed:
        groups.setdefault((item.control.id, item.missing), []).append(item)
    yield '<section id="not-assessed"><h3>Questions not assessed</h3>'
    if not groups:
        yield "<p>Every question that arose was answered.</p></section>"
        return
    yield "<p>These are neither passed nor failed: what would decide them was not read.</p>"
    for (_, missing), items in groups.items():
        control = items[0].control
        yield f'<details class="rest"><summary>{badge(control.severity)} <b>{shown(control.title)}</b> '
        yield f'<code>{shown(control.id)}</code> <span class="count">{counted(len(items), "object")}</span>'
        yield f'<span class="missing">Missing: {shown(missing)}</span></summary><ul class="columns">'
        for item in items[:_OBJECTS]:
            yield f"<li>{name_of(item.entity)}</li>"
        more = len(items) - _OBJECTS
        yield f"{f'<li>and {more:,} more</li>' if more > 0 else ''}</ul></details>"
    yield "</section>"


def _waived(report: Report) -> Iterator[str]:
    """What somebody answers for: each waiver with what it covers."""
    groups: dict[int, list[Waived]] = {}
    for item in report.waived:
        groups.setdefault(id(item.waiver), []).append(item)
    if not groups:
        return
    yield '<section id="waived"><h3>Waived</h3>'
    for items in list(groups.values())[:_ROWS]:
        waiver = items[0].waiver
        owner = f", {shown(waiver.owner)}" if waiver.owner else ""
        yield f'<details class="rest"><summary><b>{shown(waiver)}</b> until {waiver.until}{owner} '
        yield f'<span class="count">{counted(len(items), "finding")}</span>'
        yield f'<span class="missing">{shown(waiver.reason)} ({shown(waiver.where)})</span></summary><ul>'
        for item in items[:_OBJECTS]:
            finding = item.finding
            yield f"<li>{badge(finding.severity)} {name_of(finding.entity)} "
            yield f"<span>{shown(finding.fault.message)}</span> <code>{shown(finding.control.id)}</code></li>"
        more = len(items) - _OBJECTS
        yield f"{f'<li>and {more:,} more</li>' if more > 0 else ''}</ul></details>"
    yield "</section>"


def _settled(report: Report) -> Iterator[str]:
    """What a settings file turned off or changed."""
    settings = report.settings
    told = [f"Control {name} was not asked" for name in sorted(settings.disabled)]
    told += [
        f"Control {name} counts as {severity.word}" for name, severity in sorted(settings.severities.items())
    ]
    told += [f"Files that match {pattern} were left out" for pattern in settings.exclude]
    if told:
        source = f" in {settings.source}" if settings.source else ""
        lines = "".join(f"<li>{shown(line)}</li>" for line in told)
        yield f"<section><h3>Settled{shown(source)}</h3><ul>{lines}</ul></section>"
