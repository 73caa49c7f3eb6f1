"""On a URL with http:// etcd asks for no certificate, whatever else is set.

Whoever reaches it reads all secrets of the cluster and writes himself any right.
"""

from casemate.analysis.cluster.addresses import host_of, is_loopback
from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-client-urls",
    title="etcd serves the network over plain HTTP",
    severity=Severity.CRITICAL,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Write https:// in --listen-client-urls, or listen on 127.0.0.1",
    standards=(
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
)
def etcd_client_urls(etcd: Etcd) -> Answers:
    setting = etcd.setting("listen-client-urls")
    if any(not is_loopback(host_of(url)) for url in etcd.serves_plainly("listen-client-urls")):
        message = "etcd serves everything to the network over plain HTTP"
        yield from settled(etcd, setting, message, None)
