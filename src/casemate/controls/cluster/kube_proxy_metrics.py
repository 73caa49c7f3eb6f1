"""kube-proxy shows its metrics, and its profiles, to the network.

Its port asks for no credentials; by default only the host itself reaches it.
"""

from collections.abc import Iterator

from casemate.analysis.cluster.addresses import is_loopback
from casemate.analysis.cluster.kube_proxy import KubeProxy
from casemate.model.control import Consequence, Edit, Fault, Fix, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-kube-proxy-metrics",
    title="kube-proxy's metrics open to the network",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set metricsBindAddress: 127.0.0.1:10249, or leave it out",
    standards=(
        "CIS-Kubernetes-1.12:4.3.1",
        "NSA-CISA-1.2:worker-node-segmentation",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K06",
    ),
    area="kubelet_config",
    fixes=True,
)
def kube_proxy_metrics(proxy: KubeProxy) -> Iterator[Fault | Unanswered]:
    if isinstance(proxy.metrics, Unanswered):
        yield proxy.metrics
    elif proxy.metrics and not is_loopback(proxy.host):
        edits = (Edit("set", proxy.at, "127.0.0.1:10249"),)
        yield Fault(
            message=f"kube-proxy shows its metrics at {proxy.metrics}",
            at=proxy.at,
            why=("the port asks for no credentials",),
            fix=Fix(safe=False, edits=edits) if proxy.in_file else None,
        )
