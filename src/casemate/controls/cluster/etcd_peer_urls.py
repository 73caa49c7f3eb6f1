"""On a URL with http:// etcd asks other members for no certificate.

Whoever reaches it reads what is stored and can join in.
"""

from casemate.analysis.cluster.addresses import host_of, is_loopback
from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-peer-urls",
    title="etcd's members meet over plain HTTP",
    severity=Severity.HIGH,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Write https:// in --listen-peer-urls, or listen on 127.0.0.1",
    standards=(
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
)
def etcd_peer_urls(etcd: Etcd) -> Answers:
    setting = etcd.setting("listen-peer-urls")
    if any(not is_loopback(host_of(url)) for url in etcd.serves_plainly("listen-peer-urls")):
        message = "etcd takes other members over plain HTTP"
        yield from settled(etcd, setting, message, None)
