"""A waiver should cover what its author looked at, and little else.

One that names every control, or a control wherever it finds something, also covers the faults
that nobody has seen yet. One that runs for years is a decision that nobody takes again.
"""

import datetime as dt
from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.waiver import Waiver, WaiverUse

_MOST = 10
_LONGEST = dt.timedelta(days=366)


@control(
    "waiver-too-broad",
    title="Waiver that covers too much",
    severity=Severity.HIGH,
    consequence=Consequence.UNGOVERNED,
    remedy="Name the control, and the subject, container or path that was looked at, for a year at most",
    area="detect_and_respond",
)
def too_broad(use: WaiverUse) -> Iterator[Fault]:
    waiver = use.waiver
    if waiver is None or use.expired:
        return
    if any(not glob.strip("*?") for glob in waiver.controls):
        yield Fault(message="a waiver covers every control", at=(), why=(f"control is {waiver}",))
    elif use.hides > _MOST and _anywhere(waiver):
        yield Fault(
            message=f"the waiver of {waiver} covers more than {_MOST} findings",
            at=(),
            why=("it names no subject, no container and no path",),
        )
    if waiver.until - use.today > _LONGEST:
        yield Fault(
            message=f"the waiver of {waiver} runs for more than a year",
            at=(),
            why=(f"its last day is {waiver.until}",),
            severity=Severity.MEDIUM,
        )


def _anywhere(waiver: Waiver) -> bool:
    """Whether nothing but the control narrows the waiver; globs that match all do not."""
    narrow = (*(waiver.subject or ()), waiver.container or "*", waiver.path or "*")
    return waiver.in_settings and all(not part.strip("*/") for part in narrow if part is not None)
