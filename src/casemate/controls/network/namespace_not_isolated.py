"""No network policy isolates any pod of a namespace.

Every pod then takes connections from every other pod of the cluster, and may make any. One taken-over
workload reaches all databases, and the cloud's metadata.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.namespaces import NamespaceInUse, Namespaces
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, Unanswered, control
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
    namespace: NamespaceInUse, situation: Situation, namespaces: Namespaces
) -> Iterator[Fault | Unanswered]:
    if not namespaces.speaks(namespace) or not namespaces.workloads.get(namespace.name):
        return
    if not situation.has_policies and not situation.knows_policies:
        yield Unanswered("not every NetworkPolicy was read")
        return
    from casemate.analysis.network.exposed import exposed  # noqa: PLC0415 # start-up: the network is large

    found = list(exposed(situation, namespace.name))
    if not found:
        return
    if not situation.knows_policies:
        yield Unanswered("not every NetworkPolicy was read")
    elif situation.foreign:
        yield Unanswered(f"what the objects of kind {some(situation.foreign)} allow")
    else:
        for item in found:
            yield Fault(
                message=item.message,
                at=namespace.path,
                why=item.why,
                severity=None if item.inward else Severity.LOW,
            )
