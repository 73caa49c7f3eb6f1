"""On these URLs etcd serves metrics and health to whoever asks.

They say little by themselves, but the address need not be the network's.
"""

from casemate.analysis.cluster.addresses import host_of, is_loopback
from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-metrics-urls",
    title="etcd's metrics are open to the network",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Write https:// in --listen-metrics-urls, or listen on 127.0.0.1",
    standards=(
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:control-plane-hardening",
    ),
    area="etcd_encryption_cmk",
)
def etcd_metrics_urls(etcd: Etcd) -> Answers:
    setting = etcd.setting("listen-metrics-urls")
    if any(not is_loopback(host_of(url)) for url in etcd.serves_plainly("listen-metrics-urls")):
        message = "etcd serves metrics to the network without authentication"
        yield from settled(etcd, setting, message, None)
