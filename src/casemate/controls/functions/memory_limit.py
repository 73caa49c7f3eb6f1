"""A function may take all the memory of its node.

Functions run code of calls that somebody else chooses. One that leaks or is fed too much takes the
node's memory from its neighbours.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.functions import OpenFaasFunction
from casemate.model.severity import Severity


@control(
    "function-memory-limit",
    title="Function without a memory limit",
    severity=Severity.LOW,
    consequence=Consequence.STARVATION,
    remedy="Set spec.limits.memory to what the function has been measured to need",
    standards=("NSA-CISA-1.2:resource-policies", "MITRE:T1499"),
    area="limits_concurrency_cost",
)
def memory_limit(function: OpenFaasFunction) -> Iterator[Fault]:
    limits = function.spec.limits
    if limits is None or not limits.memory:
        yield Fault(
            message="the function may take all the memory of its node",
            at=("spec", "limits", "memory"),
            why=("limits.memory is not set",),
        )
