"""The scheduler's configuration file, as far as it bears on security.

Source: kubernetes/kube-scheduler config/v1/types.go (`KubeSchedulerConfiguration`).
"""

from casemate.model.estate import Entity


class KubeSchedulerConfiguration(Entity, frozen=True, kw_only=True, eq=False, rename="camel"):
    """What `kube-scheduler --config` names; an absent `enableProfiling` is true."""

    enable_profiling: bool | None = None
