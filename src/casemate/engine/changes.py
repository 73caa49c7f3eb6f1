"""Findings that one edit session mends become one change; the changes that matter most come first."""

from collections.abc import Iterable

import msgspec

from casemate.engine.responsibility import party
from casemate.model.control import Consequence, Finding
from casemate.model.estate import Entity
from casemate.model.severity import Severity

_HARM = {consequence: place for place, consequence in enumerate(Consequence)}


class Change(msgspec.Struct, eq=False):
    """What to do at one object so that one consequence is gone."""

    entity: Entity
    consequence: Consequence
    findings: list[Finding]

    @property
    def severity(self) -> Severity:
        """That of its worst finding."""
        return max(finding.severity for finding in self.findings)

    @property
    def party(self) -> str:
        """Who must act."""
        return party(self.findings[0].control.area, self.findings[0].platform)


def changes(findings: Iterable[Finding]) -> list[Change]:
    """Group findings by object and consequence, ranked by severity, harm and number."""
    found: dict[tuple[int, Consequence], Change] = {}
    for finding in findings:
        key = (id(finding.entity), finding.control.consequence)
        change = found.get(key)
        if change is None:
            found[key] = Change(finding.entity, finding.control.consequence, [finding])
        else:
            change.findings.append(finding)
    for change in found.values():
        change.findings.sort(key=lambda finding: -finding.severity)
    return sorted(found.values(), key=lambda c: (-c.severity, _HARM[c.consequence], -len(c.findings)))
