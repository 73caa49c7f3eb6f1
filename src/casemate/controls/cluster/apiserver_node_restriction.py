"""NodeRestriction holds each kubelet to its own node and the pods there.

Without it whoever takes over one node labels others, so that pods with secrets are scheduled to
him, and reads what those pods may.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-node-restriction",
    title="Nodes may change each other",
    severity=Severity.HIGH,
    consequence=Consequence.ADMITTED,
    remedy="Add NodeRestriction to --enable-admission-plugins",
    standards=(
        "CIS-Kubernetes-1.12:1.2.14",
        "NSA-CISA-1.2:worker-node-segmentation",
        "MITRE:T1078",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_node_restriction(server: ApiServer) -> Answers:
    message = "a kubelet may change other nodes and the pods there"
    yield from must_run(server, "NodeRestriction", message=message)
