"""`casemate reach`: which connections the network policies of a target allow."""

import gc
import sys
from collections.abc import Iterator
from typing import Any

import click
import msgspec

from casemate.analysis.network.cluster import Network, network_of, with_unknown_namespaces
from casemate.analysis.network.connections import Only, number_of_pairs
from casemate.analysis.network.plugins.forms import Plugin
from casemate.analysis.network.queries import Answer, answer, classes_of, port_atom
from casemate.analysis.network.reach import Reach
from casemate.cli.access_answers import RuleLines
from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, paint_for, save
from casemate.cli.settings import cni_option, kubernetes_option, settings_option, settle
from casemate.engine.reachability import Reachability, reachability
from casemate.model.errors import UsageError
from casemate.model.estate import Estate
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate

FORMATS = ("text", "json", "csv", "classes", "dot", "mermaid", "html")
_PICTURES = ("dot", "mermaid", "html")
_MOST_PAIRS = 4_000_000
_MOST_DRAWN = 6_000
_NAMED = 6
_DIGITS = 5
"""The most digits of a port."""
_INCOMPLETE = 3
_NO = 1


@click.command(
    cls=Outputs,
    epilog="Example: casemate reach examples/shop --from shop/cart --to data/postgres --port 5432",
)
@click.argument("target", default=".", shell_complete=files)
@click.option("--from", "source", metavar="ENDPOINT", help="Only from it: shop/cart, a pod, an address.")
@click.option("--to", "destination", metavar="ENDPOINT", help="Only to it.")
@click.option("--port", metavar="[PROTO/]PORT", help="Only that port: 443, UDP/53.")
@click.option(
    "--queries", metavar="FILE", help="JSON Lines of questions, one answer each.", shell_complete=files
)
@outputs(FORMATS)
@kubernetes_option
@cni_option
@settings_option
@click.option("--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read.")
@click.option("--quiet", is_flag=True, help="No hints.")
@click.pass_context
def reach(
    ctx: click.Context,
    /,
    target: str,
    source: str | None,
    destination: str | None,
    port: str | None,
    queries: str | None,
    kubernetes: str | None,
    settings_file: str | None,
    *,
    allow_unreadable: bool,
    quiet: bool,
    **_: object,
) -> int:
    """All connections between workloads and with the outside that policies allow.

    With --from, --to and --port it is one question: the answer says which rule decides in each direction.
    --queries takes JSON Lines ("-": standard input) of {"src", "dst", "protocol", "port"}.
    """
    formats = chosen(ctx, "json" if queries else FORMATS[0])
    settings = settle((target,), settings_file, kubernetes, own=False)
    gc.disable()  # all that is read is held: looking for garbage in it takes a third of the time
    estate = read_estate((target,), settings)
    plugin, assumed = _plugin(estate, settings)
    network = network_of(estate, plugin, frozenset(filter(None, (source, destination))))
    doubted = with_unknown_namespaces(network, estate)
    assumed = (*assumed, *_unseen(estate, doubted))
    asked = network if doubted is None else msgspec.structs.replace(network, reach=doubted)
    gc.freeze()
    gc.enable()
    status = _INCOMPLETE if estate.unreadable and not allow_unreadable else 0
    if not quiet:
        sys.stderr.writelines(
            f"casemate: not read, so the answer may be incomplete: {item.file}:{item.line}: {item.error}\n"
            for item in estate.unreadable[:3]
        )
    if queries is not None:
        from casemate.cli import reach_queries  # noqa: PLC0415 # start-up: one question needs none of it

        if any(name != "json" for name, _ in formats):
            raise click.UsageError("Answers to JSON Lines are JSON Lines: leave --format out, or say json")
        with save(formats[0][1]) as out:
            reach_queries.write(asked.reach, queries, out)
        return status
    if source is not None and destination is not None and port is not None:
        verdict = _one(asked, source, destination, port, formats)
        return status or verdict
    only = _only(network, source, destination, port)
    if any(name in _PICTURES for name, _ in formats):
        _draw(network, only, estate, formats, (_question(target, source, destination, port), *assumed))
    _write(network, only, target, [item for item in formats if item[0] not in _PICTURES], assumed, doubted)
    return status


def _one(
    network: Network, source: str, destination: str, port: str, formats: list[tuple[str, str | None]]
) -> int:
    """One question, with what decides it; 1 for no."""
    protocol, number = _port(port)
    found = answer(network.reach, source, destination, protocol, number)
    words = f"{source} to {destination} at {protocol} {number}"
    for name, path in formats:
        with save(path) as out:
            if name == "json":
                from casemate.writers.as_json import as_json  # noqa: PLC0415 # start-up: the formats are many
                from casemate.writers.reach_json import answer_row  # noqa: PLC0415

                out.write(as_json(answer_row(found)) + b"\n")
            elif name == "text":
                with as_text(out) as text:
                    _write_answer(found, words, text, to_screen=path is None)
            else:
                raise click.UsageError(f"The answer to one question is text or json, not {name}")
    return 0 if found.allowed is True else _NO


def _write_answer(found: Answer, words: str, text: Any, *, to_screen: bool) -> None:
    from casemate.writers import reach_text  # noqa: PLC0415 # start-up: the formats are many

    reach_text.write_answer(found, words, RuleLines(), text, paint_for(to_screen=to_screen))


def _plugin(estate: Estate, settings: Settings) -> tuple[Plugin | None, tuple[str, ...]]:
    """The network plugin that is named, or recognised in what was read, and what follows from it in words."""
    from casemate.analysis.network.plugins import enforcement as plugins  # noqa: PLC0415 # start-up
    from casemate.analysis.network.plugins import signs as plugin_signs  # noqa: PLC0415 # start-up

    name = settings.cni or plugin_signs.recognised(estate)
    if name is None:
        return None, ("Policies are followed as they are written; --cni says what enforces them.",)
    found = plugins.profile(name)
    how = "as named" if settings.cni else "recognised in what was read"
    return found, (f"Policies are followed as {found.title} enforces them ({how}).",)


def _unseen(estate: Estate, doubted: Reach | None) -> Iterator[str]:
    """What was not read, and what is taken for granted instead."""
    if not estate.coverage.covers("NetworkPolicy"):
        yield "Only policies that were read count; others in the cluster may allow less, or more."
    if doubted is not None:
        names = sorted(doubted.universe.unread)
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        yield (
            f"Not read, so taken to have no labels but their names: the namespaces "
            f"{', '.join(names[:_NAMED])}{more}. What depends on their labels is listed as such."
        )


def _question(target: str, source: str | None, destination: str | None, port: str | None) -> str:
    """What is asked for, as pictures say it."""
    at = f" at port {port}" if port else ""
    if source and destination:
        return f"What may {source} call on {destination}{at}?"
    if source or destination:
        return f"What may {source} call{at}?" if source else f"Who may call {destination}{at}?"
    return f"Who may call whom{at} in {target}?"


def _draw(
    network: Network,
    only: Only,
    estate: Estate,
    formats: list[tuple[str, str | None]],
    words: tuple[str, ...],
) -> None:
    """The map in each format that is a picture; `words` are the question and what is assumed."""
    from datetime import UTC, datetime  # noqa: PLC0415 # start-up: the formats are many

    from casemate.engine.network_map import map_of  # noqa: PLC0415
    from casemate.writers import network_dot, network_html, network_mermaid  # noqa: PLC0415

    question, *notes = words
    workloads = sum(len(found.workloads) for found in network.reach.universe.pods)
    if workloads > _MOST_DRAWN and only.sources is None and only.destinations is None:
        raise UsageError(f"{workloads:,} workloads are too many for a picture: ask with --from or --to")
    found = map_of(network, estate, only=only, question=question)
    for name, path in formats:
        if name in _PICTURES:
            with save(path) as out, as_text(out) as text:
                if name == "html":
                    network_html.write(found, text, RuleLines(), datetime.now(UTC), notes)
                else:
                    (network_dot if name == "dot" else network_mermaid).write(found, text)


def _write(
    network: Network,
    only: Only,
    target: str,
    formats: list[tuple[str, str | None]],
    assumed: tuple[str, ...],
    doubted: Reach | None,
) -> None:
    """All connections in each format; they are listed once."""
    found: Reachability | None = None
    for name, path in formats:
        if found is None and name in {"text", "json", "csv"}:
            _check_size(network, only)
            found = reachability(network, only, assumed, doubted)
        with save(path) as out:
            if name == "classes":
                from casemate.writers.reach_json import write_classes  # noqa: PLC0415 # start-up

                write_classes(doubted or network.reach, out)
            elif name == "json" and found is not None:
                from casemate.writers.reach_json import write_json  # noqa: PLC0415 # start-up

                write_json(found, out)
            else:
                with as_text(out) as text:
                    _write_text(name, found, target, text, to_screen=path is None)


def _write_text(name: str, found: Reachability | None, target: str, text: Any, *, to_screen: bool) -> None:
    if name == "text" and found is not None:
        from casemate.writers import reach_text  # noqa: PLC0415 # start-up: the formats are many

        reach_text.write(found, target, RuleLines(), text, paint_for(to_screen=to_screen))
    elif name == "csv" and found is not None:
        import csv  # noqa: PLC0415 # start-up: few want a table

        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(("src", "dst", "protocol", "from", "to"))
        rows.writerows((c.source, c.destination, c.protocol, c.low, c.high) for c in found.certain)


def _check_size(network: Network, only: Only) -> None:
    if only.sources is None and only.destinations is None:
        pairs = number_of_pairs(network.reach)
        if pairs > _MOST_PAIRS:
            raise UsageError(
                f"there are about {pairs:,} pairs, too many to list: ask with --from or --to, "
                "or take --format classes, which names rectangles of them"
            )


def _only(network: Network, source: str | None, destination: str | None, port: str | None) -> Only:
    reach_ = network.reach
    mask = None
    if port is not None:
        protocol, number = _port(port)
        mask = port_atom(reach_, protocol, number)
    return Only(
        sources=None if source is None else tuple(classes_of(reach_, source)),
        destinations=None if destination is None else tuple(classes_of(reach_, destination)),
        ports=mask,
    )


def _port(text: str) -> tuple[str, int]:
    protocol, slash, number = text.rpartition("/")
    if not number.isdecimal() or len(number) > _DIGITS:
        raise UsageError(f"{text[:64]} is no port: 443, or UDP/53")
    return (protocol if slash else "TCP"), int(number)
