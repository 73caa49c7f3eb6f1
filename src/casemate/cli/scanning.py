"""The way through a scan: read, judge, write."""

import datetime as dt
import importlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, TextIO

import msgspec

from casemate.cli.output import as_text
from casemate.controls.catalogue import controls_for
from casemate.engine.judge import Answers, judge
from casemate.engine.report import Report
from casemate.model.estate import Estate
from casemate.model.platform import AUTO
from casemate.model.settings import Settings
from casemate.model.waiver import Waived
from casemate.readers.estate import read_estate
from casemate.readers.places import Sources
from casemate.readers.waiver_signs import any_waiver

if TYPE_CHECKING:
    from casemate.engine.compare import Old
    from casemate.writers.paint import Paint

_WIDTH = 80
_NARROWEST = 40
_PLAIN = {"junit": "junit", "markdown": "markdown", "csv": "csv_table"}
"""Forms that need nothing but the report and its places, and the writers of them."""


def scan(targets: tuple[str, ...], settings: Settings, *, quiet: bool, baseline: str | None = None) -> Report:
    """Read and judge, and compare with a baseline; a bar shows the reading on a terminal."""
    old = None if baseline is None else _known(baseline)
    if quiet or not sys.stderr.isatty():
        estate = read_estate(targets, settings)
    else:
        from casemate.cli.progress import reading  # noqa: PLC0415 # start-up: rich is for terminals

        with reading() as progress:
            estate = read_estate(targets, settings, progress)
    if settings.platform.name == AUTO:
        from casemate.engine.platforms import recognise  # noqa: PLC0415 # start-up: few ask for it

        platform = recognise(estate, settings.platform)
        settings = msgspec.structs.replace(settings, platform=platform)
    answers, waived = judged(estate, settings, partial=_is_part(targets, settings))
    report = Report(targets, settings, estate, answers, waived, notes=settings.notes)
    if settings.rules:
        from casemate.readers.rules import failures  # noqa: PLC0415 # start-up: few have rules of their own

        report.failures = failures()
    if baseline is not None and old is not None:
        _without(report, baseline, old)
    return report


def _known(baseline: str) -> "list[Old[str]]":
    """A baseline is read before all else: a slip in its name should not cost a whole scan."""
    from casemate.readers.baseline_file import read_baseline  # noqa: PLC0415 # start-up: few runs have one

    return read_baseline(baseline)


def _without(report: Report, baseline: str, old: "list[Old[str]]") -> None:
    """Set apart what the baseline knows."""
    from casemate.engine.compare import compare  # noqa: PLC0415 # start-up: few runs have one
    from casemate.readers.baseline_file import from_folder_of  # noqa: PLC0415

    hidden = [item.finding for item in report.waived]
    entities = report.estate.entities
    compared = compare(old, report.findings, hidden, entities, lambda file: from_folder_of(baseline, file))
    report.baseline, report.known, report.gone = baseline, compared.known, len(compared.gone)
    report.answers.findings = compared.new


def group(report: Report, by: str) -> None:
    """Divide the findings of a report by what people divide their work by."""
    from casemate.engine.grouping import grouped, teams  # noqa: PLC0415 # start-up: few ask for it
    from casemate.readers.codeowners import owner_of  # noqa: PLC0415

    team_of = teams(report.estate, report.settings.teams, owner_of)
    report.by, report.groups = by, grouped(report.findings, by, team_of)


def judged(
    estate: Estate,
    settings: Settings,
    *,
    partial: bool = True,
    place: Callable[[str], str] = os.path.normpath,
) -> tuple[Answers, list[Waived]]:
    """The answers that count, and what is waived; see `readers.waivers.apply`."""
    answers = judge(estate, controls_for(estate.entities), settings)
    if not settings.waivers and not any_waiver(estate):
        return answers, []
    from casemate.readers.waivers import apply  # noqa: PLC0415 # start-up: most estates hold none

    today = dt.datetime.now().astimezone().date()
    return answers, apply(estate, answers, settings, today, partial=partial, place=place)


def _is_part(targets: tuple[str, ...], settings: Settings) -> bool:
    """Whether the settings, found above the targets, are about more than was read."""
    if settings.source is None or settings.named:
        return False
    folder = os.path.dirname(os.path.realpath(settings.source))
    tops = (os.path.join(os.path.realpath(target), "") for target in targets)
    return not any(os.path.join(folder, "").startswith(top) for top in tops)


def write(report: Report, name: str, out: BinaryIO, *, on_terminal: bool, verbose: bool) -> None:
    """Write a report in the form of that name."""
    if name == "json":
        from casemate.writers import scan_json  # noqa: PLC0415 # start-up: one form is written

        scan_json.write(report, Sources(), out)
        return
    if name == "sarif":
        from casemate.cli.pages import page_of  # noqa: PLC0415 # start-up: one form is written
        from casemate.cli.placed_fixes import PlacedFixes  # noqa: PLC0415
        from casemate.writers import sarif  # noqa: PLC0415

        folder = os.getcwd()
        sarif.write(report, Sources(), out, sarif.Means(page_of, PlacedFixes(folder).of, folder))
        return
    with as_text(out) as text:
        if name == "html":
            _write_html(report, text)
        elif name in _PLAIN:
            importlib.import_module(f"casemate.writers.{_PLAIN[name]}").write(report, Sources(), text)
        else:
            _write_text(report, text, on_terminal=on_terminal, verbose=verbose)


def _write_html(report: Report, text: TextIO) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 # start-up: one form is written

    from casemate.writers import html  # noqa: PLC0415

    html.write(report, Sources(), text, datetime.now(UTC))


def _write_text(report: Report, text: TextIO, *, on_terminal: bool, verbose: bool) -> None:
    from casemate.writers import scan_text  # noqa: PLC0415 # start-up: one form is written

    paint, width = screen(on_terminal=on_terminal)
    scan_text.write(report, Sources(), text, paint, width, verbose=verbose)


def screen(*, on_terminal: bool) -> "tuple[Paint, int]":
    """The colours and the width of the screen, or those of a file."""
    from casemate.writers.paint import Paint  # noqa: PLC0415 # start-up: one form is written

    width = max(os.get_terminal_size().columns or _WIDTH, _NARROWEST) if on_terminal else _WIDTH
    paint = Paint(on=on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")
    return paint, width
