"""Without a CA the API server takes whoever answers at a node's address for the kubelet.

Logs, exec and port forwarding then go to him, with the secrets that people type into them. kubeadm
does not set the flag: its kubelets sign their own certificates unless serverTLSBootstrap is on.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-kubelet-certificate-authority",
    title="Kubelets' certificates are not checked",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --kubelet-certificate-authority",
    standards=(
        "CIS-Kubernetes-1.12:1.2.5",
        "NSA-CISA-1.2:worker-node-segmentation",
        "NSA-CISA-1.2:encryption",
    ),
    area="apiserver_flags_anonymous",
)
def apiserver_kubelet_certificate_authority(server: ApiServer) -> Answers:
    message = "the API server does not check the certificates of kubelets"
    yield from must_be_set(server, "kubelet-certificate-authority", message=message)
