"""A capability is named that Linux does not have.

The container engine refuses to start such a container, or ignores the name; a misspelled entry
of `drop` then drops nothing, while the reader believes that it does.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.analysis.pods.capabilities import is_known
from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity


@control(
    "pod-capability-unknown",
    title="No capability of that name",
    severity=Severity.LOW,
    consequence=Consequence.MEANING,
    remedy="Use a name of capabilities(7) without CAP_, or ALL",
    docker="Use a name of capabilities(7), or ALL",
)
def capability_unknown(container: Container) -> Iterator[Fault]:
    capabilities = container.context.capabilities
    if capabilities is None or container.pod.windows:
        return
    for field, names in (("add", capabilities.add), ("drop", capabilities.drop)):
        for index, name in enumerate(names or ()):
            if not is_known(name):
                yield Fault(
                    message=f"container {container.name}: Linux has no capability {name or 'without a name'}",
                    at=container.at("securityContext", "capabilities", field, index),
                    why=(f"capabilities.{field} holds it",),
                )
