"""The log does not say how requests ended.

The stage ResponseComplete holds the answer: whether the request was allowed, and what came of it.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.audit import NONE
from casemate.model.cluster_configs import AuditPolicy
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.place import Path
from casemate.model.severity import Severity

_END = "ResponseComplete"


@control(
    "cluster-audit-omitted-stages",
    title="Audit log without the answers",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNSEEN,
    remedy="Omit RequestReceived only",
    standards=("CIS-Kubernetes-1.12:3.2.2", "NSA-CISA-1.2:logging"),
    area="audit_log_enabled",
    fixes=True,
)
def audit_omitted_stages(policy: AuditPolicy) -> Iterator[Fault]:
    if _END in policy.omit_stages:
        at: Path = ("omitStages", policy.omit_stages.index(_END))
        yield Fault(
            message="nothing is logged of how requests ended",
            at=at,
            why=("omitStages names ResponseComplete for the whole policy",),
            fix=Fix(safe=True, edits=(Edit("remove", at),)),
        )
        return
    for index, rule in enumerate(policy.rules):
        if _END in rule.omit_stages and rule.level != NONE:
            at = ("rules", index, "omitStages", rule.omit_stages.index(_END))
            yield Fault(
                message="a rule does not log how its requests ended",
                at=at,
                why=("omitStages names ResponseComplete",),
                severity=Severity.LOW,
                fix=Fix(safe=True, edits=(Edit("remove", at),)),
            )
