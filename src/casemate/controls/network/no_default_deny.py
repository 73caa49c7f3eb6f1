"""A namespace has no policy that isolates a pod which is made in it tomorrow.

Every pod of today is isolated by a policy of its own. The next workload is open to the whole cluster until
somebody remembers to write one.
"""

from collections.abc import Iterator

from casemate.analysis.namespaces import NamespaceInUse, Namespaces
from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.network_policy import NetworkPolicy
from casemate.model.severity import Severity


@control(
    "network-no-default-deny",
    title="Namespace without a policy for every pod",
    severity=Severity.LOW,
    consequence=Consequence.EXPOSED,
    remedy="Add a policy with an empty podSelector, no rules, and policyTypes Ingress and Egress",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
)
def no_default_deny(
    namespace: NamespaceInUse,
    situation: Situation,
    namespaces: Namespaces,
    policies: Known[NetworkPolicy],  # noqa: ARG001 # absence counts only where all were read
) -> Iterator[Fault]:
    if not namespaces.speaks(namespace) or not situation.has_policies or situation.foreign:
        return
    from casemate.analysis.network.isolation import Isolation  # noqa: PLC0415 # start-up: the network is large
    from casemate.analysis.network.policies import Direction  # noqa: PLC0415 # start-up: the same

    isolation = situation.derived(Isolation)
    open_ways = []
    for direction in Direction:
        found = isolation.of(namespace.name, direction)
        whole = bool(found.closed) and not found.open and not found.unsure
        if whole and not isolation.closes_new_pods(namespace.name, direction):
            open_ways.append(direction.value)
    if open_ways:
        yield Fault(
            message=f"a new pod in {namespace.name} is not isolated ({' and '.join(open_ways)})",
            at=namespace.path,
            why=("policies isolate every workload that was read by its labels", "none selects every pod"),
        )
