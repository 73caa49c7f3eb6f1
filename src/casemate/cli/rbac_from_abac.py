"""`casemate rbac from-abac`: an ABAC policy file as roles and bindings, and what RBAC cannot say of it."""

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from casemate.cli.completion import files
from casemate.cli.output import Outputs, as_text, chosen, outputs, save
from casemate.cli.settings import kubernetes_option
from casemate.model.version import NEWEST, KubernetesVersion

if TYPE_CHECKING:
    from casemate.writers.from_abac import Answer

FORMATS = ("text", "json", "yaml")


@click.command("from-abac", cls=Outputs, epilog="Example: casemate rbac from-abac examples/abac/policy.jsonl")
@click.argument("policy", metavar="POLICYFILE", shell_complete=files)
@outputs(FORMATS)
@kubernetes_option
@click.option(
    "--api-resources",
    metavar="FILE",
    help="What else is served: kubectl api-resources -o wide, or JSON of discovery.",
    shell_complete=files,
)
@click.option("--quiet", is_flag=True, help="No hints.")
@click.pass_context
def rbac_from_abac(
    ctx: click.Context,
    /,
    policy: str,
    kubernetes: str | None,
    api_resources: str | None,
    *,
    quiet: bool,
    **_: object,
) -> int:
    """The roles and bindings that grant what an ABAC policy file grants, as YAML for kubectl apply.

    Subresources are enumerated. Lines that RBAC cannot say are named and left out; nothing is granted that
    the file does not grant. Both are then asked the same requests; status 1 says that an answer differs.
    """
    from casemate.analysis.rbac.abac_conversion import convert  # noqa: PLC0415 # start-up: --help needs none of it
    from casemate.analysis.rbac.abac_proof import prove  # noqa: PLC0415
    from casemate.analysis.rbac.api_resources import api_resources as served  # noqa: PLC0415
    from casemate.analysis.rbac.api_resources import nearest  # noqa: PLC0415
    from casemate.readers.abac_policy import read_policies  # noqa: PLC0415
    from casemate.writers.from_abac import Answer, summary  # noqa: PLC0415

    formats = chosen(ctx, FORMATS[0])
    if policy == api_resources == "-":
        raise click.UsageError("Only one of the two files can be standard input")
    asked = KubernetesVersion.parse(kubernetes) if kubernetes else NEWEST
    release = nearest(asked)
    known = served(release)
    policies = read_policies(policy)
    if api_resources is not None:
        from casemate.readers.api_resources_file import read_api_resources  # noqa: PLC0415 # few have custom ones

        names = {(item.group, item.name) for item in known}
        known += tuple(
            item for item in read_api_resources(api_resources) if (item.group, item.name) not in names
        )
    conversion = convert(policies, known, policy)
    answer = Answer(policy, str(release), conversion, prove(conversion, known))
    for name, path in formats:
        with save(path) as out:
            _write(answer, name, out)
    if not quiet:
        if release != asked:
            sys.stderr.write(f"casemate: the resources of Kubernetes {asked} are not known; took {release}\n")
        sys.stderr.writelines(f"casemate: {line}\n" for line in summary(answer))
    return 1 if answer.proof.differences else 0


def _write(answer: "Answer", name: str, out: BinaryIO) -> None:
    from casemate.writers import from_abac  # noqa: PLC0415 # start-up: as above

    if name == "json":
        from_abac.write_json(answer, out)
        return
    with as_text(out) as text:
        (from_abac.write_yaml if name == "yaml" else from_abac.write_text)(answer, text)
