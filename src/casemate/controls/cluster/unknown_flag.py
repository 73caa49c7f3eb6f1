"""A program of the control plane does not start with a flag that it does not know.

Most often the flag was removed, or a newer release brings it. An upgrade then stops the control
plane on the node where it begins, and a slip in the name takes the safeguard away that was meant.
"""

from casemate.analysis.cluster.flags import OLDEST
from casemate.analysis.cluster.kubernetes_program import KubernetesProgram
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, Fault, Unanswered, control
from casemate.model.severity import Severity
from casemate.model.version import NEWEST


@control(
    "cluster-unknown-flag",
    title="A flag that the program does not know",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Remove the flag, or write its name as the release has it",
    standards=("NSA-CISA-1.2:upgrading", "OWASP-Kubernetes-2022:K10"),
    area="control_plane_patch",
    fixes=True,
)
def unknown_flag(program: KubernetesProgram) -> Answers:
    unknown = program.unknown_flags()
    name = program.component.name
    if unknown and not OLDEST <= program.release.version <= NEWEST:
        yield Unanswered(f"which flags {name} {program.release.version} has: known are {OLDEST} to {NEWEST}")
        return
    for flag, reason in unknown.items():
        yield Fault(
            message=f"{name} does not start: it knows no flag {flag}",
            at=program.setting(flag.removeprefix("--")).path,
            why=(f"{reason}, by the flags of {program.title}",),
            fix=program.drop(flag.removeprefix("--")),
        )
