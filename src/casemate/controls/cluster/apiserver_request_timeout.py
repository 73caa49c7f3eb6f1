"""A request holds a place in the API server until it ends or times out.

The default of one minute is sound. Long timeouts let few slow callers take all places.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.durations import seconds
from casemate.analysis.cluster.questions import Answers, settled, unreadable
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-request-timeout",
    title="Requests that take too long",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Set --request-timeout to 300s or less",
    standards=(
        "CIS-Kubernetes-1.12:1.2.20",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def apiserver_request_timeout(server: ApiServer) -> Answers:
    setting = server.setting("request-timeout")
    limit = seconds(setting.value)
    if limit is None:
        yield unreadable(setting, "no length of time")
    elif limit > 300:
        message = "requests may hold the API server for more than five minutes"
        yield from settled(server, setting, message, server.put("request-timeout", "300s"))
    else:
        yield from server.missing("request-timeout")
