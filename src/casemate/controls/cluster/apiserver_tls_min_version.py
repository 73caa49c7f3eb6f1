"""TLS 1.0 and 1.1 are broken and withdrawn (RFC 8996).

The default is TLS 1.2; somebody has lowered it.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.analysis.cluster.tls import OLD
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-tls-min-version",
    title="Broken versions of TLS",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Set --tls-min-version=VersionTLS12 or VersionTLS13",
    standards=(
        "NSA-CISA-1.2:encryption",
        "NSA-CISA-1.2:control-plane-hardening",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_tls_min_version(server: ApiServer) -> Answers:
    setting = server.setting("tls-min-version")
    if setting.value in OLD:
        message = "the API server takes connections by TLS 1.0 or 1.1"
        yield from settled(server, setting, message, server.put("tls-min-version", "VersionTLS12"))
