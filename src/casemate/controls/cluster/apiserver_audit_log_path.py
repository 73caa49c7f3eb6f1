"""Without a path the API server keeps no record of who asked what.

A webhook may take the events instead; what it misses while it is down is then lost, so this is one
step less severe.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-audit-log-path",
    title="No audit log",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNSEEN,
    remedy="Set --audit-log-path",
    standards=(
        "CIS-Kubernetes-1.12:1.2.16",
        "NSA-CISA-1.2:logging",
        "OWASP-Kubernetes-2022:K05",
        "OWASP-Kubernetes-2025:K10",
    ),
    area="audit_log_enabled",
    fixes=True,
)
def apiserver_audit_log_path(server: ApiServer) -> Answers:
    message = "the API server writes no audit log"
    if not server.has("audit-log-path"):
        setting = server.setting("audit-log-path")
        webhook = server.has("audit-webhook-config-file")
        severity = Severity.LOW if webhook else None
        why = ("events go to the webhook of --audit-webhook-config-file alone",) if webhook else ()
        fix = server.put("audit-log-path", "-")
        yield from settled(server, setting, message, fix, severity, why)
