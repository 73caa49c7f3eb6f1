"""`casemate network`: commands about what policies should allow; each is imported when it is called."""

import click

from casemate.cli.groups import LazyGroup

SUBCOMMANDS = {
    "tighten": "The narrowest network policies that manifests or flows show to be needed.",
    "chains": "Calls from outside inward, and what is reachable from what is taken over.",
}
"""Name and one line of help; `casemate.cli.network_tighten` holds `network_tighten`, and so on."""


@click.group(cls=LazyGroup, lazy=SUBCOMMANDS, epilog="Example: casemate network tighten examples/shop")
def network() -> None:
    """Write the network policies that are needed, no wider."""
