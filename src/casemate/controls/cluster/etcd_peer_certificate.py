"""Members of etcd send each other everything that is stored.

Without certificates it can be read on the way, and anybody can pretend to be a member.
"""

from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-peer-certificate",
    title="etcd's members talk without TLS",
    severity=Severity.MEDIUM,
    consequence=Consequence.DISCLOSURE,
    remedy="Set --peer-cert-file and --peer-key-file",
    standards=(
        "CIS-Kubernetes-1.12:2.4",
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="etcd_encryption_cmk",
)
def etcd_peer_certificate(etcd: Etcd) -> Answers:
    message = "members of etcd talk to each other without TLS"
    yield from must_be_set(etcd, "peer-cert-file", "peer-key-file", message=message)
