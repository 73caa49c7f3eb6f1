"""Only what runs on the same host has to ask the scheduler.

By default it listens on all addresses. Metrics and health are behind authentication, but a flaw in
front of it is open to the whole network.
"""

from casemate.analysis.cluster.addresses import is_loopback
from casemate.analysis.cluster.questions import Answers, settled
from casemate.analysis.cluster.scheduler import Scheduler
from casemate.model.control import Consequence, control
from casemate.model.severity import Severity


@control(
    "cluster-scheduler-bind-address",
    title="The scheduler listens to the network",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Set --bind-address=127.0.0.1",
    standards=(
        "CIS-Kubernetes-1.12:1.4.2",
        "NSA-CISA-1.2:control-plane-hardening",
        "OWASP-Kubernetes-2022:K09",
    ),
    area="api_endpoint_exposure",
    fixes=True,
)
def scheduler_bind_address(scheduler: Scheduler) -> Answers:
    setting = scheduler.setting("bind-address")
    if not is_loopback(setting.value or "") and scheduler.setting("secure-port").value != "0":
        message = "the scheduler listens to the network"
        yield from settled(scheduler, setting, message, scheduler.put("bind-address", "127.0.0.1"))
