"""A role may impersonate the group system:masters.

The API server lets that group do everything and asks no role about it, so that the right is worth more
than cluster-admin: admission aside, nothing refuses it, and no binding shows it.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.dangers import softened
from casemate.analysis.rbac.defaults import MASTERS
from casemate.analysis.rbac.grants import Grants
from casemate.analysis.rbac.rules import grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Severity

_WITH = ("users", "serviceaccounts")
_ALONE = (
    "a group is taken together with a user's name; the right to impersonate one must come from another role"
)


@control(
    "rbac-impersonate-masters",
    title="Role that impersonates system:masters",
    severity=Severity.CRITICAL,
    consequence=Consequence.RIGHTS,
    remedy="Name a group of your own in resourceNames, bound to the rights that are needed",
    standards=(
        "CIS-Kubernetes-1.12:5.1.7",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def impersonate_masters(role: Role, known: Grants) -> Iterator[Fault]:
    if not known.is_cluster_wide(role):
        return
    somebody = any(grants(rule, "impersonate", "", kind) for rule in role.rules for kind in _WITH)
    base = Severity.CRITICAL if somebody else Severity.HIGH
    for index, rule in enumerate(role.rules):
        if MASTERS in rule.resource_names and grants(rule, "impersonate", "", "groups"):
            severity, notes = softened(role, known, base, escalates=True)
            yield Fault(
                message=f"it grants impersonate on the group {MASTERS}",
                at=("rules", index, "resourceNames", rule.resource_names.index(MASTERS)),
                why=(*(() if somebody else (_ALONE,)), *notes, *known.holders(role)),
                severity=severity,
            )
            return
