"""One instance of a function takes any number of calls at once.

Knative's default sets no hard limit. A burst of calls then runs one instance out of memory, and the
calls of all others fail with it.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.functions import KnativeService
from casemate.model.severity import Severity


@control(
    "function-unlimited-concurrency",
    title="No limit of calls per instance",
    severity=Severity.INFO,
    consequence=Consequence.STARVATION,
    remedy="Set containerConcurrency to what one instance has been measured to bear",
    area="limits_concurrency_cost",
)
def unlimited_concurrency(service: KnativeService) -> Iterator[Fault]:
    limit = service.spec.template.spec.container_concurrency
    if not limit:
        yield Fault(
            message="one instance takes any number of calls at once",
            at=("spec", "template", "spec", "containerConcurrency"),
            why=(
                "containerConcurrency is not set, and the default is no limit"
                if limit is None
                else "containerConcurrency: 0 is no limit",
            ),
        )
