"""Whoever reaches the insecure port is cluster-admin: it asks for nothing and checks nothing.

It was on by default, at 127.0.0.1:8080, before Kubernetes 1.20, which only takes 0 there; 1.24
removed the flag.
"""

from casemate.analysis.cluster.addresses import is_loopback
from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.program import DEFAULT
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-insecure-port",
    title="A port without authentication",
    severity=Severity.CRITICAL,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --insecure-port=0",
    standards=(
        "NSA-CISA-1.2:control-plane-hardening",
        "NSA-CISA-1.2:authentication",
        "OWASP-Kubernetes-2022:K09",
        "OWASP-Kubernetes-2025:K07",
    ),
    area="api_endpoint_exposure",
    fixes=True,
)
def apiserver_insecure_port(server: ApiServer) -> Answers:
    setting = server.setting("insecure-port")
    port = 8080 if server.minor < 20 and setting.decided_by == DEFAULT else setting.number
    if port and server.minor < 24:
        local = is_loopback(server.setting("insecure-bind-address").value or "")
        message = "the API server serves everything to everybody on a port without authentication"
        why = ("the port listens on the host itself only",) if local else ()
        severity = Severity.HIGH if local else None
        yield from settled(server, setting, message, server.put("insecure-port", "0"), severity, why)
