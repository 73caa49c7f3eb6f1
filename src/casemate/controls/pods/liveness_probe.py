"""A container that hangs is never restarted.

Kubernetes restarts what ends. A process that still runs and does nothing more is noticed by a
liveness probe only.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.serving import serves
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-liveness-probe",
    title="No liveness probe",
    severity=Severity.INFO,
    consequence=Consequence.OUTAGE,
    remedy="Add a livenessProbe that fails only when a restart helps",
    area="limits_concurrency_cost",
)
def liveness_probe(container: Container) -> Iterator[Fault]:
    if serves(container) and container.spec.liveness_probe is None:
        yield Fault(
            message=f"container {container.name} is not restarted when it hangs",
            at=container.at("livenessProbe"),
            why=("it declares ports and has no livenessProbe",),
        )
