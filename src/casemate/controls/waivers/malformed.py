"""A waiver in a manifest that cannot be read waives nothing, whatever its author believes.

It needs the control, the last day and the reason. What cannot be read is said rather than
guessed at: the finding it was meant for stays.
"""

from collections.abc import Iterator

from casemate.model.control import Consequence, Fault, control
from casemate.model.severity import Severity
from casemate.model.waiver import WaiverUse


@control(
    "waiver-malformed",
    title="Waiver that cannot be read",
    severity=Severity.MEDIUM,
    consequence=Consequence.UNGOVERNED,
    remedy='Write it as: casemate: waive CONTROL until=YYYY-MM-DD reason="why"',
    area="detect_and_respond",
)
def malformed(use: WaiverUse) -> Iterator[Fault]:
    if use.error is not None:
        yield Fault(message=f"a waiver cannot be read: {use.error}", at=())
