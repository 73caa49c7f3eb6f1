"""Nobody is named who answers for this.

Whoever finds a fault, a leak or an intruder here must first find somebody who may act. An owner in a
label makes that a query.
"""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from casemate.analysis.owners import Owners
from casemate.model.control import Consequence, Fault, control
from casemate.model.estate import Entity, Estate, Workload
from casemate.model.governance import Namespace
from casemate.model.settings import Settings
from casemate.model.severity import Severity


class Owned(msgspec.Struct, frozen=True, eq=False):
    """A namespace or workload: what must have an owner."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (Namespace, Workload)

    entity: Entity

    @classmethod
    def parts_of(cls, entity: Entity, estate: Estate, settings: Settings) -> Iterator["Owned"]:  # noqa: ARG003 # engine.judge.Part
        """The object itself."""
        yield cls(entity)


@control(
    "governance-no-owner",
    title="No owner named",
    severity=Severity.INFO,
    consequence=Consequence.UNGOVERNED,
    remedy="Name the responsible team in a label",
    area="detect_and_respond",
)
def no_owner(owned: Owned, owners: Owners, settings: Settings) -> Iterator[Fault]:
    keys = owners.missing(owned.entity, settings)
    if keys:
        is_namespace = isinstance(owned.entity, Namespace)
        yield Fault(
            message=f"nobody is named who answers for this {'namespace' if is_namespace else 'workload'}",
            at=("metadata", "labels"),
            why=(
                f"no label or annotation is one of {', '.join(keys)}",
                "they are asked for by the settings"
                if settings.owners
                else "other objects that were read name theirs",
            ),
        )
