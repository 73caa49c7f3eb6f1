"""A disruption budget selects no pods.

It was written to keep something running, and protects nothing: a label has changed, or the namespace
is another. Nobody notices until nodes are drained.
"""

from collections.abc import Iterator

from casemate.analysis.disruption import Disruption
from casemate.analysis.listing import some
from casemate.analysis.selectors import is_valid
from casemate.model.control import Consequence, Fault, Known, Unanswered, control
from casemate.model.estate import Workload
from casemate.model.governance import PodDisruptionBudget
from casemate.model.severity import Confidence, Severity


@control(
    "governance-idle-disruption-budget",
    title="Disruption budget that selects nothing",
    severity=Severity.LOW,
    consequence=Consequence.OUTAGE,
    remedy="Select the labels that the pods have",
    confidence=Confidence.LIKELY,
    standards=("NSA-CISA-1.2:fault-tolerance",),
    area="limits_concurrency_cost",
)
def idle_disruption_budget(
    budget: PodDisruptionBudget,
    workloads: Known[Workload],  # noqa: ARG001 # absence counts only where all were read
    disruption: Disruption,
) -> Iterator[Fault | Unanswered]:
    if disruption.covered(budget):
        return
    selector = budget.spec.selector
    unseen = disruption.unseen(budget)
    if selector is None:
        why = "it has no selector, which selects nothing"
    elif not is_valid(selector):
        why = "the API server refuses an expression of the selector"
    elif unseen:
        yield Unanswered(f"the pods that the controllers of {some(unseen)} make")
        return
    else:
        why = "no workload that was read has pods with these labels in the namespace"
    yield Fault(message="the budget selects no pods", at=("spec", "selector"), why=(why,))
