"""`casemate fix`: show the edits that mend findings, or make them."""

import os
import sys
from collections.abc import Iterator

import click

from casemate.cli.completion import complete_control, files
from casemate.cli.fixing import Fixes, Wanted, patch, revise
from casemate.cli.output import Outputs, chosen, outputs, save_bytes
from casemate.cli.revisions import Mend, Revision
from casemate.cli.settings import control_ids, kubernetes_option, rules_option, settings_option, settle
from casemate.model.errors import ReadError, UsageError
from casemate.readers.masking import masked
from casemate.readers.settings_file import suggestion
from casemate.writers.fixes import Made, Refused, answer, file_diff, headings, refusals
from casemate.writers.kustomize_patches import patches
from casemate.writers.replacing import replace
from casemate.writers.scan_text import counted
from casemate.writers.text_edits import TextChange
from casemate.writers.unified_diff import split_lines

FORMATS = ("text", "json")


@click.command(cls=Outputs, epilog="Example: casemate fix examples/shop | git apply")
@click.argument("targets", nargs=-1, shell_complete=files)
@outputs(FORMATS)
@kubernetes_option
@settings_option
@rules_option
@click.option("--apply", "writes", is_flag=True, help="Write what is shown without it into the files.")
@click.option("--safe-only", is_flag=True, help="Only edits that a sound workload cannot notice.")
@click.option(
    "--control",
    "controls",
    multiple=True,
    metavar="ID",
    help="Only this control. Repeatable.",
    shell_complete=complete_control,
)
@click.option("--patch", "as_patch", is_flag=True, help="Print patches for a kustomization instead.")
@click.option("--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read.")
@click.option("--quiet", is_flag=True, help="No summary on standard error.")
@click.pass_context
def fix(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    kubernetes: str | None,
    settings_file: str | None,
    controls: tuple[str, ...],
    *,
    writes: bool,
    safe_only: bool,
    as_patch: bool,
    allow_unreadable: bool,
    quiet: bool,
    **_: object,
) -> int:
    """Show as a unified diff what mends the findings in TARGETS, or write it with --apply.

    Edits are marked safe (a sound workload cannot notice them) or review (look first). Every other
    byte of a file stays as it is. What cannot be edited is named with the reason.
    """
    if as_patch and writes:
        raise click.UsageError("--patch prints patches; it does not go with --apply")
    targets = targets or (".",)
    formats = chosen(ctx, FORMATS[0])
    settings = settle(targets, settings_file, kubernetes, known=control_ids)
    wanted = frozenset(_known(name, control_ids()) for name in controls)
    wish = Wanted(wanted, safe_only)
    result = (patch if as_patch else revise)(targets, settings, wish, quiet=quiet)
    failed = writes and _write(result)
    refused = [Refused(mend.file, mend.control, mend.reason or "") for mend in result.refused]
    for name, path in formats:
        if name == "json":
            save_bytes(path, answer(_made(result.made), refused))
        else:
            lines = _patches(result) if as_patch else _diffs(result)
            save_bytes(path, "".join(lines).encode(errors="surrogateescape"))
    if not quiet:
        done = "written" if writes else "as patches" if as_patch else "shown"
        sys.stderr.writelines(_summary(result, refused, done))
    return 3 if failed or (result.estate.unreadable and not allow_unreadable) else 0


def _known(name: str, known: tuple[str, ...]) -> str:
    if name not in known:
        hint = suggestion(name, known) or "; casemate controls lists them"
        raise UsageError(f"there is no control {name}{hint}")
    return name


def _made(made: list[Mend]) -> list[Made]:
    return [Made(m.file, m.finding.control.id, m.fix.safe, m.line) for m in made]


def _write(result: Fixes) -> bool:
    """Write the revisions; what cannot be written joins the refused. True where writing itself failed."""
    failed = False
    written: list[Revision] = []
    for revision in result.revisions:
        sheet = revision.sheet
        try:
            replace(sheet.path, sheet.data, sheet.written(revision.texts))
            written.append(revision)
            continue
        except ReadError as error:
            reason = str(error)
        except OSError as error:
            failed, reason = True, f"it cannot be written: {(error.strerror or str(error)).lower()}"
        for mend in revision.made:
            mend.reason = reason
        result.refused += revision.made
    result.revisions = written
    result.made = [mend for revision in written for mend in revision.made]
    return failed


def _patches(result: Fixes) -> Iterator[str]:
    yield from headings(_made(result.made))
    if result.objects:
        yield from patches(result.objects)


def _diffs(result: Fixes) -> Iterator[str]:
    for revision in result.revisions:
        sheet = revision.sheet
        yield from headings(_made(revision.made))
        text = "".join(part.text for part in sheet.parts)
        changes: list[TextChange] = []
        offset = 0
        for part, found in zip(sheet.parts, revision.changes, strict=True):
            changes += [TextChange(c.start + offset, c.end + offset, c.text) for c in found]
            offset += len(part.text)
        shown = _shown([part.text for part in sheet.parts]), _shown(revision.texts)
        diff = file_diff(_from_here(sheet.name), text, changes, shown)
        if not diff.applies:
            yield "# a line of this diff holds a secret and is masked: it does not apply, --apply does\n"
        yield from diff.lines


def _shown(texts: list[str]) -> list[str]:
    """The lines of a file with secrets masked, document by document."""
    lines: list[str] = []
    for text in texts:
        part = split_lines(text)
        bare = [line.removesuffix("\n") for line in part]
        ends = ("\n" if line.endswith("\n") else "" for line in part)
        lines += [line + end for line, end in zip(masked(bare), ends, strict=True)]
    return lines


def _from_here(name: str) -> str:
    """The file's path as a diff names it: from the current folder, or from the root."""
    path = os.path.relpath(name)
    return os.path.abspath(name).lstrip("/") if path.startswith("..") else path


def _summary(result: Fixes, refused: list[Refused], done: str) -> Iterator[str]:
    yield from refusals(refused)
    safe = sum(mend.fix.safe for mend in result.made)
    files = counted(len({mend.file for mend in result.made}), "file")
    yield f"casemate: fixes {done}: {safe} safe and {len(result.made) - safe} to review, in {files}\n"
    if result.left:
        yield f"casemate: {len(result.left)} to review were left; without --safe-only they are there too\n"
    if result.estate.unreadable:
        unread = counted(len(result.estate.unreadable), "input")
        yield f"casemate: {unread} not read; casemate scan says why\n"
