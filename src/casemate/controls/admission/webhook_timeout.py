"""The API server waits half a minute for a webhook.

Each request that it is asked about hangs for as long while it is down: rollouts, autoscaling and the
controllers of the cluster come to a stop, and clients give up before there is an answer.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_LONG = 30


@control(
    "admission-webhook-timeout",
    title="Webhook that is waited for too long",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Set timeoutSeconds to 10 or less",
    standards=("NSA-CISA-1.2:fault-tolerance",),
    area="admission_pod_standards",
    fixes=True,
)
def webhook_timeout(called: Called) -> Iterator[Fault]:
    if called.timeout < _LONG:
        return
    path = called.at("timeoutSeconds")
    said = called.webhook.timeout_seconds is not None
    yield Fault(
        message=f"each request waits up to {called.timeout} seconds for {called.title}",
        at=path,
        why=(f"timeoutSeconds is {called.timeout}" if said else "the default of v1beta1 is 30",),
        fix=Fix(safe=False, edits=(Edit("set", path, 10),)),
    )
