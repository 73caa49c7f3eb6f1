"""Containers of a namespace that ask for nothing get no limits.

One forgotten field is enough for a container to take the memory of its node. A LimitRange gives
defaults to what says nothing, and refuses what asks for too much.
"""

from collections.abc import Iterator

from casemate.analysis.namespaces import NamespaceInUse, Namespaces, may_be_in
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.governance import LimitRange
from casemate.model.severity import Severity


@control(
    "governance-missing-limit-range",
    title="Namespace without default limits",
    severity=Severity.LOW,
    consequence=Consequence.STARVATION,
    remedy="Add a LimitRange with default requests and limits",
    standards=("NSA-CISA-1.2:resource-policies", "MITRE:T1496"),
    area="limits_concurrency_cost",
)
def missing_limit_range(
    namespace: NamespaceInUse, known: Known[LimitRange], namespaces: Namespaces
) -> Iterator[Fault]:
    if not namespaces.speaks(namespace) or namespace.name not in namespaces.workloads:
        return
    if not any(may_be_in(found, namespace.name) for found in known):
        yield Fault(
            message=f"nothing says what a container gets that asks for nothing: {namespace.name}",
            at=namespace.path,
            why=("no LimitRange is in the namespace",),
        )
