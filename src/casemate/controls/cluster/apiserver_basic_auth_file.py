"""Passwords in a file never end and stand there in plain text.

Kubernetes 1.19 removed the flag: a later API server does not start with it.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_absent
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-basic-auth-file",
    title="Passwords of users over HTTP basic",
    severity=Severity.HIGH,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Remove --basic-auth-file; Kubernetes 1.19 and later do not start with it",
    standards=(
        "NSA-CISA-1.2:authentication",
        "OWASP-Kubernetes-2022:K06",
        "OWASP-Kubernetes-2025:K09",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_basic_auth_file(server: ApiServer) -> Answers:
    message = "users are known by passwords that stand in a file in plain text"
    yield from must_be_absent(server, "basic-auth-file", message=message)
