"""A disruption budget lets no pod be evicted, ever.

Nodes with such a pod cannot be drained. Upgrades stall, or somebody forces them and takes down what
the budget was to protect; nodes stay unpatched until then.
"""

from collections.abc import Iterator

from casemate.analysis.disruption import Disruption, blocked
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.governance import PodDisruptionBudget
from casemate.model.severity import Confidence, Severity


@control(
    "governance-blocking-disruption-budget",
    title="Disruption budget that blocks every eviction",
    severity=Severity.MEDIUM,
    consequence=Consequence.OUTAGE,
    remedy="Use maxUnavailable: 1, and run at least two pods",
    standards=("NSA-CISA-1.2:fault-tolerance",),
    area="limits_concurrency_cost",
    fixes=True,
)
def blocking_disruption_budget(budget: PodDisruptionBudget, disruption: Disruption) -> Iterator[Fault]:
    certain = blocked(budget, None)
    why = certain or blocked(budget, disruption.pods(budget))
    if why is None:
        return
    spec = budget.spec
    field = "minAvailable" if spec.max_unavailable is None else "maxUnavailable"
    edit = Edit("set", ("spec", "maxUnavailable"), 1)
    yield Fault(
        message="no pod that the budget selects can be evicted",
        at=("spec", field),
        why=(why,),
        confidence=Confidence.CERTAIN if certain else Confidence.LIKELY,
        fix=Fix(
            safe=False,
            edits=(edit,) if field == "maxUnavailable" else (Edit("remove", ("spec", "minAvailable")), edit),
        ),
    )
