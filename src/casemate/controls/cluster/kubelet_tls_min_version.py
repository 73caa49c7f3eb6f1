"""The kubelet takes TLS 1.0 or 1.1.

Both are broken and withdrawn (RFC 8996); the default is 1.2, and somebody has lowered it.
"""

from casemate.analysis.cluster.kubelet import Kubelet
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.analysis.cluster.questions import Answers
from casemate.analysis.cluster.tls import OLD
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-kubelet-tls-min-version",
    title="Kubelet with broken versions of TLS",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Set tlsMinVersion: VersionTLS12 or VersionTLS13",
    standards=("NSA-CISA-1.2:encryption",),
    area="kubelet_config",
    fixes=True,
)
def kubelet_tls_min_version(kubelet: Kubelet) -> Answers:
    yield from must_not(
        kubelet,
        "tls-min-version",
        OLD.__contains__,
        message="the kubelet takes connections by TLS 1.0 or 1.1",
        wanted="VersionTLS12",
    )
