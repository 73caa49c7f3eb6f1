"""A role may use the proxy subresource of nodes.

It leads to the kubelet's own API, which runs commands in every pod of the node. A WebSocket begins with
a GET, so that the verb get, which looks harmless in a monitoring role, is enough.
"""

from collections.abc import Iterator

from casemate.analysis.rbac.capabilities.nodes import NODE_PROXY
from casemate.analysis.rbac.dangers import dangers
from casemate.analysis.rbac.grants import Grants
from casemate.model.control import Consequence, Fault, control
from casemate.model.rbac import Role
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion


@control(
    "rbac-node-proxy",
    title="Role that reaches the kubelet through its node",
    severity=Severity.HIGH,
    confidence=Confidence.LIKELY,
    consequence=Consequence.RIGHTS,
    remedy="Grant nodes/metrics, nodes/stats or nodes/log instead, which is what monitoring needs",
    standards=(
        "CIS-Kubernetes-1.12:5.1.10",
        "NSA-CISA-1.2:rbac",
        "MITRE:T1609",
        "MITRE:T1611",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
        "NIST-800-190:4.3.1",
    ),
    area="k8s_rbac",
)
def node_proxy(role: Role, known: Grants, kubernetes: KubernetesVersion) -> Iterator[Fault]:
    yield from dangers(role, known, kubernetes, NODE_PROXY)
