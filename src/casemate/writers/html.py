"""The answer of `casemate scan` as one HTML page that needs nothing but itself.

The answer and the changes stand in the page; lists of many thousand findings are drawn by its
script from the data at its end. Manifests are not trusted: all of their text is escaped, and
the page's own policy allows no other script, style or address.
"""

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from string import Template
from typing import TextIO

import msgspec

from casemate import __version__
from casemate.engine.report import Report
from casemate.model.estate import Workload
from casemate.writers import html_lists as lists
from casemate.writers import html_parts as parts
from casemate.writers.html_data import Data
from casemate.writers.html_excerpts import Excerpts
from casemate.writers.html_parts import Page, shown
from casemate.writers.places import Places
from casemate.writers.scan_text import counted

_BINDINGS = {"RoleBinding", "ClusterRoleBinding"}


def write(report: Report, places: Places, out: TextIO, now: datetime | None) -> None:
    """Write the page; `now` is the time that it shows."""
    page = _page(report, places)
    style, script = asset("report.css"), asset("page.js") + asset("report.js")
    summary = "".join(parts.summary(page))
    access_link, access = _access(report, places)
    network_link, network = _network(report)
    template = Template(asset("report.html"))
    skeleton = template.substitute(
        title=_targets(report),
        style=style,
        script=script,
        style_hash=digest(style),
        script_hash=digest(script),
        verdict=shown(parts.verdict(page)),
        facts=" · ".join(_facts(report, now)),
        notices="".join(parts.notices(page)),
        summary=summary if page.findings else "",
        heading=_heading(page),
        changes="".join(parts.first_changes(page)) if page.findings else "".join(_praise(page)),
        charts="".join(parts.charts(page)) if page.findings else summary,
        controls="".join(lists.controls(page)) + "".join(lists.silent(page)),
        coverage="".join(lists.coverage(page)),
        access_link=access_link + network_link,
        access=access + network,
        data="\0",
    )
    before, after = skeleton.split("\0")
    out.write(before)
    out.write(msgspec.json.encode(Data(page).all()).decode().replace("<", "\\u003c"))
    out.write(after)


def _page(report: Report, places: Places) -> Page:
    findings = report.findings
    positions = {id(finding): position for finding, position in places.locate(findings)}
    ids = {id(finding): finding.id for finding in findings}
    return Page(report, findings, report.changes, ids, positions, Excerpts(places))


def _access(report: Report, places: Places) -> tuple[str, str]:
    """The link to the access page and the page; nothing where there is no binding."""
    if _BINDINGS.isdisjoint(entity.ref.kind for entity in report.estate.entities):
        return "", ""
    from casemate.writers import html_access  # noqa: PLC0415 # start-up: most estates hold no binding

    found = html_access.powers(report)
    if found is None:
        return "", ""
    head = '<section id="access" class="access" data-view="access" aria-labelledby="access-title">'
    title = '<h2 id="access-title">Who holds what power</h2>'
    body = "".join(html_access.access(found, places))
    return '<a href="#access">Access</a>', f"{head}{title}{body}</section>\n"


def _network(report: Report) -> tuple[str, str]:
    """The link to the network page and the page; nothing where no two workloads could call each other."""
    if sum(isinstance(entity, Workload) for entity in report.estate.entities) < 2:
        return "", ""
    from casemate.writers import html_network  # noqa: PLC0415 # start-up: many estates hold no two workloads

    body = "".join(html_network.page(report))
    if not body:
        return "", ""
    head = '<section id="network" class="network" data-view="network" aria-labelledby="network-title">'
    title = '<h2 id="network-title">Who may call whom</h2>'
    return '<a href="#network">Network</a>', f"{head}{title}{body}</section>\n"


def asset(name: str) -> str:
    """The text of a file beside the writers."""
    return (resources.files("casemate.writers") / "assets" / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """What a page's policy knows its style or script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _targets(report: Report) -> str:
    names = " ".join(report.targets[:3])
    more = len(report.targets) - 3
    return shown(f"{names} and {more:,} more" if more > 0 else names)


def _facts(report: Report, now: datetime | None) -> Iterator[str]:
    yield f"Kubernetes {report.settings.kubernetes} rules"
    if now is not None:
        yield f'<time datetime="{now.isoformat()}">{now.day} {now:%B %Y, %H:%M %Z}</time>'
    yield f"casemate {__version__}"


def _heading(page: Page) -> str:
    if not page.findings:
        return "Nothing to change" if page.report.answers.judged else "Nothing was judged"
    return "Change these first" if len(page.changes) > 1 else "Change this"


def _praise(page: Page) -> Iterator[str]:
    """Nothing to change, and what that does not say."""
    report = page.report
    pending, unread = len(report.answers.not_assessed), len(report.estate.unreadable)
    skipped = sum(report.skipped.values())
    if report.answers.judged:
        yield '<div class="praise"><p>All controls that apply were asked of '
        yield f"{counted(report.answers.judged, 'object')}, and none found a fault.</p>"
    else:
        yield '<div class="praise none"><p>No object that casemate judges was found. '
        yield "This says nothing about the safety of what was read.</p>"
    yield "<h3>What this does not say</h3><ul>"
    if unread:
        yield f"<li>{counted(unread, 'document')} could not be read and may hold faults.</li>"
    if pending:
        yield f"<li>{counted(pending, 'question')} could not be answered from what was read.</li>"
    if skipped:
        yield f"<li>{counted(skipped, 'document')} held nothing that a control asks about.</li>"
    yield "<li>What was not among the targets, in the cluster or elsewhere, was not looked at.</li>"
    yield '</ul><p><a href="#coverage">All that was seen and not seen</a></p></div>'
