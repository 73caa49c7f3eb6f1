"""`casemate controls`: the catalogue."""

import sys
from typing import Any

import click
import msgspec

from casemate.cli.output import Outputs, chosen, outputs, save_bytes
from casemate.cli.settings import rules_option, settings_option, settle
from casemate.controls.catalogue import all_controls, families, own
from casemate.model.control import Control

FORMATS = ("text", "json")


@click.command(cls=Outputs, epilog="Example: casemate controls --family pods")
@outputs(FORMATS)
@click.option("--family", metavar="NAME", help="Only the controls of one family.")
@settings_option
@rules_option
@click.pass_context
def controls(ctx: click.Context, /, family: str | None, settings_file: str | None, **_: Any) -> int:
    """List the controls: id, severity, and what each finds; the rules of your own settings too."""
    settings = settle((".",), settings_file, None)
    sys.stderr.writelines(f"casemate: {note}\n" for note in settings.notes)
    known = tuple(dict.fromkeys((*families(), *(control.family for control in own()))))
    if family is not None and family not in known:
        raise click.UsageError(f"There is no family {family}; families are {', '.join(known)}")
    found = [control for control in all_controls() if family in {None, control.family}]
    for name, path in chosen(ctx, FORMATS[0]):
        save_bytes(path, _json(found) if name == "json" else _text(found))
    return 0


def _json(found: list[Control]) -> bytes:
    rows = [
        {
            "id": control.id,
            "title": control.title,
            "family": control.family,
            "severity": control.severity.word,
            "confidence": control.confidence,
            "standards": control.standards,
            "area": control.area,
            "fix": control.fixes,
        }
        for control in found
    ]
    return msgspec.json.encode({"schema": "casemate.controls/1", "controls": rows}) + b"\n"


def _text(found: list[Control]) -> bytes:
    wide = max((len(control.id) for control in found), default=0)
    lines = [f"{control.id:<{wide}}  {control.severity.word:<8}  {control.title}" for control in found]
    lines.append(f"{len(found)} controls; casemate explain ID says more")
    return "".join(f"{line}\n" for line in lines).encode()
