"""Nothing says that asking the webhook changes nothing.

The API server refuses a dry run of every request that such a webhook would be asked about, so that a diff or
a server-side check before a rollout fails, and v1 of the API does not take the configuration.
"""

from collections.abc import Iterator

from casemate.analysis.admission import Called
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "admission-webhook-side-effects",
    title="Webhook with unknown side effects",
    severity=Severity.INFO,
    consequence=Consequence.MEANING,
    remedy="Set sideEffects: None, or NoneOnDryRun where the webhook keeps to that",
    area="admission_pod_standards",
)
def webhook_side_effects(called: Called) -> Iterator[Fault]:
    effects = called.webhook.side_effects
    if not called.is_beta or effects in {"None", "NoneOnDryRun"}:
        return
    yield Fault(
        message=f"dry runs of what {called.title} is asked about are refused",
        at=called.at("sideEffects"),
        why=(f"sideEffects is {effects}" if effects else "the default of v1beta1 is Unknown",),
    )
