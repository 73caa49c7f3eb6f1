"""No network policy isolates any pod of a namespace.

Every pod then takes connections from every other pod of the cluster, and may make any. One taken-over
workload reaches all databases, and the cloud's metadata.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.namespaces import NamespaceInUse, Namespaces
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, Known, Unanswered, control
from casemate.model.network_policy import NetworkPolicy
from casemate.model.severity import Severity


@control(
    "network-namespace-not-isolated",
    title="Namespace whose pods no network policy isolates",
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
def namespace_not_isolated(
    namespace: NamespaceInUse,
    situation: Situation,
    namespaces: Namespaces,
    policies: Known[NetworkPolicy],  # noqa: ARG001 # absence counts only where all were read
) -> Iterator[Fault | Unanswered]:
    if not namespaces.speaks(namespace) or not namespaces.workloads.get(namespace.name):
        return
    if situation.has_policies or situation.knows_policies:
        yield from _open_ways(namespace, situation)
    else:
        yield Unanswered("not every NetworkPolicy was read")


def _open_ways(namespace: NamespaceInUse, situation: Situation) -> Iterator[Fault | Unanswered]:
    from casemate.analysis.network.exposed import exposed  # noqa: PLC0415 # start-up: the network is large

    found = list(exposed(situation, namespace.name))
    if found and situation.foreign:
        yield Unanswered(f"what the objects of kind {some(situation.foreign)} allow")
        return
    for item in found:
        yield Fault(
            message=item.message,
            at=namespace.path,
            why=item.why,
            severity=None if item.inward else Severity.LOW,
        )
