"""A webhook that may refuse requests is passed over when it does not answer.

With failurePolicy NoOpinion the next authorizer decides, as if the webhook had nothing against it.
"""

from collections.abc import Iterator

from casemate.model.cluster_configs import AuthorizationConfiguration
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Confidence, Severity


@control(
    "cluster-authorization-webhook-open",
    title="Authorization webhook that fails open",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.CONTROL_PLANE,
    remedy="Set failurePolicy: Deny, and matchConditions that spare what the webhook itself needs",
    standards=("NSA-CISA-1.2:rbac", "OWASP-Kubernetes-2025:K02"),
    area="apiserver_flags_anonymous",
    fixes=True,
)
def authorization_webhook_open(config: AuthorizationConfiguration) -> Iterator[Fault]:
    for index, one in enumerate(config.authorizers):
        webhook = one.webhook
        behind = [other.type for other in config.authorizers[index + 1 :] if other.type != "AlwaysDeny"]
        if one.type != "Webhook" or webhook is None or webhook.failure_policy != "NoOpinion" or not behind:
            continue
        why = [f"{', '.join(name or 'something' for name in behind)} decides instead"]
        if webhook.match_conditions:
            why.append("it is asked only where its matchConditions hold, which are not evaluated here")
        at = ("authorizers", index, "webhook", "failurePolicy")
        yield Fault(
            message=f"when the webhook {one.name or 'without a name'} does not answer, its refusals are lost",
            at=at,
            why=tuple(why),
            fix=Fix(safe=False, edits=(Edit("set", at, "Deny"),)),
        )
