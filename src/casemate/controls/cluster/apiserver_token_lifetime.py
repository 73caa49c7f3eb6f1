"""Whoever may create tokens of a service account says how long they live, up to 136 years.

A limit keeps tokens in pipelines and on laptops from living for ever. The default 0 is no limit.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.durations import seconds
from casemate.analysis.cluster.questions import Answers, settled
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-token-lifetime",
    title="Tokens may be asked for with any lifetime",
    severity=Severity.INFO,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set --service-account-max-token-expiration, for example to 24h",
    standards=(
        "NSA-CISA-1.2:authentication",
        "NSA-CISA-1.2:service-account-tokens",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_token_lifetime(server: ApiServer) -> Answers:
    setting = server.setting("service-account-max-token-expiration")
    limit = seconds(setting.value)
    if limit is not None and (limit <= 0 or limit > 7 * 86_400):
        message = "a token of a service account may be asked for that lives longer than a week"
        fix = server.put("service-account-max-token-expiration", "24h")
        yield from settled(server, setting, message, fix)
