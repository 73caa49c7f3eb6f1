"""A waiver past its last day no longer holds: what it covered counts again.

The date was the promise to look again. Renewing it should be a decision with a reason, not a
habit.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.waiver import WaiverUse


@control(
    "waiver-expired",
    title="Waiver past its last day",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNGOVERNED,
    remedy="Mend what it covered and remove it, or decide anew until when it may stand",
    area="detect_and_respond",
)
def expired(use: WaiverUse) -> Iterator[Fault]:
    if use.waiver is not None and use.expired:
        owner = f"{use.waiver.owner} answers for it" if use.waiver.owner else "nobody is named as its owner"
        yield Fault(
            message=f"the waiver of {use.waiver} ended on {use.waiver.until}",
            at=(),
            why=(f"its reason was: {use.waiver.reason}", owner),
        )
