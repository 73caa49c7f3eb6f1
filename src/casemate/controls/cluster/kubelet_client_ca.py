"""The kubelet takes no client certificates.

The API server then cannot prove to it who it is, and somebody else's requests look the same.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-client-ca",
    title="Kubelet without a client CA",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Set authentication.x509.clientCAFile to the cluster's CA",
    standards=(
        "CIS-Kubernetes-1.12:4.2.3",
        "NSA-CISA-1.2:authentication",
        "NIST-800-190:4.3.5",
    ),
    area="kubelet_config",
)
def kubelet_client_ca(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "client-ca-file",
        lambda file: not file,
        message="the kubelet knows no CA by which to check the certificates of its callers",
    )
