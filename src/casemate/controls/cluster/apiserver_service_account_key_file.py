"""Tokens of service accounts are checked with a key of their own.

Where none is named, the server's TLS key is used: renewing the certificate then ends every token,
and whoever has that key makes tokens of any service account.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-service-account-key-file",
    title="No key of its own for service accounts",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --service-account-key-file",
    standards=(
        "CIS-Kubernetes-1.12:1.2.22",
        "NSA-CISA-1.2:authentication",
    ),
    area="apiserver_flags_anonymous",
)
def apiserver_service_account_key_file(server: ApiServer) -> Answers:
    message = "tokens of service accounts are checked with the key of the API server's own certificate"
    if not server.has("service-account-signing-endpoint"):
        yield from must_be_set(server, "service-account-key-file", message=message)
