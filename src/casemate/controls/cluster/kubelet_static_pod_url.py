"""The kubelet fetches pods from an address without TLS.

Whoever sits on the way, or owns the address, runs any pod on the node past all admission.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-static-pod-url",
    title="Static pods over plain HTTP",
    severity=Severity.HIGH,
    consequence=Consequence.NODE,
    remedy="Use https, or staticPodPath with files on the node",
    standards=(
        "NSA-CISA-1.2:worker-node-segmentation",
        "MITRE:T1610",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="kubelet_config",
)
def kubelet_static_pod_url(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "manifest-url",
        lambda url: url.startswith("http://"),
        message="the kubelet runs the pods that it fetches from {value}",
    )
