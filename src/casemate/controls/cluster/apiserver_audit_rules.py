"""What is logged stands in the file that the flag names, and only there.

Where that file was not read, the question stays open, whatever other policies lie beside it. The API
server does not start with a policy that has no rules.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.program import FLAG
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.cluster_configs import AuditPolicy
from casemate.model.control import Consequence, Unanswered, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-audit-rules",
    title="What is logged is not known",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNSEEN,
    remedy="Give casemate the file that --audit-policy-file names, with rules in it",
    standards=(
        "CIS-Kubernetes-1.12:3.2.2",
        "NSA-CISA-1.2:logging",
    ),
    area="audit_log_enabled",
)
def apiserver_audit_rules(server: ApiServer) -> Answers:
    setting = server.setting("audit-policy-file")
    file = server.file("audit-policy-file", AuditPolicy)
    if isinstance(file, Unanswered) and setting.decided_by == FLAG:
        yield file
    elif isinstance(file, AuditPolicy) and not file.rules:
        message = "the policy of --audit-policy-file has no rules, so the API server does not start"
        yield from settled(server, setting, message, None)
