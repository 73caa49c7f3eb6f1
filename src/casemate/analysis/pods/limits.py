"""Whether the amount of a resource that a container may use is limited."""

import re

from casemate.analysis.pods.view import Container

_ZERO = re.compile(r"[+-]?(?:0+(?:\.0*)?|\.0+)(?:[eE][+-]?\d+|[numkMGTPE]i?|Ki)?")


def is_limited(container: Container, resource: str) -> bool:
    """Whether the container has a limit; a limit of zero is none for the container engine."""
    resources = container.spec.resources
    limits = resources.limits if resources is not None else None
    value = limits.get(resource) if limits else None
    return value is not None and _ZERO.fullmatch(str(value)) is None
