"""The answer of `casemate scan --standard` as one HTML page that needs nothing but itself.

It has the look of the report of a scan and no script. What manifests say is escaped, and the page's
own policy allows no script, no other style and no address.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import resources
from typing import TextIO

from casemate import __version__
from casemate.engine.compliance import DUTY, FAIL, JUDGE, NOT_ASSESSED, PASS, VERDICTS, Verdict
from casemate.engine.report import Report
from casemate.engine.standards.items import Standard
from casemate.writers.html_parts import shown

_POLICY = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none';"
_TONES = {FAIL: "critical", NOT_ASSESSED: "medium", JUDGE: "low", PASS: "good", DUTY: "info"}
_STYLE = """
.items { width: 100%; border-collapse: collapse; background: var(--surface); border: 1px solid var(--line); }
.items th, .items td { padding: 8px 12px; border-bottom: 1px solid var(--line); }
.items th, .items td { text-align: left; vertical-align: top; }
.items thead th { font-size: 12px; font-weight: 500; color: var(--ink-2); }
.items thead th, .items .who { white-space: nowrap; }
.items thead th:nth-child(3) { width: 30%; }
.items tbody th { font-weight: 500; white-space: nowrap; }
.items li { font-size: 13px; line-height: 18px; color: var(--ink-2); overflow-wrap: anywhere; }
.badge.good { --tone: var(--good); --on: var(--surface); }
.verdicts { display: flex; flex-wrap: wrap; gap: 8px 16px; margin-bottom: 24px; }
@media screen and (max-width: 760px) {
  .items thead { display: none; }
  .items, .items tbody { display: block; }
  .items tr { display: flex; flex-wrap: wrap; gap: 4px 12px; }
  .items tr { padding: 12px; border-bottom: 1px solid var(--line); }
  .items tr:last-child { border-bottom: 0; }
  .items th, .items td { padding: 0; border: 0; min-width: 0; }
  .items tbody th { white-space: normal; }
  .items .who { margin-left: auto; order: 1; }
  .items .what, .items .why { flex-basis: 100%; order: 2; }
}
"""


def write(
    report: Report, standard: Standard, verdicts: Sequence[Verdict], out: TextIO, now: datetime | None
) -> None:
    """Write the page; `now` is the time that it shows."""
    out.writelines(_page(report, standard, verdicts, now))


def _page(
    report: Report, standard: Standard, verdicts: Sequence[Verdict], now: datetime | None
) -> Iterator[str]:
    sheet = resources.files("casemate.writers") / "assets" / "report.css"
    style = sheet.read_text(encoding="utf-8") + _STYLE
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title = shown(f"{standard.title} {standard.version}")
    yield f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY} style-src 'sha256-{digest}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title} | {shown(" ".join(report.targets))} | casemate</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main id="content">
<div class="masthead">
<p class="targets">{shown(" ".join(report.targets))}</p>
<h1>{title}</h1>
<p class="facts">{" · ".join(_facts(report, now))}</p>
"""
    if report.estate.unreadable:
        yield '<p class="notice grave">Some input was not read, so the answer is incomplete.</p>\n'
    yield "</div>\n"
    counts = Counter(answer.verdict for answer in verdicts)
    yield '<p class="verdicts">'
    yield "".join(f"<span>{_badge(word)} {counts[word]}</span>" for word in VERDICTS if counts[word])
    yield '</p>\n<table class="items"><thead><tr>'
    yield "".join(
        f'<th scope="col">{name}</th>' for name in ("Item", "Verdict", "What it asks", "Who", "Why")
    )
    yield "</tr></thead><tbody>\n"
    for answer in verdicts:
        yield from _row(answer)
    yield "</tbody></table>\n</main>\n</body>\n</html>\n"


def _facts(report: Report, now: datetime | None) -> Iterator[str]:
    platform = report.settings.platform
    yield f"Kubernetes {report.settings.kubernetes} rules"
    yield shown("; ".join((f"platform {platform.name}", *platform.because)))
    if now is not None:
        yield f'<time datetime="{now.isoformat()}">{now.day} {now:%B %Y, %H:%M %Z}</time>'
    yield f"casemate {__version__}"


def _row(answer: Verdict) -> Iterator[str]:
    yield f'<tr><th scope="row">{shown(answer.item.id)}</th><td>{_badge(answer.verdict)}</td>'
    yield f'<td class="what">{shown(answer.item.title)}</td><td class="who">{shown(answer.party)}</td>'
    yield '<td class="why"><ul>'
    yield "".join(f"<li>{shown(line)}</li>" for line in answer.because)
    yield "</ul></td></tr>\n"


def _badge(verdict: str) -> str:
    return f'<span class="badge {_TONES.get(verdict, "info")}">{verdict.replace("-", " ")}</span>'
