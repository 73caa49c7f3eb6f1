"""A function may grow to any number of instances.

Each call that waits makes Knative start another one. Whoever can call the function decides how much
of the cluster, and of the bill, it takes.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.functions import KnativeService
from casemate.model.severity import Severity

_KEYS = ("autoscaling.knative.dev/max-scale", "autoscaling.knative.dev/maxScale")
_PATH = ("spec", "template", "metadata", "annotations")


@control(
    "function-unlimited-scale",
    title="No limit of instances",
    severity=Severity.LOW,
    consequence=Consequence.STARVATION,
    remedy="Set the annotation autoscaling.knative.dev/max-scale on the template",
    standards=("MITRE:T1496",),
    area="limits_concurrency_cost",
    fixes=True,
)
def unlimited_scale(service: KnativeService) -> Iterator[Fault]:
    notes = service.spec.template.metadata.annotations
    key = next((name for name in _KEYS if notes.get(name) is not None), None)
    if key is None or notes[key] == "0":
        path = (*_PATH, key or _KEYS[0])
        yield Fault(
            message="the function may grow to any number of instances",
            at=path,
            why=(
                f"{key} is 0, which is no limit"
                if key
                else f"{_KEYS[0]} is not set, and the default is no limit",
            ),
            fix=Fix(safe=False, edits=(Edit("set", path, "10"),)),
        )
