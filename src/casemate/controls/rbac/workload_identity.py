"""A role may give service accounts an identity of the cloud, and run pods with it.

On EKS, GKE and AKS an annotation on a service account names the role that its pods have in the cloud.
Whoever writes it and runs a pod there leaves the cluster, with the rights of that role.
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.listing import some
from casemate.analysis.rbac.capabilities.cloud import CLOUD_IDENTITIES
from casemate.analysis.rbac.cloud_identities import CloudIdentities
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.settings import Settings
from casemate.model.severity import Confidence, Severity


@control(
    "rbac-workload-identity",
    title="Role that writes identities of the cloud",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Take update and patch on serviceaccounts out, or name the accounts in resourceNames",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def workload_identity(
    role: Role, known: Grants, identities: CloudIdentities, settings: Settings
) -> Iterator[Fault]:
    if not identities.accounts:
        return
    used = f"identities of the cloud are used here, by {some(list(identities.accounts))}"
    for fault in dangers(role, known, settings.kubernetes, CLOUD_IDENTITIES):
        yield msgspec.structs.replace(fault, why=(*fault.why, used))
