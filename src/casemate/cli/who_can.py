"""`casemate who-can`: everybody who may do something, and through what."""

from typing import Any

import click

from casemate.cli import asking
from casemate.cli.access_answers import FORMATS, write_access
from casemate.cli.completion import files
from casemate.cli.output import Outputs, chosen, outputs
from casemate.cli.settings import kubernetes_option, settings_option
from casemate.engine.access import access_to
from casemate.writers.access_ids import request_words


@click.command(cls=Outputs, epilog="Example: casemate who-can examples/shop get secrets -n payments")
@click.argument(
    "words", nargs=-1, metavar="[TARGET] VERB RESOURCE[.GROUP][/SUB] [NAME]", shell_complete=files
)
@click.option("--namespace", "-n", metavar="NS", help="The namespace; none asks about each and all at once.")
@outputs(FORMATS)
@kubernetes_option
@settings_option
@asking.rights_options
@click.pass_context
def who_can(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    namespace: str | None,
    *,
    allow_unreadable: bool,
    **options: Any,
) -> int:
    """Every user, group and service account that may do VERB on RESOURCE, each with its chain.

    Whoever may do it everywhere stands first; without -n those in single namespaces follow. A path such as
    /metrics is a resource too.
    """
    formats = chosen(ctx, FORMATS[0])
    asked = asking.question(words)
    known = asking.read(asked.target, options)
    request = asking.request(asked, namespace, known.kubernetes)
    access = access_to(
        known.authorizer,
        request,
        f"Who can {request_words(request)}?",
        known.estate.coverage,
        anywhere=True,
    )
    write_access(access, formats, known.kubernetes, request)
    return known.status(allow_unreadable=allow_unreadable)
