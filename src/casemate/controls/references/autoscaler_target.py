"""An autoscaler scales a workload that is not there.

Nothing is scaled: load that it was meant to meet takes the workload down, and so does whoever
makes such load on purpose.
"""

from collections.abc import Iterator

from casemate.analysis.named import Named
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.estate import Workload
from casemate.model.governance import HorizontalPodAutoscaler
from casemate.model.severity import Severity


@control(
    "reference-autoscaler-target",
    title="Autoscaler without its workload",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Name the workload to scale in spec.scaleTargetRef, or remove the autoscaler",
    area="limits_concurrency_cost",
)
def autoscaler_target(
    autoscaler: HorizontalPodAutoscaler,
    workloads: Known[Workload],  # noqa: ARG001 # absence counts only where all were read
    objects: Named,
) -> Iterator[Fault]:
    target = autoscaler.spec.scale_target_ref
    found = any(objects.find(target.kind, target.name, autoscaler.ref.namespace))
    if target.kind in _BUILT_IN and not found:
        yield Fault(
            message=f"there is no {target.kind} {target.name}",
            at=("spec", "scaleTargetRef", "name"),
            why=("every workload was read",),
        )


_BUILT_IN = frozenset(("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"))
"""Kinds that can be scaled and are surely read; others may be scaled by a controller of their own."""
