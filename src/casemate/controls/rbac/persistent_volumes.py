"""A role may make persistent volumes.

A volume of type hostPath opens any folder of a node to the pod that claims it, and Pod Security does
not look at claims. Programs that provide storage need this; people hardly ever do.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.storage import CREATE_VOLUMES
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-persistent-volumes",
    title="Role that makes persistent volumes",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Leave it to the storage provisioner: claims with a StorageClass need no such right",
    standards=(
        "CIS-Kubernetes-1.12:5.1.9",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def persistent_volumes(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, CREATE_VOLUMES)
