"""A container may use as much processor time as its node has.

Whoever takes it over, to mine coins or by one request that never ends, slows down its
neighbours. With a request set they keep their share; without, they do not.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.limits import is_limited
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity


@control(
    "pod-cpu-limit",
    title="No limit of processor time",
    severity=Severity.LOW,
    confidence=Confidence.LIKELY,
    consequence=Consequence.STARVATION,
    remedy="Set resources.limits.cpu",
    standards=(
        "NSA-CISA-1.2:resource-policies",
        "MITRE:T1496",
        "MITRE:T1499",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    area="limits_concurrency_cost",
    docker="Set cpus, or deploy.resources.limits.cpus",
)
def cpu_limit(container: Container) -> Iterator[Fault]:
    if not container.is_ephemeral and not is_limited(container, "cpu"):
        yield Fault(
            message=f"container {container.name} may use all processors of its node",
            at=container.at("resources", "limits", "cpu"),
            why=("no limit is set; a LimitRange of the namespace may still give one",),
        )
