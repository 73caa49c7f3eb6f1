"""The audit log is rotated by the API server itself, and old parts are thrown away.

The benchmark asks for at least 30 days. The default was no limit of its own (0), and is 366 days since
1.36. What goes to standard output is rotated by others.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.audit_log import must_keep
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-audit-log-max-age",
    title="Audit logs without an age",
    severity=Severity.LOW,
    consequence=Consequence.UNSEEN,
    remedy="Set --audit-log-maxage=30 or more",
    standards=(
        "CIS-Kubernetes-1.12:1.2.17",
        "NSA-CISA-1.2:logging",
        "OWASP-Kubernetes-2022:K05",
        "OWASP-Kubernetes-2025:K10",
    ),
    area="audit_log_enabled",
    fixes=True,
)
def apiserver_audit_log_max_age(server: ApiServer) -> Answers:
    message = "audit logs are kept for less than 30 days, or without any limit"
    yield from must_keep(server, "audit-log-maxage", 30, message=message)
