"""The Node authorizer lets a kubelet read the secrets of its own pods and no others.

Without it nodes need rights by RBAC, which cannot tell one node's pods from another's.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-authorization-node",
    title="Nodes are not authorized by Node",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Add Node to --authorization-mode",
    standards=(
        "CIS-Kubernetes-1.12:1.2.7",
        "NSA-CISA-1.2:rbac",
        "NSA-CISA-1.2:worker-node-segmentation",
        "OWASP-Kubernetes-2022:K03",
        "OWASP-Kubernetes-2025:K02",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_authorization_node(server: ApiServer) -> Answers:
    modes = server.authorizers
    if isinstance(modes, Unanswered):
        yield modes
    elif "Node" not in modes:
        setting = server.authorization
        fix = (
            server.put(setting.name, ",".join(("Node", *modes)))
            if setting.name == "authorization-mode"
            else None
        )
        message = "nodes are not held to the objects of their own pods"
        yield from settled(
            server, setting, message, fix, None, (f"authorizers, in order: {', '.join(modes)}",)
        )
