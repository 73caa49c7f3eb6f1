"""A kubelet knows the API server by its certificate.

Without one, kubelets must let everybody in, or logs and exec do not work: the first is what people
then choose.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-kubelet-client-certificate",
    title="Calls to kubelets without a certificate",
    severity=Severity.HIGH,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --kubelet-client-certificate and --kubelet-client-key",
    standards=(
        "CIS-Kubernetes-1.12:1.2.4",
        "NSA-CISA-1.2:authentication",
        "NSA-CISA-1.2:worker-node-segmentation",
    ),
    area="apiserver_flags_anonymous",
)
def apiserver_kubelet_client_certificate(server: ApiServer) -> Answers:
    message = "the API server shows kubelets no certificate, so they cannot tell it from anybody else"
    yield from must_be_set(server, "kubelet-client-certificate", "kubelet-client-key", message=message)
