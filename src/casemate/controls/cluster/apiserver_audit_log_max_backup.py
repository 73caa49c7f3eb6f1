"""The audit log is rotated by the API server itself, and old parts are thrown away.

The benchmark asks for at least 10 files. The default was no limit of its own (0), and is 100 files since
1.36. What goes to standard output is rotated by others.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.audit_log import must_keep
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-audit-log-max-backup",
    title="Few old audit logs",
    severity=Severity.LOW,
    consequence=Consequence.UNSEEN,
    remedy="Set --audit-log-maxbackup=10 or more",
    standards=(
        "CIS-Kubernetes-1.12:1.2.18",
        "NSA-CISA-1.2:logging",
        "OWASP-Kubernetes-2022:K05",
        "OWASP-Kubernetes-2025:K10",
    ),
    area="audit_log_enabled",
    fixes=True,
)
def apiserver_audit_log_max_backup(server: ApiServer) -> Answers:
    message = "audit logs are kept in fewer than 10 old files, or without any limit"
    yield from must_keep(server, "audit-log-maxbackup", 10, message=message)
