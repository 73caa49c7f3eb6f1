"""Nothing says by which certificates a webhook is known.

The API server then trusts the authorities of its own system, none of which signs for a Service: it refuses
to talk to the webhook until somebody writes a bundle.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called
from casemate.model.control import Consequence, Fault, Unanswered, control
from casemate.model.severity import Confidence, Severity


@control(
    "admission-webhook-without-ca",
    title="Webhook whose certificate nobody vouches for",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Set clientConfig.caBundle, or let cert-manager inject it",
    confidence=Confidence.LIKELY,
    standards=("NSA-CISA-1.2:encryption", "NIST-800-190:4.3.5"),
    area="admission_pod_standards",
)
def webhook_without_ca(called: Called) -> Iterator[Fault | Unanswered]:
    config = called.webhook.client_config
    entity = called.entity
    if config.service is None or any("inject-" in key for key in (*entity.annotations, *entity.labels)):
        return
    bundle = (config.ca_bundle or "").strip()
    if bundle in {"", "Cg=="}:
        yield Unanswered("who may write caBundle: many webhooks do so themselves when they start")
    elif bundle.startswith(("$", "{", "<")):
        yield Fault(
            message=f"nothing says by which certificate {called.title} is known",
            at=called.at("clientConfig", "caBundle"),
            why=(
                "caBundle is a placeholder",
                "no annotation asks cert-manager or the platform to fill it in",
            ),
        )
