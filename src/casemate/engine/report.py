"""All that a scan has to say, before it is put into a form."""

import msgspec

from casemate.engine.changes import Change, changes
from casemate.engine.grouping import Groups
from casemate.engine.judge import Answers
from casemate.engine.responsibility import party
from casemate.model.control import Finding
from casemate.model.estate import Estate
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.model.waiver import Waived


class Report(msgspec.Struct, eq=False):
    """The estate, the answers about it, and how they were asked for.

    `answers.findings` holds neither the `waived` findings nor, where the run is compared with a
    `baseline` (the name of its file), those `known` from it; `gone` counts the findings of the
    baseline that were not found. `notes` are sentences that lower the worth of the answer, and
    `failures` say which of a team's own rules broke while they were asked. `allow_unreadable` says that what
    was not read does not decide the status.
    """

    targets: tuple[str, ...]
    settings: Settings
    estate: Estate
    answers: Answers
    waived: list[Waived] = []
    baseline: str | None = None
    known: list[Finding] = []
    gone: int = 0
    notes: tuple[str, ...] = ()
    by: str | None = None
    groups: Groups = {}
    failures: tuple[str, ...] = ()
    allow_unreadable: bool = False

    @property
    def findings(self) -> list[Finding]:
        """Every finding that counts, in the order of the estate: not waived, and not in the baseline."""
        return self.answers.findings

    @property
    def changes(self) -> list[Change]:
        """What to change, the most important first."""
        return changes(self.findings)

    @property
    def counts(self) -> dict[Severity, int]:
        """Findings per severity, the worst first, zeros included."""
        counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
        for finding in self.findings:
            counts[finding.severity] += 1
        return counts

    @property
    def skipped(self) -> dict[str, int]:
        """Why documents were not judged, and how many, the most frequent first.

        `coverage.documents` = judged + these + unreadable.
        """
        counts = dict(self.answers.passed_over)
        for skipped in self.estate.skipped:
            counts[skipped.reason] = counts.get(skipped.reason, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: -pair[1]))

    @property
    def status(self) -> int:
        """The exit status, the first that applies.

        2 where an own rule broke, 3 where something was not read, 1 where a finding is too severe, else 0.
        """
        if self.failures:
            return 2
        if self.estate.unreadable and not self.allow_unreadable:
            return 3
        return int(self.fails)

    @property
    def fails(self) -> bool:
        """Whether a finding is at or above the severity that fails a run; the provider's do not."""
        fail_on = self.settings.fail_on
        return fail_on is not None and any(
            finding.severity >= fail_on and party(finding.control.area, finding.platform) != "provider"
            for finding in self.findings
        )
