"""Nothing keeps all pods of a replicated workload from being evicted at once.

Draining nodes for an upgrade evicts pods as fast as the API server takes it. Replicas are there so
that some stay; a disruption budget is what says so.
"""

from collections.abc import Iterator

from casemate.analysis.disruption import Disruption
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.governance import PodDisruptionBudget, ReplicatedWorkload
from casemate.model.severity import Severity


@control(
    "governance-missing-disruption-budget",
    title="Replicated workload without a disruption budget",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Add a PodDisruptionBudget with maxUnavailable: 1 that selects its pods",
    standards=("NSA-CISA-1.2:fault-tolerance",),
    area="limits_concurrency_cost",
)
def missing_disruption_budget(
    workload: ReplicatedWorkload,
    budgets: Known[PodDisruptionBudget],  # noqa: ARG001 # absence counts only where all were read
    disruption: Disruption,
) -> Iterator[Fault]:
    pods = disruption.least(workload)
    if pods < 2 or not workload.templates or disruption.budget_of(workload) is not None:
        return
    yield Fault(
        message="all pods of the workload may be evicted at once",
        at=("spec", "replicas"),
        why=(f"{pods} pods run, and no disruption budget selects them",),
    )
