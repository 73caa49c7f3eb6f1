"""etcd without a certificate serves plain HTTP.

Every secret of the cluster passes there, and no client can be asked for a certificate.
"""

from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-certificate",
    title="etcd without TLS",
    severity=Severity.HIGH,
    consequence=Consequence.DISCLOSURE,
    remedy="Set --cert-file and --key-file",
    standards=(
        "CIS-Kubernetes-1.12:2.1",
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
)
def etcd_certificate(etcd: Etcd) -> Answers:
    message = "etcd serves the API server without TLS"
    yield from must_be_set(etcd, "cert-file", "key-file", message=message)
