"""`casemate rbac from-abac`: an ABAC policy file as roles and bindings."""

import click

from casemate.cli.completion import files


@click.command("from-abac", epilog="Example: casemate rbac from-abac policy.jsonl")
@click.argument("policy", metavar="POLICYFILE", shell_complete=files)
def rbac_from_abac(policy: str) -> int:
    """The roles and bindings that say what an ABAC policy file says."""
    raise click.UsageError(f"{policy}: not yet")
