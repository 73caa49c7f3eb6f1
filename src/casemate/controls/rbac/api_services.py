"""A role may say which server answers for an API.

An APIService hands all requests of a group and version to a server of its own: its writer reads and
forges what the rest of the cluster is told.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.admission import WRITE_APIS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-api-services",
    title="Role that registers API servers",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the APIService in resourceNames, with update and patch only",
    standards=(
        "NSA-CISA-1.2:rbac",
        "MITRE:T1562.001",
        "MITRE:T1552.007",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def api_services(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, WRITE_APIS)
