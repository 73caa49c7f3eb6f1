"""A role may bind, escalate or impersonate.

The API server refuses that somebody gives away rights they do not have. These three verbs are the
exceptions to that, so that they are worth as much as the strongest role or user in reach.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.roles import (
    BIND,
    CONSTRAINED_IMPERSONATION,
    ESCALATE,
    HALF_BIND,
    HALF_ESCALATE,
    HALF_IMPERSONATE,
    IMPERSONATE,
    IMPERSONATE_EXTRAS,
    IMPERSONATE_GROUPS,
)
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.defaults import MASTERS
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-escalation",
    title="Role that can take other rights",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Remove the verb, or name in resourceNames the roles or users that it is meant for",
    standards=(
        "CIS-Kubernetes-1.12:5.1.8",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "MITRE:T1098.006",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def escalation(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    faults = dangers(
        role,
        known,
        kubernetes,
        BIND,
        ESCALATE,
        HALF_BIND,
        HALF_ESCALATE,
        IMPERSONATE,
        IMPERSONATE_GROUPS,
        HALF_IMPERSONATE,
        IMPERSONATE_EXTRAS,
        CONSTRAINED_IMPERSONATION,
    )
    masters = _masters(role) if known.is_cluster_wide(role) else ()
    yield from (fault for fault in faults if fault.at[1] not in masters)


def _masters(role: Role) -> tuple[int, ...]:
    """The rules that are about impersonating system:masters alone, which is another question."""
    return tuple(
        index
        for index, rule in enumerate(role.rules)
        if set(rule.resource_names) == {MASTERS}
        and set(rule.resources) == {"groups"}
        and set(rule.verbs) == {"impersonate"}
    )
