"""With this flag etcd signs its own certificate at each start.

Nobody can check it, so other members cannot tell etcd from somebody in between.
"""

from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, must_be
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-peer-auto-tls",
    title="etcd signs its own certificate for members",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Remove --peer-auto-tls",
    standards=(
        "CIS-Kubernetes-1.12:2.6",
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
    ),
    area="etcd_encryption_cmk",
    fixes=True,
)
def etcd_peer_auto_tls(etcd: Etcd) -> Answers:
    message = "etcd shows other members a certificate that nobody can check"
    yield from must_be(etcd, "peer-auto-tls", wanted=False, message=message)
