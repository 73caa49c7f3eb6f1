"""A role may write the users and groups of OpenShift.

There they are objects: whoever writes a group joins it, and whoever links a login to a user is that
user. Neither bind nor escalate is asked for.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.identity import JOIN_GROUPS, LINK_IDENTITIES
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-identity-objects",
    title="Role that writes groups and identities",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the groups in resourceNames, or leave them to the synchronisation with the directory",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1098",
        "MITRE:T1136.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def identity_objects(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, JOIN_GROUPS, LINK_IDENTITIES)
