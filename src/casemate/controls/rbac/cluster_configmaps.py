"""A role may change the ConfigMaps that the cluster itself believes.

In kube-system, aws-auth says who logs in to EKS as whom, extension-apiserver-authentication whom added APIs
trust, and coredns how names resolve. Whoever may change any ConfigMap there may change these.
"""

from collections.abc import Iterator

import msgspec

from casemate.analysis.rbac.capabilities.cloud import WRITE_CLUSTER_CONFIG
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.settings import Settings
from casemate.model.severity import Confidence, Severity

_EKS = ("eks", "fargate")


@control(
    "rbac-cluster-configmaps",
    title="Role that changes the cluster's own configuration",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Grant it in the namespaces that need it, or name the ConfigMaps in resourceNames",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1078",
        "MITRE:T1098",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def cluster_configmaps(role: Role, known: Grants, settings: Settings) -> Iterator[Fault]:
    for fault in dangers(role, known, settings.kubernetes, WRITE_CLUSTER_CONFIG):
        rule = role.rules[int(fault.at[1])]
        if rule.resource_names or not known.is_cluster_wide(role):
            yield fault
        elif settings.platform.name in _EKS:
            why = (*fault.why, "on EKS aws-auth gives whoever it names any group, system:masters included")
            yield msgspec.structs.replace(fault, why=why)
