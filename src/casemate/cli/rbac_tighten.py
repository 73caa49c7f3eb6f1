"""`casemate rbac tighten`: the narrowest roles that audit logs show to be needed."""

import os
import sys
from typing import TYPE_CHECKING

import click
import msgspec

from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, paint_for, save
from casemate.cli.settings import kubernetes_option, settings_option, settle
from casemate.model.errors import UsageError
from casemate.readers.files import ARCHIVES, ENDINGS, STDIN

if TYPE_CHECKING:
    from casemate.engine.tightening import Tightening

FORMATS = ("text", "json", "yaml")
_INCOMPLETE = 3


@click.command(
    "tighten",
    cls=Outputs,
    epilog="Example: casemate rbac tighten examples/shop --audit-log examples/audit/shop-audit.jsonl",
)
@click.argument("targets", nargs=-1, metavar="[TARGET]", shell_complete=files)
@click.option(
    "--audit-log", "logs", multiple=True, required=True, metavar="FILE", shell_complete=files,
    help="JSON lines of the API server, .gz or not; - is standard input. Repeatable.",
)  # fmt: skip
@click.option(
    "--subject", "subjects", multiple=True, metavar="S",
    help="Only this one: shop/cart, User/jane, Group/devs. Repeatable.",
)  # fmt: skip
@click.option(
    "--names", type=click.IntRange(min=0), default=10, show_default=True, metavar="N",
    help="How many names of objects a rule may list.",
)  # fmt: skip
@click.option("--complete-reads", is_flag=True, help="Whoever gets, lists or watches may do all three.")
@outputs(FORMATS)
@kubernetes_option
@settings_option
@click.option("--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read.")
@click.option("--quiet", is_flag=True, help="No hints.")
@click.pass_context
def rbac_tighten(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    logs: tuple[str, ...],
    subjects: tuple[str, ...],
    names: int,
    kubernetes: str | None,
    settings_file: str | None,
    *,
    complete_reads: bool,
    allow_unreadable: bool,
    quiet: bool,
    **_: object,
) -> int:
    """The narrowest roles that allow what audit logs show was done, and what was never used.

    TARGET holds the roles and bindings that are granted now. Only requests that were allowed count, and
    nothing is proposed that is not held already.
    """
    formats = chosen(ctx, FORMATS[0])
    target, logs = _parted(targets, logs)
    answer = _answer(target, logs, subjects, names, kubernetes, settings_file, complete_reads=complete_reads)
    if not quiet:
        sys.stderr.writelines(f"casemate: not read: {line}\n" for line in _unread(answer))
    for name, path in formats:
        with save(path) as out:
            if name == "json":
                from casemate.writers import tighten_json  # noqa: PLC0415 # start-up: one form is written

                tighten_json.write(answer, out)
                continue
            with as_text(out) as text:
                if name == "yaml":
                    from casemate.writers import tighten_yaml  # noqa: PLC0415 # start-up: as above

                    tighten_yaml.write(answer, text)
                else:
                    from casemate.writers import tighten_text  # noqa: PLC0415 # start-up: as above

                    tighten_text.write(answer, text, paint_for(to_screen=path is None))
    incomplete = bool(answer.unreadable or answer.log.broken_lines)
    return _INCOMPLETE if incomplete and not allow_unreadable else 0


def _parted(words: tuple[str, ...], logs: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The target, and all logs: a pattern of the shell leaves all but the first as words of their own."""
    more = tuple(word for word in words if os.path.isfile(word) and not word.endswith((*ENDINGS, *ARCHIVES)))
    targets = [word for word in words if word not in more]
    if len(targets) > 1:
        raise click.UsageError(f"One TARGET can be read, not {len(targets)}: {', '.join(targets)}")
    target = targets[0] if targets else "."
    if target == STDIN and STDIN in logs:
        raise click.UsageError("Only one of TARGET and --audit-log can be standard input")
    return target, (*logs, *more)


def _answer(
    target: str,
    logs: tuple[str, ...],
    subjects: tuple[str, ...],
    names: int,
    kubernetes: str | None,
    settings_file: str | None,
    *,
    complete_reads: bool,
) -> "Tightening":
    from casemate.analysis.rbac.authorizer import Authorizer  # noqa: PLC0415 # start-up: help needs none of it
    from casemate.analysis.rbac.holders import Holder  # noqa: PLC0415
    from casemate.cli.asking import nearest, subject  # noqa: PLC0415
    from casemate.engine.tightening import tightened  # noqa: PLC0415
    from casemate.readers.audit_log import read_audit_logs  # noqa: PLC0415
    from casemate.readers.estate import read_estate  # noqa: PLC0415

    settings = settle((target,), settings_file, kubernetes, own=False)
    log = read_audit_logs(logs)
    estate = read_estate((target,), settings)
    estate = msgspec.structs.replace(estate, entities=(*estate.entities, log))
    known = Authorizer.of(estate) if subjects else None
    wanted = [Holder.of(subject(word, known)) for word in subjects] if known is not None else []
    answer = tightened(estate, log, settings.kubernetes, wanted, many=names, complete_reads=complete_reads)
    for word, one in zip(subjects, answer.subjects, strict=False):
        usage = one.proposal.usage
        if (
            known is not None
            and not usage.callers
            and not usage.holding.bindings
            and not usage.holding.missing
        ):
            close = nearest(usage.holder.subject, known)
            hint = f"; did you mean {close}?" if close else ""
            raise UsageError(f"{word}: no binding names it, and the log does not show it{hint}")
    return answer


def _unread(answer: "Tightening") -> list[str]:
    from casemate.readers.audit_log import unread  # noqa: PLC0415 # start-up: help needs none of it

    return [f"{item.file}:{item.line}: {item.error}" for item in (*answer.unreadable, *unread(answer.log))]
