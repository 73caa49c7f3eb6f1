"""A group of commands below a command; each one's module is imported when it is called."""

import importlib
from collections.abc import Mapping
from typing import Any

import click


class LazyGroup(click.Group):
    """Looks its commands up by name and suggests the nearest name for one that is not there.

    `lazy` has the names with one line of help each; `casemate.cli.rbac_from_abac` holds the command of that
    name for `rbac from-abac`.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 # click's signature
        """The names of the commands."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in self.lazy:
            if not ctx.resilient_parsing and not cmd_name.startswith("-"):
                import difflib  # noqa: PLC0415 # only for a slip

                close = difflib.get_close_matches(cmd_name, self.lazy, 1)
                hint = f"did you mean {close[0]}?" if close else f"commands are {', '.join(self.lazy)}"
                ctx.fail(f"There is no command {cmd_name}; {hint}")
            return None
        name = f"{self.name}_{cmd_name.replace('-', '_')}"
        command: click.Command = getattr(importlib.import_module(f"casemate.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 # click's signature
        """Write the names with their lines of help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.lazy.items()))
