"""A role may delete events.

Events tell of refused pods, restarts and mounts. Nobody but an administrator who tidies up needs to
remove them: they expire by themselves.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.network import HIDE_TRACES
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-event-deletion",
    title="Role that deletes events",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Take delete out of the role; events expire by themselves",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1070",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def event_deletion(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, HIDE_TRACES)
