"""Whether the amount of a resource that a container may use is limited, or asked for."""

import re
from collections.abc import Mapping

from casemate.analysis.pods.view import Container
from casemate.model.pods import Resources

_ZERO = re.compile(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:[eE][+-]?\d+|[numkMGTPE]i?|Ki)?")


def is_limited(container: Container, resource: str) -> bool:
    """Whether the container has a limit, or its pod has one for all of them together.

    A limit of zero is none for the container engine. Limits of the pod: KEP-2837, cpu and
    memory, in force by default from 1.34.
    """
    return any(
        _limits(resources, resource) for resources in (container.spec.resources, container.pod.spec.resources)
    )


def is_requested(container: Container, resource: str) -> bool:
    """Whether the container asks the scheduler for some of a resource, or its pod does for all of them."""
    return any(
        resources is not None and _amounts(resources.requests, resource)
        for resources in (container.spec.resources, container.pod.spec.resources)
    )


def _limits(resources: Resources | None, resource: str) -> bool:
    return resources is not None and _amounts(resources.limits, resource)


def _amounts(quantities: Mapping[str, object] | None, resource: str) -> bool:
    """Whether a quantity of the resource is there and is not zero."""
    value = quantities.get(resource) if quantities else None
    return value is not None and _ZERO.fullmatch(str(value)) is None
