"""A field holds a value of a type that the Kubernetes API does not accept there.

The API server refuses the object, or an older client drops the field: either way what runs
is not what is written. The rest of the object is judged as if the value were corrected.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.estate import Entity
from casemate.model.severity import Severity


@control(
    "manifest-wrong-type",
    title="Value of a type that the API refuses",
    severity=Severity.MEDIUM,
    consequence=Consequence.MEANING,
    remedy="Write a value of the type that the API expects",
    area="admission_pod_standards",
)
def wrong_type(entity: Entity) -> Iterator[Fault]:
    for problem in entity.problems:
        if problem.kind == "wrong-type":
            yield Fault(message=problem.message, at=problem.path)
