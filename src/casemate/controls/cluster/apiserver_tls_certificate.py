"""An API server without a certificate makes one up that is signed by nobody.

Clients then cannot tell it from somebody in between, and are told to skip the check.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be_set
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-tls-certificate",
    title="No certificate of its own",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --tls-cert-file and --tls-private-key-file",
    standards=(
        "CIS-Kubernetes-1.12:1.2.24",
        "NSA-CISA-1.2:encryption",
    ),
    area="apiserver_flags_anonymous",
)
def apiserver_tls_certificate(server: ApiServer) -> Answers:
    message = "the API server signs its own certificate, which nobody can check"
    yield from must_be_set(server, "tls-cert-file", "tls-private-key-file", message=message)
