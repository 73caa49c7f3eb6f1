"""A role may change the webhooks of admission.

Who adds a webhook is sent every object that is written, Secrets included, and may change them on their
way. Who removes or loosens one switches off what it refuses.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.admission import DELETE_WEBHOOKS, WRITE_WEBHOOKS
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-webhooks",
    title="Role that changes admission webhooks",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Name the configuration in resourceNames, with update and patch only",
    standards=(
        "CIS-Kubernetes-1.12:5.1.12",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1562.001",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def webhooks(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, WRITE_WEBHOOKS, DELETE_WEBHOOKS)
