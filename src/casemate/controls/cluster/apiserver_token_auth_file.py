"""Tokens in a file never end, stand there in plain text, and are only changed by a restart.

Whoever reads the file once is that user until somebody notices, rewrites it and restarts every API
server.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_absent
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-token-auth-file",
    title="Passwords of users in a file",
    severity=Severity.HIGH,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Remove --token-auth-file, and let users come by OIDC, certificates or a webhook",
    standards=(
        "CIS-Kubernetes-1.12:1.2.2",
        "NSA-CISA-1.2:authentication",
        "OWASP-Kubernetes-2022:K06",
        "OWASP-Kubernetes-2025:K09",
        "MITRE:T1552.001",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_token_auth_file(server: ApiServer) -> Answers:
    message = "users are known by tokens that stand in a file in plain text"
    yield from must_be_absent(server, "token-auth-file", message=message)
