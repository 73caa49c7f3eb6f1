"""A key is given twice in one map, and only the last one counts.

A reviewer reads the first value, the API server takes the last one. Strict validation
refuses such an object; readers that do not validate let it through in silence.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.estate import Entity
from casemate.model.severity import Severity


@control(
    "manifest-duplicate-key",
    title="Key given twice",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Remove all but the value that is meant",
    area="admission_pod_standards",
)
def duplicate_key(entity: Entity) -> Iterator[Fault]:
    for problem in entity.problems:
        if problem.kind == "duplicate-key":
            yield Fault(message=problem.message, at=problem.path)
