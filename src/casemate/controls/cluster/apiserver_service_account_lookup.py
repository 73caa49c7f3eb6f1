"""With the lookup, a token counts only while its account and its Secret are there.

Without it deleting them changes nothing for whoever has the token. It is on by default.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.questions import Answers, must_be
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-service-account-lookup",
    title="Tokens of accounts that are gone",
    severity=Severity.MEDIUM,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Remove --service-account-lookup=false",
    standards=(
        "CIS-Kubernetes-1.12:1.2.21",
        "NSA-CISA-1.2:authentication",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_service_account_lookup(server: ApiServer) -> Answers:
    message = "tokens of service accounts count even after the account or the token was deleted"
    yield from must_be(server, "service-account-lookup", wanted=True, message=message)
