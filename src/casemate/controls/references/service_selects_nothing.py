"""A Service selects no pod that was read, so that it answers nobody.

Callers wait for time-outs. It is worse than an outage where somebody else may create pods in the
namespace: a pod with these labels gets the traffic that was meant for the missing one.
"""

from collections.abc import Iterator

from casemate.analysis.labelled_pods import LabelledPods
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.estate import Workload
from casemate.model.exposure import Service
from casemate.model.severity import Confidence, Severity


@control(
    "reference-service-selects-nothing",
    title="Service without pods",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.OUTAGE,
    remedy="Give the Service the labels of the pods it is for, or remove it",
    area="limits_concurrency_cost",
)
def service_selects_nothing(
    service: Service,
    pods: LabelledPods,
    workloads: Known[Workload],  # noqa: ARG001 # absence counts only where all were read
) -> Iterator[Fault]:
    selector = service.spec.selector
    if not selector or service.spec.type == "ExternalName":
        return
    if not any(pods.labelled(service.ref.namespace, selector)):
        words = ", ".join(f"{key}={value}" for key, value in sorted(selector.items()))
        yield Fault(
            message=f"no pod has the labels {words}",
            at=("spec", "selector"),
            why=("every workload was read", "a custom resource may still make such pods"),
        )
