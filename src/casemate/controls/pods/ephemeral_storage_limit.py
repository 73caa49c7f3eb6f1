"""A container may fill the disk of its node.

Logs, emptyDir volumes and the files that the container writes share the node's disk. When it is
full the kubelet evicts pods, and others than this one too.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.limits import is_limited
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity


@control(
    "pod-ephemeral-storage-limit",
    title="No limit of local storage",
    severity=Severity.INFO,
    confidence=Confidence.LIKELY,
    consequence=Consequence.STARVATION,
    remedy="Set resources.limits.ephemeral-storage",
    standards=(
        "NSA-CISA-1.2:resource-policies",
        "MITRE:T1496",
        "MITRE:T1499",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    area="limits_concurrency_cost",
)
def ephemeral_storage_limit(container: Container) -> Iterator[Fault]:
    if not container.is_ephemeral and not is_limited(container, "ephemeral-storage"):
        yield Fault(
            message=f"container {container.name} may fill the disk of its node",
            at=container.at("resources", "limits", "ephemeral-storage"),
            why=("no limit is set; a LimitRange of the namespace may still give one",),
        )
