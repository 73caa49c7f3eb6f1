"""Without a policy the API server logs no event, whatever else is set.

Who read which secret, ran a command in which pod or gave himself which right is then not known
afterwards.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-audit-policy",
    title="No audit policy",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNSEEN,
    remedy="Write an audit policy and name it with --audit-policy-file",
    standards=(
        "CIS-Kubernetes-1.12:3.2.1",
        "CIS-Kubernetes-1.12:3.2.2",
        "NSA-CISA-1.2:logging",
        "OWASP-Kubernetes-2022:K05",
        "OWASP-Kubernetes-2025:K10",
    ),
    area="audit_log_enabled",
)
def apiserver_audit_policy(server: ApiServer) -> Answers:
    message = "no request is logged, since the API server has no audit policy"
    yield from must_be_set(server, "audit-policy-file", message=message)
