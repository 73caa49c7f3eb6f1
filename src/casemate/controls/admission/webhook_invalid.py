"""The API server does not take the webhook.

The whole configuration is refused: what it was to keep out is let in, while its manifest says that somebody
is asked.
"""

from collections import Counter
from collections.abc import Iterator

from casemate.analysis.admission import Called
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_EFFECTS = ("None", "NoneOnDryRun")
_REVIEWS = ("v1", "v1beta1")
_SEGMENTS = 3


@control(
    "admission-webhook-invalid",
    title="Webhook that the API server refuses",
    severity=Severity.MEDIUM,
    consequence=Consequence.ADMITTED,
    remedy="Write what the API asks for",
    area="admission_pod_standards",
)
def webhook_invalid(called: Called) -> Iterator[Fault]:
    hook, title = called.webhook, called.title
    if not called.is_beta:
        if hook.side_effects not in _EFFECTS:
            said = f"is {hook.side_effects}" if hook.side_effects else "is not set"
            yield _fault(called, f"{title} must say sideEffects: None or NoneOnDryRun", "sideEffects", said)
        if not set(_REVIEWS) & set(hook.admission_review_versions):
            said = "holds neither v1 nor v1beta1"
            where = "admissionReviewVersions"
            yield _fault(called, f"{title} must name a version of reviews that it understands", where, said)
    if hook.failure_policy not in {None, "Fail", "Ignore"}:
        yield _fault(called, f"{title} must fail by Fail or Ignore", "failurePolicy", "is neither of them")
    if hook.timeout_seconds is not None and not 1 <= hook.timeout_seconds <= 30:
        said = f"is {hook.timeout_seconds}"
        yield _fault(called, f"{title} must be waited for 1 to 30 seconds", "timeoutSeconds", said)
    config = hook.client_config
    if (config.url is None) == (config.service is None):
        said = "names neither" if config.url is None else "names both"
        yield _fault(called, f"{title} must be at either a url or a service", "clientConfig", said)
    elif config.url is not None and not config.url.lower().startswith("https://"):
        yield Fault(
            message=f"{title} must be reached by https",
            at=called.at("clientConfig", "url"),
            why=("clientConfig.url has another scheme",),
        )
    name = hook.name or ""
    if len([part for part in name.split(".") if part]) < _SEGMENTS:
        said = "has fewer than three parts between dots"
        yield _fault(called, f"{title} must have a full name such as check.shop.example", "name", said)
    elif Counter(other.name for other in called.entity.webhooks)[name] > 1:
        yield _fault(called, f"{title} must have a name of its own", "name", "is that of another webhook too")


def _fault(called: Called, message: str, field: str, said: str) -> Fault:
    return Fault(message=message, at=called.at(field), why=(f"{field} {said}",))
