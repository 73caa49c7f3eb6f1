"""`casemate network chains`: calls from outside inward, and what is reachable from what is taken over."""

import sys
from typing import TYPE_CHECKING

import click

from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, paint_for, save
from casemate.cli.settings import settings_option, settle
from casemate.model.errors import UsageError

if TYPE_CHECKING:
    from casemate.engine.network_chains import NetworkChains

FORMATS = ("text", "json", "mermaid")
_INCOMPLETE = 3


@click.command("chains", cls=Outputs, epilog="Example: casemate network chains examples/shop --of shop/cart")
@click.argument("target", default=".", shell_complete=files)
@click.option("--of", metavar="WORKLOAD", help="What can be reached from it: shop/cart.")
@click.option(
    "--flows", multiple=True, metavar="FILE", shell_complete=files,
    help="Calls that were seen are meant, too: JSON of Hubble or Calico, or CSV. Repeatable.",
)  # fmt: skip
@outputs(FORMATS)
@settings_option
@click.option("--verbose", "-v", is_flag=True, help="Leave nothing out of trees and tables.")
@click.option("--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read.")
@click.option("--quiet", is_flag=True, help="No hints.")
@click.pass_context
def network_chains(
    ctx: click.Context,
    /,
    target: str,
    of: str | None,
    flows: tuple[str, ...],
    settings_file: str | None,
    *,
    verbose: bool,
    allow_unreadable: bool,
    quiet: bool,
    **_: object,
) -> int:
    """Chains of calls from outside inward, and what can be reached from a workload that is taken over.

    A call is meant where a setting, an Ingress or a flow says so. What policies allow beyond that is what
    somebody gains who takes a workload over; for each policy that casemate network tighten proposes
    the answer says how much of it is cut.
    """
    formats = chosen(ctx, FORMATS[0])
    if of and any(name == "mermaid" for name, _ in formats):
        raise click.UsageError("--of is about one workload: its answer is text or json")
    answer = _answer(target, flows, settings_file)
    whose = _workload(answer, of) if of else ""
    if not quiet:
        sys.stderr.writelines(
            f"casemate: not read, so the answer may be incomplete: {line}\n" for line in _unread(answer)[:3]
        )
    for name, path in formats:
        _write(answer, name, path, target, whose, verbose=verbose)
    return _INCOMPLETE if _unread(answer) and not allow_unreadable else 0


def _answer(target: str, flows: tuple[str, ...], settings_file: str | None) -> "NetworkChains":
    from casemate.cli.network_tighten import read_back  # noqa: PLC0415 # start-up: help needs none of it
    from casemate.engine import network_chains as chains_of  # noqa: PLC0415
    from casemate.engine.network_tightening import Wish, planned, worlds  # noqa: PLC0415
    from casemate.readers.estate import read_estate  # noqa: PLC0415
    from casemate.readers.files import STDIN  # noqa: PLC0415

    if target == STDIN and STDIN in flows:
        raise click.UsageError("Only one of TARGET and --flows can be standard input")
    settings = settle((target,), settings_file, None, own=False)
    log = None
    if flows:
        from casemate.readers.flows import read_flows  # noqa: PLC0415 # start-up: not every run has flows

        log = read_flows(flows)
    plan = planned(read_estate((target,), settings), log, Wish())
    return chains_of.network_chains(plan, worlds(plan, read_back(plan)))


def _workload(answer: "NetworkChains", name: str) -> str:
    """The one workload that a name means."""
    known = answer.members.of
    found = [full for full in known if name in {full, full.partition("[")[0]}]
    if len(found) > 1:
        raise UsageError(f"{name} is several: {', '.join(found)}")
    if not found:
        import difflib  # noqa: PLC0415 # only for a slip

        close = difflib.get_close_matches(name, [full.partition("[")[0] for full in known], 1)
        raise UsageError(
            f"{name} is no workload that was read{f'; did you mean {close[0]}?' if close else ''}"
        )
    return found[0]


def _write(
    answer: "NetworkChains", name: str, path: str | None, target: str, whose: str, *, verbose: bool
) -> None:
    with save(path) as out:
        if name == "json":
            from casemate.readers.places import Sources  # noqa: PLC0415 # start-up: one form is written
            from casemate.writers import network_chains_json  # noqa: PLC0415

            network_chains_json.write(answer, Sources(), out, whose)
            return
        with as_text(out) as text:
            if name == "mermaid":
                from casemate.writers import network_chains_mermaid  # noqa: PLC0415 # start-up: as above

                network_chains_mermaid.write(answer, text)
            else:
                from casemate.writers import network_chains_text  # noqa: PLC0415 # start-up: as above

                paint = paint_for(to_screen=path is None)
                network_chains_text.write(answer, target, text, paint, whole=verbose, of=whose)


def _unread(answer: "NetworkChains") -> list[str]:
    from casemate.readers.flows import unread  # noqa: PLC0415 # start-up: as above

    log = answer.plan.flows
    broken = [] if log is None else list(unread(log))
    return [f"{item.file}:{item.line}: {item.error}" for item in (*answer.plan.unreadable, *broken)]
