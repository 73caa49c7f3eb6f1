"""The scheduler does not know what a container needs.

It may be put onto a node that has no room for it. Without any request it is also the first to be
evicted when the node runs short.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.limits import is_limited, is_requested
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Confidence, Severity


@control(
    "pod-requests",
    title="No requests",
    severity=Severity.INFO,
    confidence=Confidence.LIKELY,
    consequence=Consequence.STARVATION,
    remedy="Set resources.requests for cpu and memory to what the container uses",
    standards=(
        "NSA-CISA-1.2:resource-policies",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
    ),
    area="limits_concurrency_cost",
)
def requests(container: Container) -> Iterator[Fault]:
    if container.is_ephemeral:
        return
    resources = ("cpu", "memory")
    missing = [r for r in resources if not is_requested(container, r) and not is_limited(container, r)]
    if missing:
        yield Fault(
            message=f"container {container.name} does not say how much {' and '.join(missing)} it needs",
            at=container.at("resources", "requests"),
            why=("no request is set, nor a limit to take it from; a LimitRange may still give one",),
        )
