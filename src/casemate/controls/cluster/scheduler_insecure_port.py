"""The old port of the scheduler asks for no credentials.

It serves metrics and profiles to whoever reaches it. Kubernetes 1.24 removed the flag.
"""

from casemate.analysis.cluster.addresses import is_loopback
from casemate.analysis.cluster.program import FLAG
from casemate.analysis.cluster.questions import Answers, settled
from casemate.analysis.cluster.scheduler import Scheduler
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-scheduler-insecure-port",
    title="A port of the scheduler without authentication",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Set --port=0",
    standards=(
        "NSA-CISA-1.2:control-plane-hardening",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="api_endpoint_exposure",
    fixes=True,
)
def scheduler_insecure_port(scheduler: Scheduler) -> Answers:
    setting = scheduler.setting("port")
    if setting.decided_by == FLAG and setting.number and scheduler.minor < 24:
        local = is_loopback(scheduler.setting("address").value or "")
        message = "the scheduler has a port without authentication"
        severity = Severity.LOW if local else None
        yield from settled(scheduler, setting, message, scheduler.put("port", "0"), severity)
