"""`casemate pss`: Pod Security levels, exact per Kubernetes version."""

import sys
from typing import BinaryIO

import click

from casemate.analysis.pod_security import Verdict, evaluate
from casemate.analysis.pods import Pod
from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, save
from casemate.cli.settings import kubernetes_option, settings_option, settle
from casemate.model.estate import Estate, Workload
from casemate.model.version import KubernetesVersion
from casemate.readers.estate import read_estate
from casemate.writers.pod_security import Levels, runs_in_docker, write_json, write_text

FORMATS = ("text", "json")


@click.command(cls=Outputs, epilog="Example: casemate pss --kubernetes 1.30 examples/shop")
@click.argument("targets", nargs=-1, shell_complete=files)
@outputs(FORMATS)
@kubernetes_option
@settings_option
@click.option("--allow-unreadable", is_flag=True, help="Do not end with status 3 for what is not read.")
@click.option("--quiet", is_flag=True, help="No hints.")
@click.pass_context
def pss(
    ctx: click.Context,
    /,
    targets: tuple[str, ...],
    kubernetes: str | None,
    settings_file: str | None,
    *,
    allow_unreadable: bool,
    quiet: bool,
    **_: object,
) -> int:
    """The strictest Pod Security level that each workload meets, and every check that forbids more."""
    targets = targets or (".",)
    formats = chosen(ctx, FORMATS[0])
    settings = settle(targets, settings_file, kubernetes, own=False)
    estate = read_estate(targets, settings)
    levels = Levels(settings.kubernetes, estate, _verdicts(estate, settings.kubernetes))
    for name, path in formats:
        with save(path) as out:
            _write(levels, name, out)
    if settings.kubernetes.note and not quiet:
        sys.stderr.write(f"casemate: {settings.kubernetes.note}\n")
    return 3 if estate.unreadable and not allow_unreadable else 0


def _verdicts(estate: Estate, version: KubernetesVersion) -> list[tuple[Workload, Verdict]]:
    """Each object with a pod template once; what Docker runs by itself has no level."""
    return [
        (entity, evaluate([Pod(template, entity.ref) for template in entity.templates], version))
        for entity in estate.entities
        if isinstance(entity, Workload) and not runs_in_docker(entity)
    ]


def _write(levels: Levels, name: str, out: BinaryIO) -> None:
    if name == "json":
        write_json(levels, out)
        return
    with as_text(out) as text:
        write_text(levels, text)
