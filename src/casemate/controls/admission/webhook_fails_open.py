"""What a webhook cannot be asked about is let in.

An intruder who can stop the webhook, or make it slow, or who waits for a restart, is asked nothing. The API
version v1beta1 does so where nothing is said.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called, guarded
from casemate.analysis.listing import some
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Confidence, Severity


@control(
    "admission-webhook-fails-open",
    title="Webhook that lets in what it cannot be asked about",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Set failurePolicy: Fail, and run several replicas of the webhook",
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
    fixes=True,
)
def webhook_fails_open(called: Called) -> Iterator[Fault]:
    resources = guarded(called.webhook.rules)
    if called.failure_policy != "Ignore" or not resources:
        return
    path = called.at("failurePolicy")
    does = "let in" if called.validating else "let in unchanged"
    yield Fault(
        message=f"while {called.title} does not answer, everything is {does}",
        at=path,
        why=(
            "failurePolicy is Ignore"
            if called.webhook.failure_policy
            else "the default of v1beta1 is Ignore",
            f"it is asked about {some(resources)}",
        ),
        severity=Severity.MEDIUM if called.validating else Severity.LOW,
        confidence=Confidence.CERTAIN if called.validating else Confidence.LIKELY,
        fix=Fix(safe=False, edits=(Edit("set", path, "Fail"),)),
    )
