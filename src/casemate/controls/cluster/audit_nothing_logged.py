"""The audit policy logs nothing.

An audit log is configured, and stays empty: what an intruder did cannot be found out later.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.audit import NONE, catches_all
from casemate.model.cluster_configs import AuditPolicy
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-audit-nothing-logged",
    title="Audit policy that logs nothing",
    severity=Severity.HIGH,
    consequence=Consequence.UNSEEN,
    remedy="Log at least the metadata of every request that changes something or touches secrets",
    standards=(
        "CIS-Kubernetes-1.12:3.2.1",
        "CIS-Kubernetes-1.12:3.2.2",
        "NSA-CISA-1.2:logging",
        "OWASP-Kubernetes-2022:K05",
        "OWASP-Kubernetes-2025:K10",
    ),
    area="audit_log_enabled",
)
def audit_nothing_logged(policy: AuditPolicy) -> Iterator[Fault]:
    for index, rule in enumerate(policy.rules):
        if rule.level not in {None, NONE}:
            return
        if catches_all(rule):
            yield Fault(
                message="the first rule for all requests is not to log them",
                at=("rules", index, "level"),
                why=("the first rule that matches decides",),
            )
            return
    yield Fault(
        message="no rule logs anything",
        at=("rules",),
        why=("a request that no rule matches is not logged",),
    )
