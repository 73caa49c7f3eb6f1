"""With this flag etcd signs its own certificate at each start.

Nobody can check it, so clients cannot tell etcd from somebody in between.
"""

from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.questions import Answers, must_be
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-etcd-auto-tls",
    title="etcd signs its own certificate",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Remove --auto-tls",
    standards=(
        "CIS-Kubernetes-1.12:2.3",
        "NSA-CISA-1.2:etcd",
        "NSA-CISA-1.2:encryption",
    ),
    area="etcd_encryption_cmk",
    fixes=True,
)
def etcd_auto_tls(etcd: Etcd) -> Answers:
    message = "etcd shows clients a certificate that nobody can check"
    yield from must_be(etcd, "auto-tls", wanted=False, message=message)
