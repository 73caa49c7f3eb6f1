"""Traffic reaches a container before it can answer, and while it cannot.

Without a readiness probe a container counts as ready as soon as its process runs. Callers get
errors at every rollout, and a stuck instance stays among those that are asked.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.serving import serves
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-readiness-probe",
    title="No readiness probe",
    severity=Severity.INFO,
    consequence=Consequence.OUTAGE,
    remedy="Add a readinessProbe that asks what the container needs in order to answer",
    area="limits_concurrency_cost",
)
def readiness_probe(container: Container) -> Iterator[Fault]:
    if serves(container) and container.spec.readiness_probe is None:
        yield Fault(
            message=f"container {container.name} gets traffic whether or not it can answer",
            at=container.at("readinessProbe"),
            why=("it declares ports and has no readinessProbe",),
        )
