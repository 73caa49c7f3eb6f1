"""`casemate explain`: the page of a control."""

import sys

import click

from casemate.cli.completion import complete_control
from casemate.cli.pages import page_of
from casemate.cli.settings import rules_option, settings_option, settle
from casemate.controls.catalogue import all_controls
from casemate.model.errors import UsageError
from casemate.readers.settings_file import suggestion


@click.command(epilog="Example: casemate explain pod-privileged")
@click.argument("control", shell_complete=complete_control)
@settings_option
@rules_option
def explain(control: str, settings_file: str | None) -> int:
    """Print the page of CONTROL: what it asks, why, and faulty and clean examples."""
    settings = settle((".",), settings_file, None)
    known = {item.id: item for item in all_controls()}
    if control not in known:
        hint = suggestion(control, tuple(known)) or "; casemate controls lists them"
        raise UsageError(". ".join((f"there is no control {control}{hint}", *settings.notes)))
    sys.stdout.write(page_of(known[control]))
    return 0
