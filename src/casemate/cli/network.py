"""`casemate network`: commands about what policies should allow; each is imported when it is called."""

import importlib

import click

SUBCOMMANDS = {
    "tighten": "The narrowest network policies that manifests or flows show to be needed.",
    "chains": "Calls from outside inward, and what is reachable from what is taken over.",
}
"""Name and one line of help; `casemate.cli.network_tighten` holds `network_tighten`, and so on."""


class _Group(click.Group):
    """Looks its commands up lazily and suggests the nearest name for one that is not there."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            if not ctx.resilient_parsing and not cmd_name.startswith("-"):
                import difflib  # noqa: PLC0415 # only for a slip

                close = difflib.get_close_matches(cmd_name, SUBCOMMANDS, 1)
                hint = f"did you mean {close[0]}?" if close else f"commands are {', '.join(SUBCOMMANDS)}"
                ctx.fail(f"There is no command {cmd_name}; {hint}")
            return None
        name = f"network_{cmd_name.replace('-', '_')}"
        command: click.Command = getattr(importlib.import_module(f"casemate.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 # click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))


@click.group(cls=_Group, epilog="Example: casemate network tighten examples/shop")
def network() -> None:
    """Write the network policies that are needed, no wider."""
