"""A role may change or delete nodes.

Taints and labels decide where pods run. Whoever has taken over one node and closes the others has the
pods with the strongest service accounts come to it.
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.rbac.capabilities.nodes import STEAL_PODS, WRITE_NODES
from casemate.analysis.rbac.controllers import controller_of
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

_SCALERS = ("cluster-autoscaler", "karpenter")


@control(
    "rbac-node-writes",
    title="Role that steers pods to nodes",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Leave nodes to what scales and repairs them, and keep the right to delete or evict pods apart",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1610",
        "MITRE:T1499",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def node_writes(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    scales = controller_of(role) in _SCALERS
    for fault in dangers(role, known, kubernetes, STEAL_PODS, WRITE_NODES):
        if scales and fault.severity == Severity.MEDIUM:
            why = (*fault.why, "by its name it scales nodes, which takes both rights")
            yield msgspec.structs.replace(fault, severity=Severity.LOW, why=why)
        else:
            yield fault
