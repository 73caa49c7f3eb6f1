"""A container may forge packets or reconfigure its network.

NET_RAW answers for other pods' addresses (ARP and DNS spoofing) and listens; NET_ADMIN changes
routes and firewall rules. With hostNetwork it is the network of the node, of all its pods.
NET_BIND_SERVICE only opens ports below 1024 and is not reported.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.capabilities import Group, added
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity

_HOST = "hostNetwork is true: it is the network of the node"
_ON_THE_NODE = {"NET_ADMIN": (Severity.HIGH, _HOST), "NET_RAW": (Severity.HIGH, _HOST)}


@control(
    "pod-capability-network",
    title="Capability over the network",
    severity=Severity.MEDIUM,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove it from capabilities.add",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.2.8",
        "CIS-Kubernetes-1.12:5.2.9",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:capabilities",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Remove it from cap_add",
)
def capability_network(container: Container) -> Iterator[Fault]:
    worse = _ON_THE_NODE if container.pod.spec.host_network else {}
    return added(container, Group.NETWORK, worse)
