"""Which kinds are pods to the API server itself, and which only to a controller of their own."""

from casemate.analysis.pods.view import Pod

_BUILT_IN = frozenset((
    "Pod", "PodTemplate", "ReplicationController", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet",
    "Job", "CronJob", "ScheduledJob",
))  # fmt: skip


def is_built_in(pod: Pod) -> bool:
    """Whether the API server checks the pod as it stands, before any controller completes it."""
    return pod.kind in _BUILT_IN
