"""`casemate network tighten`: the narrowest network policies that manifests or flows show to be needed."""

import re
import sys
from typing import TYPE_CHECKING

import click

from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, paint_for, save
from casemate.cli.settings import settings_option, settle
from casemate.readers.files import STDIN

if TYPE_CHECKING:
    from casemate.analysis.network.tighten.known import Selection, Told
    from casemate.engine.network_tightening import NetworkTightening, Plan
    from casemate.model.estate import Entity
    from casemate.model.flows import FlowLog

FORMATS = ("text", "json", "yaml")
FORMS = ("networkpolicy", "cluster", "calico", "cilium")
_INCOMPLETE = 3
_LABEL = re.compile(r"([a-z0-9][-a-z0-9]*)(?:/([^=\s]+)=([^=\s]*))?\Z")


@click.command(
    "tighten",
    cls=Outputs,
    epilog="Example: casemate network tighten examples/shop --flows examples/flows/shop-hubble.jsonl",
)
@click.argument("target", default=".", shell_complete=files)
@click.option(
    "--flows", multiple=True, metavar="FILE", shell_complete=files,
    help="What was seen: JSON of Hubble or Calico, or CSV. Repeatable.",
)  # fmt: skip
@click.option("--only-flows", is_flag=True, help="Allow no call that settings name and no flow shows.")
@click.option(
    "--form", type=click.Choice(FORMS), default=FORMS[0], show_default=True,
    help="The kind of policies to write.",
)  # fmt: skip
@click.option(
    "--namespace", "-n", "namespaces", multiple=True, metavar="NS", help="Only this one. Repeatable."
)
@click.option(
    "--ingress-controller", "controllers", multiple=True, metavar="NS[/LABEL=VALUE]",
    help="Whose pods pass requests from outside on.",
)  # fmt: skip
@click.option("--monitoring", multiple=True, metavar="NS[/LABEL=VALUE]", help="Whose pods scrape metrics.")
@click.option("--api-server", "servers", multiple=True, metavar="CIDR", help="Where the API server is.")
@outputs(FORMATS)
@settings_option
@click.option("--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read.")
@click.option("--quiet", is_flag=True, help="No hints.")
@click.pass_context
def network_tighten(
    ctx: click.Context,
    /,
    target: str,
    flows: tuple[str, ...],
    form: str,
    namespaces: tuple[str, ...],
    controllers: tuple[str, ...],
    monitoring: tuple[str, ...],
    servers: tuple[str, ...],
    settings_file: str | None,
    *,
    only_flows: bool,
    allow_unreadable: bool,
    quiet: bool,
    **_: object,
) -> int:
    """The narrowest network policies that keep what is needed, with a proof of both.

    What is needed is told by TARGET (Services that settings name, Ingresses, DNS, the API server) and
    by flows that were let through.
    """
    formats = chosen(ctx, FORMATS[0])
    if target == STDIN and STDIN in flows:
        raise click.UsageError("Only one of TARGET and --flows can be standard input")
    if only_flows and not flows:
        raise click.UsageError("--only-flows needs --flows FILE")
    told = _told(controllers, monitoring, servers)
    answer = _answer(target, flows, form, namespaces, told, settings_file, only_flows=only_flows)
    if not quiet:
        sys.stderr.writelines(f"casemate: not read: {line}\n" for line in _unread(answer))
    for name, path in formats:
        _write(answer, name, path)
    log = answer.plan.flows
    incomplete = bool(answer.plan.unreadable or (log is not None and log.broken_lines))
    return _INCOMPLETE if incomplete and not allow_unreadable else 0


def _told(controllers: tuple[str, ...], monitoring: tuple[str, ...], servers: tuple[str, ...]) -> "Told":
    from casemate.analysis.network.addresses import cidr_problem  # noqa: PLC0415 # start-up: help needs none of it
    from casemate.analysis.network.tighten.known import Told  # noqa: PLC0415

    for text in servers:
        problem = cidr_problem(text)
        if problem:
            raise click.UsageError(f"--api-server: {problem}")
    return Told(
        controllers=tuple(_selection("--ingress-controller", text) for text in controllers),
        monitoring=tuple(_selection("--monitoring", text) for text in monitoring),
        api_servers=servers,
    )


def _selection(option: str, text: str) -> "Selection":
    match = _LABEL.match(text)
    if match is None:
        raise click.UsageError(f"{option} {text}: say a namespace, or a namespace and a label: web/app=proxy")
    return match[1], ((match[2], match[3]),) if match[2] else ()


def _answer(
    target: str,
    flows: tuple[str, ...],
    form: str,
    namespaces: tuple[str, ...],
    told: "Told",
    settings_file: str | None,
    *,
    only_flows: bool,
) -> "NetworkTightening":
    from casemate.engine.network_tightening import (  # noqa: PLC0415 # start-up: help needs none of it
        NetworkTightening,
        Wish,
        in_form,
        planned,
        worlds,
    )
    from casemate.readers.estate import read_estate  # noqa: PLC0415

    settings = settle((target,), settings_file, None, own=False)
    log: FlowLog | None = None
    if flows:
        from casemate.readers.flows import read_flows  # noqa: PLC0415 # start-up: not every run has flows

        log = read_flows(flows)
    estate = read_estate((target,), settings)
    wish = Wish(form=form, namespaces=namespaces, told=told, only_flows=only_flows)
    plan = planned(estate, log, wish)
    objects = read_back(plan)
    if form == FORMS[0]:
        return NetworkTightening(plan=plan, proof=worlds(plan, objects).proof())
    from casemate.analysis.network.cluster import all_policies  # noqa: PLC0415 # start-up: as above
    from casemate.model.estate import Estate  # noqa: PLC0415

    usual_plan = in_form(plan, FORMS[0])
    usual = read_back(usual_plan)
    both = list(all_policies(Estate(entities=tuple(objects)), []))
    others = list(all_policies(Estate(entities=tuple(usual)), []))
    here, there = worlds(plan, objects, others), worlds(usual_plan, usual, both)
    return NetworkTightening(plan=plan, proof=here.proof(), different=here.differences(there))


def read_back(plan: "Plan") -> "list[Entity]":
    """The policies as they are written, read again: what is proven is what is applied."""
    from casemate.model.estate import Entity  # noqa: PLC0415 # start-up: as above
    from casemate.readers.manifests import read_text  # noqa: PLC0415
    from casemate.writers.network_tighten_yaml import objects_text  # noqa: PLC0415

    text = "\n".join(objects_text(plan, None)) + "\n"
    return [found for found in read_text("policies.yaml", text.encode()) if isinstance(found, Entity)]


def _write(answer: "NetworkTightening", name: str, path: str | None) -> None:
    from casemate.readers.places import Sources  # noqa: PLC0415 # start-up: as above

    places = Sources()
    with save(path) as out:
        if name == "json":
            from casemate.writers import network_tighten_json  # noqa: PLC0415 # start-up: one form is written

            network_tighten_json.write(answer, places, out)
            return
        with as_text(out) as text:
            if name == "yaml":
                from casemate.writers import network_tighten_yaml  # noqa: PLC0415 # start-up: as above

                network_tighten_yaml.write(answer, places, text)
            else:
                from casemate.writers import network_tighten_text  # noqa: PLC0415 # start-up: as above

                network_tighten_text.write(answer, places, text, paint_for(to_screen=path is None))


def _unread(answer: "NetworkTightening") -> list[str]:
    from casemate.readers.flows import unread  # noqa: PLC0415 # start-up: as above

    log = answer.plan.flows
    broken = [] if log is None else list(unread(log))
    return [f"{item.file}:{item.line}: {item.error}" for item in (*answer.plan.unreadable, *broken)]
