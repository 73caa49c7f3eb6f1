"""`casemate scan`: the main job."""

import os
import sys
from typing import BinaryIO, TextIO

import click

from casemate.cli.output import Outputs, as_text, chosen, outputs, save
from casemate.cli.settings import bar_options, kubernetes_option, settings_option, settle
from casemate.controls.catalogue import all_controls, controls_for
from casemate.engine.judge import judge
from casemate.engine.report import Report
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate

FORMATS = ("text", "json", "html")


@click.command(cls=Outputs, epilog="Example: casemate scan examples/shop --format html --output report.html")
@click.argument("targets", nargs=-1)
@outputs(FORMATS)
@kubernetes_option
@bar_options
@settings_option
@click.option("--verbose", is_flag=True, help="Show every change and place.")
@click.option("--quiet", is_flag=True, help="No progress and no hints.")
@click.pass_context
def scan(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    kubernetes: str | None,
    fail_on: str | None,
    settings_file: str | None,
    *,
    allow_unreadable: bool,
    verbose: bool,
    quiet: bool,
    **_: object,
) -> int:
    """Read TARGETS (folders, files, archives, charts, or - ), judge them, and say what to change.

    Without a target the current folder is read.
    """
    targets = targets or (".",)
    formats = chosen(ctx, FORMATS[0])
    settings = settle(targets, settings_file, kubernetes, fail_on, _known)
    report = _report(targets, settings, quiet=quiet)
    for name, path in formats:
        save(path, lambda out, name=name, path=path: _write(report, name, path, out, verbose=verbose))  # type: ignore[misc] # bound per turn
    if report.version_note and not quiet:
        sys.stderr.write(f"casemate: {report.version_note}\n")
    return int(report.fails) if allow_unreadable else report.status


def _known() -> tuple[str, ...]:
    return tuple(control.id for control in all_controls())


def _report(targets: tuple[str, ...], settings: Settings, *, quiet: bool) -> Report:
    if quiet or not sys.stderr.isatty():
        estate = read_estate(targets, settings)
    else:
        from casemate.cli.progress import reading  # noqa: PLC0415 # start-up: rich is for terminals

        with reading() as progress:
            estate = read_estate(targets, settings, progress)
    controls = controls_for(estate.entities)
    return Report(targets, settings, estate, judge(estate, controls, settings))


def _write(report: Report, name: str, path: str | None, out: BinaryIO, *, verbose: bool) -> None:
    if name == "json":
        from casemate.readers.places import Sources  # noqa: PLC0415 # start-up: one form is written
        from casemate.writers import scan_json  # noqa: PLC0415 # start-up: one form is written

        scan_json.write(report, Sources(), out)
        return
    with as_text(out) as text:
        if name == "html":
            _write_html(report, text)
        else:
            _write_text(report, text, on_terminal=path is None and sys.stdout.isatty(), verbose=verbose)


def _write_html(report: Report, text: TextIO) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 # start-up: one form is written

    from casemate.readers.places import Sources  # noqa: PLC0415
    from casemate.writers import html  # noqa: PLC0415

    html.write(report, Sources(), text, datetime.now(UTC))


def _write_text(report: Report, text: TextIO, *, on_terminal: bool, verbose: bool) -> None:
    from casemate.readers.places import Sources  # noqa: PLC0415 # start-up: one form is written
    from casemate.writers import scan_text  # noqa: PLC0415
    from casemate.writers.paint import Paint  # noqa: PLC0415

    width = os.get_terminal_size().columns if on_terminal else 80
    paint = Paint(on=on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")
    scan_text.write(report, Sources(), text, paint, width, verbose=verbose)
