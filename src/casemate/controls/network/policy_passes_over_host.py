"""A network policy names the labels of a pod that runs on the network of its node.

Such a pod is its node: policies do not select it, and what it listens at is open on the node's addresses.
Whoever wrote the policy believes that it is fenced in.
"""

from collections.abc import Iterator

from casemate.analysis.listing import some
from casemate.analysis.network.situation import Situation
from casemate.analysis.selectors import is_empty, selects
from casemate.model.control import Consequence, Fault, control
from casemate.model.estate import KUBERNETES, Workload
from casemate.model.severity import Confidence, Severity


@control(
    "network-policy-passes-over-host",
    title="Pod on the node's network that a policy is meant for",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.EXPOSED,
    remedy="Give the pod a network of its own, or limit the node by a firewall or policies for hosts",
    standards=("NSA-CISA-1.2:network-policies", "OWASP-Kubernetes-2022:K07", "OWASP-Kubernetes-2025:K05"),
    area="netpol_rules_egress",
)
def policy_passes_over_host(workload: Workload, situation: Situation) -> Iterator[Fault]:
    near = situation.named_policies.get(workload.ref.namespace, ()) if situation.has_policies else ()
    for template in workload.templates if near else ():
        found = sorted(
            policy.name
            for policy in near
            if not is_empty(policy.spec.pod_selector) and selects(policy.spec.pod_selector, template.labels)
        )
        if found and template.engine == KUBERNETES and template.spec.host_network:
            yield Fault(
                message=f"network policy {some(found)} does not hold for the pod: it uses the node's network",
                at=(*template.path, "hostNetwork"),
                why=("its labels are those that the policy selects", "hostNetwork: true"),
            )
