"""`casemate diff`: what a change opens or closes."""

import contextlib
import os
import sys
import tempfile

import click
import msgspec

from casemate.analysis.network.difference import Changed, Snapshot, differences
from casemate.analysis.rbac.authorizer import Authorizer
from casemate.analysis.rbac.difference import Change, opened
from casemate.cli import scanning
from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, paint_for, save
from casemate.cli.settings import (
    bar_options,
    control_ids,
    kubernetes_option,
    rules_option,
    settings_option,
    settle,
)
from casemate.engine.compare import Old, compare
from casemate.engine.judge import Answers
from casemate.model.control import Finding
from casemate.model.errors import UsageError
from casemate.model.estate import Estate, Unreadable
from casemate.model.rbac import Binding
from casemate.model.settings import Settings
from casemate.model.waiver import Waived
from casemate.readers import git
from casemate.readers.estate import read_estate
from casemate.readers.files import STDIN
from casemate.readers.places import Sources
from casemate.writers.diff import Difference, Sided, write_json, write_text

FORMATS = ("text", "json")
_MOST_WORKLOADS = 2_000
_TOO_MANY = "are too many to compare one by one"


class _Side(msgspec.Struct, eq=False):
    """One of the two: as it was named, where it is read, and what its revision could not give."""

    name: str
    top: str
    problems: list[Unreadable]

    def inside(self, file: str) -> str:
        """The name of a file in it; that of the file itself where the side is a single one."""
        if file == self.top:
            return os.path.basename(file)
        return os.path.relpath(file, self.top).replace(os.sep, "/")


@click.command(cls=Outputs, epilog="Example: casemate diff git:main:deploy deploy")
@click.argument("old", shell_complete=files)
@click.argument("new", shell_complete=files)
@outputs(FORMATS)
@kubernetes_option
@bar_options
@settings_option
@rules_option
@click.option("--fail-on-opened", is_flag=True, help="End with status 1 where a connection is opened.")
@click.option("--quiet", is_flag=True, help="No hints.")
@click.pass_context
def diff(
    ctx: click.Context,
    /,
    old: str,
    new: str,
    kubernetes: str | None,
    fail_on: str | None,
    settings_file: str | None,
    *,
    allow_unreadable: bool,
    fail_on_opened: bool,
    quiet: bool,
    **_: object,
) -> int:
    """Say which findings, rights and connections NEW has that OLD had not, and which are gone.

    Either is a folder, file or archive, or git:REV[:PATH] for the tree of a revision of the current
    folder's repository. Both are judged by the settings of NEW.
    """
    if old == new == STDIN:
        raise click.UsageError("Only one of the two can be standard input")
    formats = chosen(ctx, FORMATS[0])
    home = "." if new.startswith(git.PREFIX) else new
    settings = settle((home,), settings_file, kubernetes, fail_on, control_ids)
    with contextlib.ExitStack() as stack:
        sides = [_side(target, stack) for target in (old, new)]
        found = [_findings(side, settings, home) for side in sides]
        difference = _difference(sides, found, settings, allow_unreadable=allow_unreadable)
        if fail_on_opened and difference.status == 0:
            difference.status = _status_of_connections(difference, allow_unreadable=allow_unreadable)
        for name, path in formats:
            with save(path) as out:
                if name == "json":
                    write_json(difference, out)
                else:
                    with as_text(out) as text:
                        write_text(difference, text, paint_for(to_screen=path is None))
    if difference.notes and not quiet:
        sys.stderr.writelines(f"casemate: {note}\n" for note in difference.notes)
    return difference.status


def _status_of_connections(difference: Difference, *, allow_unreadable: bool) -> int:
    """1 where a connection is opened, 3 where connections were too many to be compared."""
    if difference.connections_opened:
        return 1
    return 3 if _TOO_MANY in " ".join(difference.notes) and not allow_unreadable else 0


def _side(target: str, stack: contextlib.ExitStack) -> _Side:
    if not target.startswith(git.PREFIX):
        if target != STDIN and not os.path.lexists(target):
            raise UsageError(f"{target}: no such file or folder; a revision is named git:REV or git:REV:PATH")
        return _Side(target, target, [])
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="casemate-"))
    top, problems = git.extract(target, os.path.realpath(folder))
    return _Side(target, top, problems)


Found = tuple[Estate, Answers, list[Waived]]


def _findings(side: _Side, settings: Settings, home: str) -> Found:
    """What is found on one side, waivers applied as if it stood where NEW stands."""
    estate = read_estate((side.top,), settings)
    unreadable = (*side.problems, *(_renamed(item, side) for item in estate.unreadable))
    estate = msgspec.structs.replace(estate, unreadable=unreadable)
    folder = home if os.path.isdir(home) else os.path.dirname(home)

    def place(file: str) -> str:
        return os.path.normpath(os.path.join(folder, side.inside(file)))

    return (estate, *scanning.judged(estate, settings, place=place))


def _renamed(item: Unreadable, side: _Side) -> Unreadable:
    return msgspec.structs.replace(item, file=side.inside(item.file))


def _difference(
    sides: list[_Side], found: list[Found], settings: Settings, *, allow_unreadable: bool
) -> Difference:
    (old_estate, old_answers, _), (new_estate, new_answers, waived) = found
    old_side, new_side = sides
    earlier = (
        Old(f.id, old_side.inside(f.entity.origin.document.file), f.entity.ref, f)
        for f in old_answers.findings
    )
    hidden = [item.finding for item in waived]
    compared = compare(earlier, new_answers.findings, hidden, new_estate.entities, new_side.inside)
    linked, note = _connections(old_estate, new_estate)
    rights = _rights(old_estate, new_estate, settings)
    unreadable = [(old_side.name, item) for item in old_estate.unreadable]
    unreadable += [(new_side.name, item) for item in new_estate.unreadable]
    notes = (*settings.notes, *note)
    status = 0
    if settings.fail_on is not None and any(f.severity >= settings.fail_on for f in compared.new):
        status = 1
    if unreadable and not allow_unreadable:
        status = 3
    if settings.rules:
        from casemate.readers.rules import failures  # noqa: PLC0415 # start-up: few have rules of their own

        notes, status = (*notes, *failures()), 2 if failures() else status
    return Difference(
        old=old_side.name,
        new=new_side.name,
        opened=_sided(compared.new, new_side),
        closed=_sided(compared.gone, old_side),
        rights_opened=rights[0],
        rights_closed=rights[1],
        connections_opened=linked[0],
        connections_closed=linked[1],
        unchanged=len(compared.known),
        unreadable=unreadable,
        notes=notes,
        status=status,
        bar=settings.fail_on,
    )


def _rights(old: Estate, new: Estate, settings: Settings) -> tuple[list[Change], list[Change]]:
    """The rights that are opened and closed; nothing is compared where neither side binds a role."""
    if not any(isinstance(entity, Binding) for estate in (old, new) for entity in estate.entities):
        return [], []
    before, after = (Authorizer.of(estate, settings.kubernetes) for estate in (old, new))
    return list(opened(before, after)), list(opened(after, before))


def _connections(old: Estate, new: Estate) -> tuple[tuple[list[Changed], list[Changed]], tuple[str, ...]]:
    """The connections that are opened and closed, and why they were not compared where there are too many."""
    before, after = Snapshot.of(old), Snapshot.of(new)
    size = max(len({pod.workload for pod in side.pods}) for side in (before, after))
    if size > _MOST_WORKLOADS:
        note = f"connections of {size:,} workloads {_TOO_MANY}: compare parts of them"
        return ([], []), (note,)
    return differences(before, after), ()


def _sided(findings: list[Finding], side: _Side) -> list[Sided]:
    return [
        Sided(finding, position, side.inside(finding.entity.origin.document.file))
        for finding, position in Sources().locate(findings)
    ]
