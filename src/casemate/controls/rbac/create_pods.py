"""A role may make pods, or change what makes them.

Who makes a pod chooses its service account, its Secrets and its node. Where admission does not hold it
back, that is the node too.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.workloads import CHANGE_WORKLOADS, CREATE_PODS, RESTORE_STATEFULSETS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-create-pods",
    title="Role that makes pods",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Grant it to deployment tools only, in single namespaces that are held to a Pod Security level",
    standards=(
        "CIS-Kubernetes-1.12:5.1.4",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1610",
        "MITRE:T1053.007",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def create_pods(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(
        role,
        known,
        kubernetes,
        CREATE_PODS,
        CHANGE_WORKLOADS,
        RESTORE_STATEFULSETS,
    )
