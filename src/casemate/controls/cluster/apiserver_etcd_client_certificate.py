"""etcd knows the API server by its certificate.

An etcd that serves it without one serves everybody, and etcd holds every secret and every right of
the cluster.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-etcd-client-certificate",
    title="Calls to etcd without a certificate",
    severity=Severity.HIGH,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --etcd-certfile and --etcd-keyfile",
    standards=(
        "CIS-Kubernetes-1.12:1.2.23",
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
)
def apiserver_etcd_client_certificate(server: ApiServer) -> Answers:
    if not server.storage_is_local:
        message = "the API server shows etcd no certificate, so etcd has to let everybody in"
        yield from must_be_set(server, "etcd-certfile", "etcd-keyfile", message=message)
