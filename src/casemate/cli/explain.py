"""`casemate explain`: the page of a control."""

import sys

import click

from casemate.cli.completion import control_ids
from casemate.cli.pages import page_of
from casemate.controls.catalogue import all_controls
from casemate.model.errors import UsageError
from casemate.readers.settings_file import suggestion


@click.command(epilog="Example: casemate explain pod-privileged")
@click.argument("control", shell_complete=control_ids)
def explain(control: str) -> int:
    """Print the page of CONTROL: what it asks, why, and faulty and clean examples."""
    known = {item.id: item for item in all_controls()}
    if control not in known:
        hint = suggestion(control, tuple(known)) or "; casemate controls lists them"
        raise UsageError(f"there is no control {control}{hint}")
    sys.stdout.write(page_of(known[control]))
    return 0
