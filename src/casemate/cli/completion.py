"""`casemate completion`: the script by which a shell completes commands, options, controls and files."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_CASEMATE_COMPLETE"
"""What click looks for in the environment when a shell asks; it follows from the program's name."""


@click.command(epilog='Example: eval "$(casemate completion bash)"')
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> int:
    """Print the completion script of SHELL; docs/formats.md says where each shell looks for it."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 # start-up

    from casemate.cli.commands import casemate  # noqa: PLC0415 # that module names this one

    known = get_completion_class(shell)
    if known is None:  # a click without this shell
        raise click.UsageError(f"The installed click knows no completion for {shell}")
    made = known(casemate, {}, "casemate", _VARIABLE)
    sys.stdout.write(made.source_template % made.source_vars())
    return 0


def files(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Let the shell complete a file or folder."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 # start-up

    return [CompletionItem(incomplete, type="file")]


def complete_control(
    _ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    """The ids of controls that begin so, each with its title."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 # start-up

    from casemate.controls.catalogue import all_controls  # noqa: PLC0415

    found = (control for control in all_controls() if control.id.startswith(incomplete))
    return [CompletionItem(control.id, help=control.title) for control in found]
