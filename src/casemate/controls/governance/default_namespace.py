"""A workload runs in the namespace default.

What is in `default` shares its quotas, policies and rights with everything that somebody forgot to
place. Rights and network policies for one of them are rights for all.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.estate import Workload
from casemate.model.severity import Severity


@control(
    "governance-default-namespace",
    title="Workload in the namespace default",
    severity=Severity.LOW,
    consequence=Consequence.UNGOVERNED,
    remedy="Give the application a namespace of its own",
    standards=("CIS-Kubernetes-1.12:5.6.4", "NSA-CISA-1.2:namespaces"),
    area="k8s_rbac",
)
def default_namespace(workload: Workload) -> Iterator[Fault]:
    if workload.ref.namespace == "default":
        yield Fault(
            message="the workload runs in the namespace default",
            at=("metadata", "namespace"),
            why=("metadata.namespace is default",),
        )
