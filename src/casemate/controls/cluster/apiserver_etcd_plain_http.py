"""Every secret of the cluster passes between the API server and etcd.

Over plain HTTP whoever is on the way reads it, and etcd can ask nobody for a certificate.
"""

from casemate.analysis.cluster.addresses import host_of, is_loopback
from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-etcd-plain-http",
    title="Storage over plain HTTP",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Reach etcd by https:// with certificates",
    standards=(
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
)
def apiserver_etcd_plain_http(server: ApiServer) -> Answers:
    setting = server.setting("etcd-servers")
    plain = [url for url in setting.items if url.startswith("http://")]
    if plain:
        local = all(is_loopback(host_of(url)) for url in plain)
        message = "the API server reaches etcd over plain HTTP"
        yield from settled(server, setting, message, None, Severity.MEDIUM if local else None)
