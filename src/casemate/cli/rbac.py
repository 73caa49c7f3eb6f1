"""`casemate rbac`: commands that write roles; each one's module is imported when it is called."""

import click

from casemate.cli.groups import LazyGroup

SUBCOMMANDS = {
    "from-abac": "The roles and bindings that say what an ABAC policy file says.",
    "tighten": "The narrowest roles that audit logs show to be needed.",
}
"""Name and one line of help; `casemate.cli.rbac_from_abac` holds the command `rbac_from_abac`, and so on."""


@click.group(
    cls=LazyGroup, lazy=SUBCOMMANDS, epilog="Example: casemate rbac from-abac examples/abac/policy.jsonl"
)
def rbac() -> None:
    """Write the roles that are needed, no wider."""
