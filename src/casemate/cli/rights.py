"""`casemate rights`: everything that somebody may do, and where it comes from."""

import sys
from typing import Any

import click

from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.subject_keys import keys_of
from casemate.cli import asking
from casemate.cli.access_answers import FORMATS, write_access
from casemate.cli.completion import files
from casemate.cli.output import Outputs, chosen, outputs
from casemate.cli.settings import kubernetes_option, settings_option
from casemate.engine.access import access_of_subject
from casemate.writers.access_ids import subject_id


@click.command(
    cls=Outputs, epilog="Example: casemate rights examples/shop ServiceAccount/platform/ci-deployer"
)
@click.argument("words", nargs=-1, metavar="[TARGET] SUBJECT", shell_complete=files)
@click.option("--as-group", "groups", multiple=True, metavar="GROUP", help="A group of theirs. Repeatable.")
@outputs(FORMATS)
@kubernetes_option
@settings_option
@asking.rights_options
@click.pass_context
def rights(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    groups: tuple[str, ...],
    *,
    allow_unreadable: bool,
    **options: Any,
) -> int:
    """Everything that SUBJECT may do, with binding, role and rule.

    SUBJECT is jane or User/jane, Group/devs, ServiceAccount/NAMESPACE/NAME. What somebody has as a member of
    system:authenticated and the like counts; groups of a user are given with --as-group.
    """
    formats = chosen(ctx, FORMATS[0])
    if not 1 <= len(words) <= 2:
        raise click.UsageError("Ask with SUBJECT, a target before it: examples/shop Group/shop-developers")
    target = words[0] if len(words) == 2 else "."
    known = asking.read(target, options)
    subject = asking.subject(words[-1], known.authorizer)
    who = Identity.of_subject(subject)
    if who is None:
        raise click.UsageError(f"{words[-1]}: nobody can be a subject without a name")
    if groups:
        who = Identity.of(who.user, (*who.groups, *groups))
    access = access_of_subject(
        known.authorizer, who, f"What may {subject_id(subject)} do?", known.estate.coverage
    )
    write_access(access, formats, known.kubernetes, whose=subject)
    if not options["quiet"] and not known.authorizer.is_named(keys_of(who)[0 if who.user else 1]):
        near = asking.nearest(subject, known.authorizer)
        hint = f"; did you mean {near}?" if near else ""
        sys.stderr.write(f"casemate: no binding names {subject_id(subject)}{hint}\n")
    return known.status(allow_unreadable=allow_unreadable)
