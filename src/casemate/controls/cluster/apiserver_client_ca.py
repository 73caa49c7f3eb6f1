"""Nodes and control plane programs prove who they are by certificates of this CA.

Without it they need tokens in files, which never end.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-client-ca",
    title="No CA for clients",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --client-ca-file",
    standards=(
        "CIS-Kubernetes-1.12:1.2.25",
        "NSA-CISA-1.2:authentication",
    ),
    area="apiserver_flags_anonymous",
)
def apiserver_client_ca(server: ApiServer) -> Answers:
    message = "clients cannot come by certificate, since the API server knows no CA for them"
    yield from must_be_set(server, "client-ca-file", message=message)
