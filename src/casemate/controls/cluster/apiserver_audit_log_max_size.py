"""The audit log is rotated by the API server itself, and old parts are thrown away.

The benchmark asks for files of at least 100 megabytes, said by the flag; since 1.36 that is the default.
What goes to standard output is rotated by others.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.audit_log import must_keep
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-audit-log-max-size",
    title="Small audit logs",
    severity=Severity.LOW,
    consequence=Consequence.UNSEEN,
    remedy="Set --audit-log-maxsize=100 or more",
    standards=(
        "CIS-Kubernetes-1.12:1.2.19",
        "NSA-CISA-1.2:logging",
        "OWASP-Kubernetes-2022:K05",
        "OWASP-Kubernetes-2025:K10",
    ),
    area="audit_log_enabled",
    fixes=True,
)
def apiserver_audit_log_max_size(server: ApiServer) -> Answers:
    message = "files of the audit log are not set to hold 100 megabytes"
    yield from must_keep(server, "audit-log-maxsize", 100, message=message)
