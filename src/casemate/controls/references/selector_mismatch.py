"""A workload's selector does not select the pods that its own template makes.

The API server refuses such an object, so that what was meant to be changed stays as it was: an old
version with an old fault goes on running.
"""

from collections.abc import Iterator

from casemate.analysis.selectors import selects
from casemate.model.control import Consequence, Fault, control
from casemate.model.governance import ReplicatedWorkload
from casemate.model.severity import Severity


@control(
    "reference-selector-mismatch",
    title="Selector that misses its own pods",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Give the template every label that the selector asks for",
    area="admission_pod_standards",
)
def selector_mismatch(workload: ReplicatedWorkload) -> Iterator[Fault]:
    selector = workload.spec.selector
    for template in workload.templates:
        if selector is not None and not selects(selector, template.labels):
            labels = ", ".join(f"{key}={value}" for key, value in sorted(template.labels.items()))
            yield Fault(
                message="the selector does not select the pods of the workload's own template",
                at=("spec", "selector"),
                why=(f"the template's labels are {labels}" if labels else "the template has no labels",),
            )
