"""A condition asks about what the writer of an object may choose freely.

Only where every condition is true anybody is asked. One that reads labels, annotations or names of the object
lets its writer leave the check out.
"""

import re
from collections.abc import Iterator

from casemate.analysis.admission import Admitter
from casemate.analysis.listing import some
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity

_FREE = re.compile(r"\bobject\.metadata\.\??(labels|annotations|name|generateName)\b")


@control(
    "admission-match-condition",
    title="Check that the object's own words turn off",
    severity=Severity.LOW,
    consequence=Consequence.ADMITTED,
    remedy="Decide by who asks and by the namespace, not by what the object says of itself",
    confidence=Confidence.POSSIBLE,
    standards=("OWASP-Kubernetes-2022:K04", "OWASP-Kubernetes-2025:K04"),
    area="admission_pod_standards",
)
def match_condition(admitter: Admitter) -> Iterator[Fault]:
    if not admitter.validating or not admitter.guarded:
        return
    for index, condition in enumerate(admitter.conditions):
        found = sorted(set(_FREE.findall(condition.expression)))
        if found:
            yield Fault(
                message=f"a condition of {admitter.title} reads the object's own {some(found)}",
                at=(*admitter.conditions_at, index, "expression"),
                why=(
                    f"the condition {condition.name or '(no name)'} must be true for anybody to be asked",
                    f"it is asked about {some(admitter.guarded)}",
                ),
            )
