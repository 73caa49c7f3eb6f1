"""A function keeps instances running that nobody calls.

What runs all the time is attacked all the time and paid for all the time. Often it is wanted, to
answer the first call quickly; then it is a decision to be seen.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.functions import KnativeService
from casemate.model.severity import Severity

_KEYS = ("autoscaling.knative.dev/min-scale", "autoscaling.knative.dev/minScale")
_PATH = ("spec", "template", "metadata", "annotations")


@control(
    "function-always-on",
    title="Function that does not scale to zero",
    severity=Severity.INFO,
    consequence=Consequence.STARVATION,
    remedy="Remove the lower bound, unless the first call must be answered at once",
    area="limits_concurrency_cost",
    fixes=True,
)
def always_on(service: KnativeService) -> Iterator[Fault]:
    notes = service.spec.template.metadata.annotations
    for key in _KEYS:
        value = notes.get(key)
        if value and value != "0":
            path = (*_PATH, key)
            yield Fault(
                message=f"at least {value} instances run, whether or not anybody calls",
                at=path,
                why=(f"{key} is {value}",),
                fix=Fix(safe=False, edits=(Edit("remove", path),)),
            )
