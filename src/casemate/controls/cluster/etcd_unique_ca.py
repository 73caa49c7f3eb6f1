"""etcd lets in whoever has a certificate of its CA.

Where that is the CA of the cluster, every node and every user with a certificate gets in, and reads
and writes everything past the API server.
"""

from casemate.analysis.cluster.authorities import client_authorities
from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.files import on_host
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-unique-ca",
    title="etcd's CA is that of the cluster",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Give etcd a CA of its own with --trusted-ca-file",
    standards=(
        "CIS-Kubernetes-1.12:2.7",
        "NSA-CISA-1.2:etcd",
    ),
    area="etcd_encryption_cmk",
)
def etcd_unique_ca(etcd: Etcd) -> Answers:
    setting = etcd.setting("trusted-ca-file")
    if not setting.value:
        message = "etcd knows no CA that signs the certificates of its clients"
        yield from settled(etcd, setting, message, None)
        return
    servers = client_authorities(etcd)
    if not servers:
        yield Unanswered("--client-ca-file of the API server that uses this etcd")
    elif on_host(setting.value, etcd.component) in servers:
        message = "whoever has a certificate of the cluster gets into etcd"
        yield from settled(etcd, setting, message, None)
