"""A NetworkPolicy selects no pod that was read, so that it fences nothing in.

Whoever wrote it believes that some pods are closed. They are as open as before.
"""

from collections.abc import Iterator

from casemate.analysis.labelled_pods import LabelledPods
from casemate.analysis.selectors import is_empty, selects
from casemate.model.control import Consequence, Fault, Known, control
from casemate.model.estate import Workload
from casemate.model.network_policy import NetworkPolicy
from casemate.model.severity import Confidence, Severity


@control(
    "reference-network-policy-selects-nothing",
    title="NetworkPolicy without pods",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.EXPOSED,
    remedy="Give the policy the labels of the pods it is for, or remove it",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
)
def network_policy_selects_nothing(
    policy: NetworkPolicy,
    pods: LabelledPods,
    workloads: Known[Workload],  # noqa: ARG001 # absence counts only where all were read
) -> Iterator[Fault]:
    selector = policy.spec.pod_selector
    if is_empty(selector):
        return
    if not any(pods.where(policy.ref.namespace, lambda labels: selects(selector, labels))):
        yield Fault(
            message="the policy selects no pod",
            at=("spec", "podSelector"),
            why=("every workload was read", "a custom resource may still make such pods"),
        )
