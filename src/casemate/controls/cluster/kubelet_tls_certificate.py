"""The kubelet signs its own certificate.

Nobody can check it: the API server and collectors talk to whoever answers at the node's address.
"""

from casemate.analysis.cluster.kubelet import Kubelet, Value
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-tls-certificate",
    title="Kubelet with a self-signed certificate",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set serverTLSBootstrap: true and approve its requests, or give tlsCertFile and tlsPrivateKeyFile",
    standards=(
        "CIS-Kubernetes-1.12:4.2.9",
        "NSA-CISA-1.2:encryption",
        "NIST-800-190:4.3.5",
    ),
    area="kubelet_config",
)
def kubelet_tls_certificate(kubelet: Kubelet) -> Answers:
    bootstrap = kubelet.value("rotate-server-certificates")
    if isinstance(bootstrap, Value) and bootstrap.value:
        return
    for flag in ("tls-cert-file", "tls-private-key-file"):
        answers = list(
            must_not(
                kubelet,
                flag,
                lambda file: not file,
                message="the kubelet serves with a certificate that it signs itself",
            )
        )
        yield from answers
        if answers:
            return
