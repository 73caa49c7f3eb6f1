"""Pods of a namespace may talk to, or be called by, everything in the cluster.

Without a policy that selects it, a pod takes connections from every other pod, and may make any. One
taken-over workload then reaches all databases and the cloud's metadata.
"""

from collections.abc import Iterator

from casemate.analysis.isolation import Isolation, some
from casemate.analysis.namespaces import NamespaceInUse, Namespaces
from casemate.model.control import Consequence, Fault, Known, Unanswered, control
from casemate.model.network_policy import NetworkPolicy
from casemate.model.severity import Severity


@control(
    "governance-missing-network-policy",
    title="Namespace with pods that no network policy isolates",
    severity=Severity.MEDIUM,
    consequence=Consequence.EXPOSED,
    remedy="Add a policy that selects every pod and allows nothing, then allow what is needed",
    standards=(
        "CIS-Kubernetes-1.12:5.3.2",
        "NSA-CISA-1.2:network-policies",
        "OWASP-Kubernetes-2022:K07",
        "OWASP-Kubernetes-2025:K05",
        "NIST-800-190:4.3.3",
    ),
    area="netpol_rules_egress",
)
def missing_network_policy(
    namespace: NamespaceInUse,
    policies: Known[NetworkPolicy],  # noqa: ARG001 # absence counts only where all were read
    isolation: Isolation,
    namespaces: Namespaces,
) -> Iterator[Fault | Unanswered]:
    if not namespaces.speaks(namespace):
        return
    inward, outward = isolation.open(namespaces.workloads.get(namespace.name, []))
    others = isolation.others(namespace.name)
    if others and (inward or outward):
        yield Unanswered(f"what the objects of kind {some(others)} allow")
        return
    if inward:
        yield Fault(
            message=f"pods of {namespace.name} take connections from every pod of the cluster",
            at=namespace.path,
            why=(f"no network policy for ingress selects all pods of {some(inward)}",),
        )
    if outward:
        yield Fault(
            message=f"pods of {namespace.name} may connect to everything",
            at=namespace.path,
            why=(f"no network policy for egress selects all pods of {some(outward)}",),
            severity=Severity.LOW,
        )
