"""`casemate scan --standard`: the answer to each item of a standard."""

import sys
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from casemate.cli import scanning
from casemate.cli.output import as_text, save
from casemate.controls.catalogue import all_controls
from casemate.engine.compliance import Verdict, verdicts
from casemate.engine.report import Report
from casemate.engine.standards import load
from casemate.engine.standards.items import Standard
from casemate.model.errors import UsageError
from casemate.model.platform import Platform
from casemate.model.settings import Settings
from casemate.writers import standard_html, standard_json, standard_text

FORMATS = ("text", "json", "html")


def answer(
    name: str,
    targets: tuple[str, ...],
    settings: Settings,
    formats: list[tuple[str, str | None]],
    *,
    quiet: bool,
    baseline: str | None,
    verbose: bool,
    allow_unreadable: bool,
) -> int:
    """Scan, write what that says of the standard of that name, and return scan's exit status.

    Raises `UsageError` where there is no such standard or no such form of it.
    """
    standard = load(name)
    for form, _ in formats:
        if form not in FORMATS:
            raise UsageError(f"a standard cannot be written as {form}: choose {', '.join(FORMATS)}")
    if standard.platform and settings.platform == Platform():
        about = Platform(name=standard.platform, because=(f"{standard.title} is about {standard.platform}",))
        settings = msgspec.structs.replace(settings, platform=about)
    report = scanning.scan(targets, settings, quiet=quiet, baseline=baseline)
    report.allow_unreadable = allow_unreadable
    found = list(verdicts(standard, all_controls(), report))
    for form, path in formats:
        terminal = path is None and sys.stdout.isatty()
        with save(path) as out:
            _write(report, standard, found, form, out, on_terminal=terminal, verbose=verbose)
    return report.status


def _write(
    report: Report,
    standard: Standard,
    found: list[Verdict],
    form: str,
    out: BinaryIO,
    *,
    on_terminal: bool,
    verbose: bool,
) -> None:
    if form == "json":
        standard_json.write(report, standard, found, out)
        return
    with as_text(out) as text:
        if form == "html":
            standard_html.write(report, standard, found, text, datetime.now(UTC))
        else:
            paint, width = scanning.screen(on_terminal=on_terminal)
            standard_text.write(report, standard, found, text, paint, width, verbose=verbose)
