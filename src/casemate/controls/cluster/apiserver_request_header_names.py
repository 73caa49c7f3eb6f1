"""Behind this CA, a client says in headers who it is, and the API server believes it.

Without names every certificate that the CA signed may do so. Where it is the CA of all clients too,
every node and user may be anybody.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-request-header-names",
    title="Anybody's certificate may stand for others",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --requestheader-allowed-names=front-proxy-client",
    standards=(
        "NSA-CISA-1.2:authentication",
        "NSA-CISA-1.2:control-plane-hardening",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_request_header_names(server: ApiServer) -> Answers:
    setting = server.setting("requestheader-allowed-names")
    authority = server.setting("requestheader-client-ca-file")
    if authority.value and not setting.items:
        same = authority.value == server.setting("client-ca-file").value
        message = "every certificate of the front proxy's CA may speak for any user"
        why = ("it is the CA of all clients too",) if same else ()
        severity = Severity.CRITICAL if same else None
        fix = server.put("requestheader-allowed-names", "front-proxy-client")
        yield from settled(server, setting, message, fix, severity, why)
