"""Without a CA the API server takes whoever answers at etcd's address for etcd.

What it stores goes there: all secrets of the cluster.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-etcd-ca",
    title="The certificate of etcd is not checked",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --etcd-cafile",
    standards=(
        "CIS-Kubernetes-1.12:1.2.26",
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
)
def apiserver_etcd_ca(server: ApiServer) -> Answers:
    if not server.storage_is_local:
        message = "the API server does not check who answers in etcd's place"
        yield from must_be_set(server, "etcd-cafile", message=message)
