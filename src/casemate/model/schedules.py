"""Jobs that run by the clock.

Source: k8s.io/api batch/v1 types.go (CronJobSpec).
"""

from typing import ClassVar

import msgspec

from casemate.model.estate import Workload


class CronJobSpec(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """When it runs; nothing while suspended."""

    schedule: str | None = None
    suspend: bool | None = None


class CronJob(Workload, frozen=True, kw_only=True, eq=False, rename="camel"):
    """A workload that makes pods at set times."""

    KINDS: ClassVar[tuple[str, ...]] = ("CronJob",)

    spec: CronJobSpec = CronJobSpec()
