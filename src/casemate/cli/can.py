"""`casemate can`: whether somebody may do something, and through what."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from casemate.analysis.rbac.identity import Identity
from casemate.cli import asking
from casemate.cli.access_answers import RuleLines
from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, save
from casemate.cli.settings import kubernetes_option, settings_option

FORMATS = ("text", "json")
_NO = 1


@click.command(
    cls=Outputs,
    epilog="Example: casemate can examples/shop --as sa/platform/ci-deployer create pods -n payments",
)
@click.argument(
    "words", nargs=-1, metavar="[TARGET] [VERB RESOURCE[.GROUP][/SUB] [NAME]]", shell_complete=files
)
@click.option("--as", "user", metavar="USER", help="Who asks: jane, ServiceAccount/shop/cart.")
@click.option("--as-group", "groups", multiple=True, metavar="GROUP", help="A group of theirs. Repeatable.")
@click.option("--namespace", "-n", metavar="NS", help="The namespace; none asks about all at once.")
@click.option(
    "--requests", metavar="FILE", help="JSON Lines of requests, one answer each.", shell_complete=files
)
@click.option(
    "--covers", metavar="FILE", help="JSON Lines: does owner hold all of servant?", shell_complete=files
)
@click.option("--write", metavar="FILE", help="May USER write its roles and bindings?", shell_complete=files)
@click.option("--abac", metavar="POLICYFILE", help="Ask an ABAC policy file instead.", shell_complete=files)
@outputs(FORMATS)
@kubernetes_option
@settings_option
@asking.rights_options
@click.pass_context
def can(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    user: str | None,
    groups: tuple[str, ...],
    namespace: str | None,
    requests: str | None,
    covers: str | None,
    write: str | None,
    abac: str | None,
    *,
    allow_unreadable: bool,
    **options: Any,
) -> int:
    """Whether USER may do VERB on RESOURCE, and through which binding, role and rule.

    A path such as /metrics is a resource too. Status 0 is yes, 1 is no. --requests and --covers take JSON
    Lines ("-": standard input) and end with 0 when every line was answered; docs/access.md shows both.
    """
    formats = chosen(ctx, "json" if requests or covers else FORMATS[0])
    if sum(value is not None for value in (requests, covers, write)) > 1:
        raise click.UsageError("Give one of --requests, --covers and --write")
    if covers is not None or requests is not None:
        from casemate.cli import can_batch  # noqa: PLC0415 # start-up: one question needs none of it

        if any(name != "json" for name, _ in formats):
            raise click.UsageError("Answers to JSON Lines are JSON Lines: leave --format out, or say json")
        answers, status = _batch(words, requests, covers, abac, options)
        with save(formats[0][1]) as out:
            can_batch.write(answers, out)
        return 0 if allow_unreadable else status
    if user is None:
        raise click.UsageError("Say who asks: --as USER, or --requests FILE for many questions")
    who = asking.caller(user, groups)
    if write is not None:
        from casemate.cli import can_write  # noqa: PLC0415 # start-up

        target = words[0] if words else "."
        if len(words) > 1:
            raise click.UsageError("--write takes a TARGET and no question")
        known = asking.read(target, options)
        return can_write.answer(known, who, write, formats)
    asked = asking.question(words)
    if abac is not None:
        return _by_abac(abac, who, asked, namespace, options["kubernetes"])
    known = asking.read(asked.target, options)
    from casemate.engine.decision import decided  # noqa: PLC0415 # start-up: batches need none of it
    from casemate.writers import decision as writer  # noqa: PLC0415

    answer = decided(known.authorizer, who, asking.request(asked, namespace, known.kubernetes))
    for name, path in formats:
        with save(path) as out:
            if name == "json":
                writer.write_json(answer, out)
            else:
                with as_text(out) as text:
                    writer.write_text(answer, RuleLines(), text)
    status = known.status(allow_unreadable=allow_unreadable)
    return 0 if answer.allowed else status or _NO


def _batch(
    words: tuple[str, ...],
    requests: str | None,
    covers: str | None,
    abac: str | None,
    options: Mapping[str, Any],
) -> tuple[Iterable[bytes], int]:
    """The answers to a file of questions, and the status that ends the run."""
    from casemate.cli import can_batch  # noqa: PLC0415 # start-up: one question needs none of it

    if len(words) > (0 if covers is not None or abac is not None else 1):
        raise click.UsageError("--requests takes a TARGET and no question; --covers and --abac take neither")
    if covers is not None:
        return can_batch.covered(covers), 0
    if abac is not None:
        return can_batch.allowed_by_abac(abac, str(requests)), 0
    known = asking.read(words[0] if words else ".", options)
    return can_batch.decided(known.authorizer, str(requests)), known.status(allow_unreadable=False)


def _by_abac(
    policy_file: str, who: Identity, asked: asking.Question, namespace: str | None, kubernetes: str | None
) -> int:
    """One question put to an ABAC policy file."""
    from casemate.analysis.rbac.abac import AbacAuthorizer  # noqa: PLC0415 # start-up: few clusters have ABAC
    from casemate.cli.settings import settle  # noqa: PLC0415
    from casemate.readers.abac_policy import read_policies  # noqa: PLC0415

    settings = settle((), None, kubernetes, own=False)
    request = asking.request(asked, namespace, settings.kubernetes)
    found = AbacAuthorizer(read_policies(policy_file)).decide(who.user, who.groups, request)
    if found is None:
        sys.stdout.write(f"no: no line of {policy_file} allows it\n")
        return _NO
    sys.stdout.write(f"yes: {policy_file}:{found.line} allows it\n")
    return 0
