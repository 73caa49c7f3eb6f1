"""`casemate scan`: the main job."""

import sys
from datetime import datetime
from io import BytesIO

import click

from casemate.cli.completion import files
from casemate.cli.output import Outputs, chosen, outputs, save, save_bytes
from casemate.cli.settings import (
    audit_log_option,
    bar_options,
    cni_option,
    control_ids,
    identities_option,
    kubernetes_option,
    on_platform,
    platform_option,
    rules_option,
    settings_option,
    settle,
)
from casemate.model.settings import GROUPINGS, Settings
from casemate.readers.files import ARCHIVES, STDIN
from casemate.readers.targets import expand, list_files

FORMATS = ("text", "json", "html", "sarif", "junit", "markdown", "csv")
_CACHED = frozenset(("text", "json"))
_GROUPED = frozenset(("text", "json"))


@click.command(cls=Outputs, epilog="Example: casemate scan examples/shop --format html --output report.html")
@click.argument("targets", nargs=-1, shell_complete=files)
@outputs(FORMATS)
@kubernetes_option
@bar_options
@settings_option
@rules_option
@identities_option
@audit_log_option
@platform_option
@cni_option
@click.option("--standard", metavar="NAME[@VERSION]", help="Answer item by item of a standard instead.")
@click.option("--baseline", metavar="FILE", shell_complete=files, help="List and fail on new findings only.")
@click.option("--by", type=click.Choice(GROUPINGS), help="Group the findings of text and json.")
@click.option("--verbose", is_flag=True, help="Show every change and place.")
@click.option("--quiet", is_flag=True, help="No progress and no hints.")
@click.option("--no-cache", is_flag=True, help="Judge anew even what did not change since the last run.")
@click.pass_context
def scan(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    kubernetes: str | None,
    fail_on: str | None,
    settings_file: str | None,
    baseline: str | None,
    platform: str | None,
    standard: str | None,
    by: str | None,
    *,
    allow_unreadable: bool,
    verbose: bool,
    quiet: bool,
    no_cache: bool,
    **_: object,
) -> int:
    """Read TARGETS (folders, files, archives, charts, or - ), judge them, and say what to change.

    Without a target the current folder is read.
    """
    targets = tuple(expand(targets or (".",)))
    formats = chosen(ctx, FORMATS[0])
    settings = settle(targets, settings_file, kubernetes, fail_on, control_ids)
    settings = on_platform(settings, platform)
    if settings.kubernetes.note and not quiet:
        sys.stderr.write(f"casemate: {settings.kubernetes.note}\n")
    if by is not None and not any(name in _GROUPED for name, _ in formats):
        raise click.UsageError(f"--by groups text and json, not {formats[0][0]}")
    if standard is not None:
        if by is not None:
            raise click.UsageError("--by groups findings: it does not go with --standard, which lists items")
        from casemate.cli import standards  # noqa: PLC0415 # start-up: few ask for one

        return standards.answer(
            standard, targets, settings, formats, quiet=quiet, baseline=baseline, verbose=verbose,
            allow_unreadable=allow_unreadable,
        )  # fmt: skip
    if (
        not no_cache
        and baseline is None
        and by is None
        and not settings.rules
        and not settings.identities
        and not settings.audit_logs
        and _may_be_cached(targets, formats)
    ):
        name, path = formats[0]
        return _from_cache(targets, settings, name, path, allow_unreadable=allow_unreadable, verbose=verbose)
    from casemate.cli import scanning  # noqa: PLC0415 # start-up: an answer from the cache needs none of it

    report = scanning.scan(targets, settings, quiet=quiet, baseline=baseline)
    report.allow_unreadable = allow_unreadable
    if by is not None:
        scanning.group(report, by)
    if not quiet:
        sys.stderr.writelines(f"casemate: {line}\n" for line in report.failures)
    for name, path in formats:
        terminal = _on_terminal(path)
        with save(path) as out:
            scanning.write(report, name, out, on_terminal=terminal, verbose=verbose)
    return report.status


def _from_cache(
    targets: tuple[str, ...],
    settings: Settings,
    name: str,
    path: str | None,
    *,
    allow_unreadable: bool,
    verbose: bool,
) -> int:
    """The stored answer where nothing changed, else a new one, which is stored."""
    from casemate.cli import cache  # noqa: PLC0415 # start-up

    listings = [list_files(target, settings.exclude) for target in targets]
    today = datetime.now().astimezone().date()  # a waiver may have ended since the last run
    options = (targets, settings, name, allow_unreadable, verbose, today)
    stored = cache.answers(listings, options, settings.source)
    found = stored.load() if stored is not None else None
    if found is not None:
        save_bytes(path, found[1])
        return found[0]
    from casemate.cli import scanning  # noqa: PLC0415 # start-up

    report = scanning.scan(targets, settings, quiet=True)
    report.allow_unreadable = allow_unreadable
    status = report.status
    if stored is None or report.estate.coverage.rendered:
        with save(path) as out:
            scanning.write(report, name, out, on_terminal=False, verbose=verbose)
        return status
    answer = BytesIO()
    scanning.write(report, name, answer, on_terminal=False, verbose=verbose)
    save_bytes(path, answer.getvalue())
    stored.store(status, answer.getvalue())
    return status


def _may_be_cached(targets: tuple[str, ...], formats: list[tuple[str, str | None]]) -> bool:
    """Whether the answer is one text that depends on files on disk only."""
    name, path = formats[0]
    on_disk = not any(target == STDIN or target.endswith(ARCHIVES) for target in targets)
    return len(formats) == 1 and name in _CACHED and not _on_terminal(path) and on_disk


def _on_terminal(path: str | None) -> bool:
    return path is None and sys.stdout.isatty()
