"""A policy of Calico, Cilium, Istio or for the whole cluster selects no pod that was read.

Whoever wrote it believes that some pods are closed. They are as open as before. (NetworkPolicies are asked by
`reference-network-policy-selects-nothing`.)
"""

from collections.abc import Iterator

from casemate.analysis.network.situation import Situation
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.estate import Workload
from casemate.model.network_policy import ConnectionPolicy, NetworkPolicy
from casemate.model.severity import Confidence, Severity


@control(
    "network-policy-selects-nothing",
    title="Policy of a plugin or mesh without pods",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.EXPOSED,
    remedy="Give the policy the labels of the pods it is for, or remove it",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
)
def policy_selects_nothing(
    policy: ConnectionPolicy,
    situation: Situation,
    workloads: Known[Workload],  # noqa: ARG001 # absence counts only where all were read
) -> Iterator[Fault]:
    if isinstance(policy, NetworkPolicy):
        return
    found = situation.policies_of(policy)
    where = situation.network.reach.universe.where
    stranger = situation.network.reach.universe.stranger
    if found and not any(any(n != stranger for n in where(part.subjects).upper) for part in found):
        yield Fault(
            message="the policy selects no pod",
            at=("spec",),
            why=("every workload was read", "a custom resource may still make such pods"),
        )
