"""A pod sets a kernel parameter that is not among the safe ones.

Such a parameter may act on other pods of the node, or use up memory that is counted for nobody.
The kubelet refuses the pod unless that parameter was allowed on the node, so someone has opened
the node for it.
"""

from collections.abc import Iterator

from casemate.analysis.pod_security.checks.sysctls import SAFE
from casemate.analysis.pods import Pod
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "pod-unsafe-sysctl",
    title="Unsafe kernel parameter",
    severity=Severity.MEDIUM,
    consequence=Consequence.NEIGHBOURS,
    remedy="Remove it, or set it on dedicated nodes when they are made",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.6.3",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
)
def unsafe_sysctl(pod: Pod, version: KubernetesVersion) -> Iterator[Fault]:
    if pod.windows or not pod.context.sysctls:
        return
    safe = max((since, names) for since, names in SAFE if since <= version)[1]
    for index, sysctl in enumerate(pod.context.sysctls):
        name = sysctl.name or ""
        if not name or _dotted(name) in safe:
            continue
        item = pod.at("securityContext", "sysctls", index)
        yield Fault(
            message=f"the pod sets the kernel parameter {name}, which is not safe in Kubernetes {version}",
            at=(*item, "name"),
            why=(f"{name} is {sysctl.value}",),
            fix=Fix(safe=False, edits=(Edit("remove", item),)),
        )


def _dotted(name: str) -> str:
    """The name as the kubelet compares it: `net/ipv4/tcp_rmem` is `net.ipv4.tcp_rmem`."""
    first = next((character for character in name if character in "./"), ".")
    return name if first == "." else name.translate(str.maketrans("/.", "./"))
