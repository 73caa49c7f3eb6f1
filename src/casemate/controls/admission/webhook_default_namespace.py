"""A webhook is answered from the namespace default.

Whoever may make pods and Services in default, where everything lands that names no namespace, may answer in
its place, or keep it from answering.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "admission-webhook-default-namespace",
    title="Webhook in the namespace default",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Run the webhook in a namespace of its own",
    standards=("CIS-Kubernetes-1.12:5.6.4", "NSA-CISA-1.2:namespaces"),
    area="admission_pod_standards",
)
def webhook_default_namespace(called: Called) -> Iterator[Fault]:
    service = called.webhook.client_config.service
    if service is not None and service.namespace == "default":
        yield Fault(
            message=f"{called.title} is answered from the namespace default",
            at=called.at("clientConfig", "service", "namespace"),
            why=("clientConfig.service.namespace is default",),
        )
