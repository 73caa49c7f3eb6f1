"""The commands by name; a command's module is imported when it is called."""

import importlib
from typing import TYPE_CHECKING, Any

import click

from casemate import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "scan": "Read targets, judge them, and say what to change.",
    "pss": "The exact Pod Security level of each workload.",
    "fix": "Show or write the edits that mend findings.",
    "can": "Whether somebody may do something, and through what.",
    "who-can": "Everybody who may do something, and through what.",
    "rights": "Everything that somebody may do, and where it comes from.",
    "reach": "Which connections the network policies allow.",
    "baseline": "Take the findings of today for known.",
    "diff": "What a change opens or closes.",
    "network": "Write network policies: from manifests, or from flows.",
    "rbac": "Write roles: from audit logs, or from an ABAC policy.",
    "test": "Run the cases of your own rules.",
    "explain": "The page of a control.",
    "controls": "The catalogue of controls.",
    "completion": "The completion script for bash, zsh or fish.",
}
"""Name and one line of help; `casemate.cli.<name>` holds the command under the same name."""


class _Group(click.Group):
    """Looks commands up lazily and suggests the nearest name for one that is not there."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 # click's signature
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"casemate.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem  # noqa: PLC0415 # only when a shell asks

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        items = COMMANDS.items()  # click's own way imports every command to read its help
        return [CompletionItem(name, help=text) for name, text in items if name.startswith(incomplete)]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            import difflib  # noqa: PLC0415 # only for a slip

            close = difflib.get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean {close[0]}?" if close else f"commands are {', '.join(COMMANDS)}"
            ctx.fail(f"There is no command {args[0]}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 # click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Group, context_settings={"max_content_width": 100}, epilog="Start with: casemate scan examples/shop"
)
@click.version_option(__version__, "--version", "-V", message="casemate %(version)s")
def casemate() -> None:
    """What could an attacker do here, how do we know, and what must change to stop it?"""
