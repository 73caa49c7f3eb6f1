"""A StatefulSet names a Service that is not there to give its pods their names.

The pods have no stable names in DNS, so that the members of a database do not find each other.
Whoever may create Services in the namespace can put one there and answer for them.
"""

from collections.abc import Iterator

from casemate.analysis.named import Named
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.exposure import Service
from casemate.model.governance import ReplicatedWorkload
from casemate.model.severity import Severity


@control(
    "reference-governing-service",
    title="StatefulSet without its Service",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Add the headless Service that spec.serviceName names",
    area="limits_concurrency_cost",
)
def governing_service(
    workload: ReplicatedWorkload,
    services: Known[Service],  # noqa: ARG001 # absence counts only where all were read
    objects: Named,
) -> Iterator[Fault]:
    name = workload.spec.service_name
    if workload.ref.kind != "StatefulSet" or not name:
        return
    if not any(objects.find("Service", name, workload.ref.namespace)):
        yield Fault(
            message=f"there is no Service {name}",
            at=("spec", "serviceName"),
            why=("every Service was read",),
        )
