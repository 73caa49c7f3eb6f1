"""A waiver that covers nothing is a door left open: the next fault of its kind passes unseen.

Most often the fault was mended, or the object was renamed and the waiver no longer says what its
author meant. It is said only where the control was asked and everything was read, so that it
cannot be the reading that hides the fault.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.waiver import WaiverUse


@control(
    "waiver-unused",
    title="Waiver that covers nothing",
    severity=Severity.LOW,
    consequence=Consequence.UNGOVERNED,
    remedy="Remove the waiver, or correct what it names",
    area="detect_and_respond",
)
def unused(use: WaiverUse) -> Iterator[Fault]:
    if use.waiver is not None and not use.expired and not use.hides and use.asked and use.whole:
        yield Fault(
            message=f"the waiver of {use.waiver} covers no finding",
            at=(),
            why=("the control was asked and everything was read",),
        )
