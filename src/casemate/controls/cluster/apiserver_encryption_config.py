"""Without a configuration Secrets are stored in etcd as they are.

Whoever reads etcd, its disk or a backup of it reads every password of the cluster.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-encryption-config",
    title="Secrets are stored as they are",
    severity=Severity.MEDIUM,
    consequence=Consequence.DISCLOSURE,
    remedy="Write an EncryptionConfiguration and name it with --encryption-provider-config",
    standards=(
        "CIS-Kubernetes-1.12:1.2.27",
        "CIS-Kubernetes-1.12:1.2.28",
        "NSA-CISA-1.2:secrets",
        "NSA-CISA-1.2:etcd",
        "OWASP-Kubernetes-2022:K08",
        "OWASP-Kubernetes-2025:K03",
    ),
    area="etcd_encryption_cmk",
)
def apiserver_encryption_config(server: ApiServer) -> Answers:
    message = "Secrets are stored unencrypted in etcd"
    if not (server.minor < 24 and server.has("experimental-encryption-provider-config")):
        yield from must_be_set(server, "encryption-provider-config", message=message)
