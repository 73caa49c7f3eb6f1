"""A container may use as much memory as its node has.

When memory runs out the kernel ends processes, and not only those that took it: one leak, or
one intruder who wants it so, brings down neighbours and at worst the node.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.limits import is_limited
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity


@control(
    "pod-memory-limit",
    title="No limit of memory",
    severity=Severity.MEDIUM,
    confidence=Confidence.LIKELY,
    consequence=Consequence.STARVATION,
    remedy="Set resources.limits.memory",
    standards=(
        "NSA-CISA-1.2:resource-policies",
        "MITRE:T1496",
        "MITRE:T1499",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    area="limits_concurrency_cost",
    docker="Set mem_limit, or deploy.resources.limits.memory",
)
def memory_limit(container: Container) -> Iterator[Fault]:
    if not container.is_ephemeral and not is_limited(container, "memory"):
        yield Fault(
            message=f"container {container.name} may use all memory of its node",
            at=container.at("resources", "limits", "memory"),
            why=("no limit is set; a LimitRange of the namespace may still give one",),
        )
