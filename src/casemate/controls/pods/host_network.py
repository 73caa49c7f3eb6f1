"""A pod shares the network of its node.

It listens on the node's addresses, can watch other pods' traffic on the node with NET_RAW,
reaches services bound to the node's loopback (the kubelet's health port, cloud agents) and
the metadata service as the node does, and NetworkPolicies do not hold for it.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.role import role
from casemate.analysis.pods.softening import for_role
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-host-network",
    title="Network of the node",
    severity=Severity.HIGH,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove hostNetwork: true and expose what is needed through a Service",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.5",
        "CIS-Kubernetes-1.12:5.2.12",
        "NSA-CISA-1.2:host-network",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Remove network_mode: host and publish the ports that are needed",
)
def host_network(pod: Pod) -> Iterator[Fault]:
    if pod.spec.host_network:
        path = pod.at("hostNetwork")
        why: tuple[str, ...] = ("hostNetwork is true; NetworkPolicies do not hold for this pod",)
        severity, why = for_role(pod, Severity.HIGH, why)
        yield Fault(
            message="the pod uses the network of its node",
            at=path,
            why=why,
            severity=severity,
            fix=Fix(safe=False, edits=(Edit("remove", path),)) if role(pod) is None else None,
        )
