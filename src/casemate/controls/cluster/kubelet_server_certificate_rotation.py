"""Serving certificates of the kubelet are not renewed.

Somebody switched off a feature that is on since Kubernetes 1.12.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-server-certificate-rotation",
    title="Serving certificate is not renewed",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Remove the feature gate RotateKubeletServerCertificate",
    standards=(
        "CIS-Kubernetes-1.12:4.2.11",
        "NSA-CISA-1.2:encryption",
    ),
    area="kubelet_config",
)
def kubelet_server_certificate_rotation(kubelet: Kubelet) -> Answers:
    gate = kubelet.gate("RotateKubeletServerCertificate")
    if gate is not None and gate.entity is kubelet.entity and not gate.value:
        yield Fault(
            message="the kubelet does not renew its serving certificate",
            at=gate.at,
            why=(gate.why,),
        )
