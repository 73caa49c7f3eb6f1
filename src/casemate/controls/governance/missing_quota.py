"""A namespace may use all that the cluster has.

One team, one runaway Job or one intruder who mines takes memory, CPU, disks and load balancers from
all others, until the cluster has no more.
"""

from collections.abc import Iterator

from casemate.analysis.namespaces import NamespaceInUse, Namespaces, may_be_in
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.governance import ResourceQuota
from casemate.model.severity import Severity


@control(
    "governance-missing-quota",
    title="Namespace without a resource quota",
    severity=Severity.LOW,
    consequence=Consequence.STARVATION,
    remedy="Add a ResourceQuota for memory, CPU and the number of objects",
    standards=("NSA-CISA-1.2:resource-policies", "MITRE:T1496"),
    area="limits_concurrency_cost",
)
def missing_quota(
    namespace: NamespaceInUse, known: Known[ResourceQuota], namespaces: Namespaces
) -> Iterator[Fault]:
    if not namespaces.speaks(namespace) or namespace.name not in namespaces.workloads:
        return
    if not any(may_be_in(found, namespace.name) for found in known):
        yield Fault(
            message=f"nothing says how much the namespace may use: {namespace.name}",
            at=namespace.path,
            why=("no ResourceQuota is in the namespace",),
        )
