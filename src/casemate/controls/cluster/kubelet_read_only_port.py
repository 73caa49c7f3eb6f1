"""The kubelet serves a port without any authentication.

It tells everyone on the network which pods run on the node, with their environment, and its metrics.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-read-only-port",
    title="Kubelet's read-only port",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Set readOnlyPort: 0, or --read-only-port=0",
    standards=(
        "CIS-Kubernetes-1.12:4.2.4",
        "NSA-CISA-1.2:worker-node-segmentation",
        "MITRE:T1613",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K06",
    ),
    area="kubelet_config",
    fixes=True,
)
def kubelet_read_only_port(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "read-only-port",
        bool,
        message="the kubelet shows pods and metrics at port {value} to everyone",
        wanted=0,
    )
