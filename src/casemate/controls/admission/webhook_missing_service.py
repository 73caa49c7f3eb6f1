"""A webhook is at a Service that is not there.

Nobody answers: with Ignore everything is let in, and with Fail nothing that it is asked about can be made.
Whoever may make a Service of that name answers in its place where its certificate is not checked.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.exposure import Service
from casemate.model.severity import Severity


@control(
    "admission-webhook-missing-service",
    title="Webhook at a Service that is not there",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Name the Service of the webhook, or remove the configuration",
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
)
def webhook_missing_service(called: Called, services: Known[Service]) -> Iterator[Fault]:
    service = called.webhook.client_config.service
    if service is None or not service.name or not service.namespace:
        return
    near = {service.namespace, None}
    if any(found.ref.name == service.name and found.ref.namespace in near for found in services):
        return
    then = "let in" if called.failure_policy == "Ignore" else "refused"
    yield Fault(
        message=f"{called.title} is at the Service {service.namespace}/{service.name}, which is not there",
        at=called.at("clientConfig", "service", "name"),
        why=(f"failurePolicy is {called.failure_policy}: what it is asked about is {then}",),
    )
