"""Whoever may write events can fill etcd with them.

EventRateLimit takes only so many from each namespace, user or source; it needs a configuration of
its own.
"""

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.plugin_questions import must_run
from casemate.analysis.cluster.questions import Answers
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-apiserver-event-rate-limit",
    title="Events without a limit",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Add EventRateLimit to --enable-admission-plugins, with limits in the admission configuration",
    standards=(
        "CIS-Kubernetes-1.12:1.2.9",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="apiserver_flags_anonymous",
)
def apiserver_event_rate_limit(server: ApiServer) -> Answers:
    message = "nothing limits how many events are sent to the API server"
    yield from must_run(server, "EventRateLimit", message=message, edit=False)
