"""`casemate baseline`: take the findings of today for known, so that only new ones fail a run."""

import os
import sys

import click

from casemate.cli.completion import files
from casemate.cli.output import check_place, save_bytes
from casemate.cli.settings import control_ids, kubernetes_option, rules_option, settings_option, settle
from casemate.readers.targets import expand

NAME = "casemate-baseline.json"


@click.group(epilog="Then: casemate scan --baseline casemate-baseline.json")
def baseline() -> None:
    """Take the findings of today for known; casemate scan --baseline FILE then lists new ones only."""


@baseline.command(epilog="Example: casemate baseline write examples/shop")
@click.argument("targets", nargs=-1, shell_complete=files)
@click.option("--output", default=NAME, metavar="FILE", shell_complete=files, help=f"Default: {NAME}.")
@kubernetes_option
@settings_option
@rules_option
@click.option("--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read.")
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
def write(
    targets: tuple[str, ...],
    output: str,
    kubernetes: str | None,
    settings_file: str | None,
    *,
    allow_unreadable: bool,
    quiet: bool,
) -> int:
    """Write down what is found in TARGETS, without what is waived."""
    from casemate.cli import scanning  # noqa: PLC0415 # start-up: --help needs none of it
    from casemate.readers.baseline_file import from_folder_of  # noqa: PLC0415
    from casemate.writers.baseline import baseline as written  # noqa: PLC0415
    from casemate.writers.scan_text import counted  # noqa: PLC0415

    targets = tuple(expand(targets or (".",)))
    path = None if output == "-" else output
    if path is not None:
        check_place(path)
    report = scanning.scan(
        targets, settle(targets, settings_file, kubernetes, known=control_ids), quiet=quiet
    )
    save_bytes(path, written(report.findings, lambda file: from_folder_of(path, file)))
    if path is not None and os.path.isfile(path):
        os.chmod(path, 0o666 & ~_umask())  # it holds no secrets, and a team shares it
    if not quiet:
        known = counted(len(report.findings), "finding")
        sys.stderr.write(f"casemate: {known} in the baseline {output}\n")
        if report.estate.unreadable:
            unread = counted(len(report.estate.unreadable), "input")
            sys.stderr.write(f"casemate: {unread} not read, so it is incomplete; casemate scan says why\n")
        sys.stderr.writelines(f"casemate: {line}\n" for line in (*report.notes, *report.failures))
    if report.failures:
        return 2
    return 3 if report.estate.unreadable and not allow_unreadable else 0


def _umask() -> int:
    """What the user's new files may not be; the system tells it only while it is set."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
