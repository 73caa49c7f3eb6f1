"""Whether a container answers requests for as long as its workload is there."""

from casemate.analysis.pods.view import Container

_LASTING = frozenset(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"))
"""Kinds whose pods are meant to run for good, and get no probes from a controller of their own."""


def serves(container: Container) -> bool:
    """Whether it is a regular container with ports, in a workload that is meant to last."""
    lasts = container.pod.kind in _LASTING and container.field == "containers"
    return lasts and bool(container.spec.ports)
