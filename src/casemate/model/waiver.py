"""A waiver: a fault that somebody answers for, until a day that is named."""

import datetime as dt

import msgspec

from casemate.model.control import Finding
from casemate.model.estate import Entity


class Waiver(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Which findings are waived, by whom, why, and up to and including which day.

    `controls`, `subject` (namespace, kind, name), `container` and `path` are globs; what is None
    covers all. A waiver from a manifest covers less than that: `entity` is the object whose
    annotation it is, `covers` the line of `file` on which what a comment covers begins. `file`,
    `line` and `column` are where the waiver itself stands.
    """

    controls: tuple[str, ...]
    until: dt.date
    reason: str
    owner: str | None = None
    subject: tuple[str, str, str] | None = None
    container: str | None = None
    path: str | None = None
    file: str
    line: int = 1
    column: int = 1
    entity: Entity | None = None
    covers: int | None = None

    @property
    def where(self) -> str:
        """The file and line of the waiver."""
        return f"{self.file}:{self.line}"

    @property
    def in_settings(self) -> bool:
        """Whether it stands in `casemate.yaml` rather than in a manifest."""
        return self.entity is None and self.covers is None

    def __str__(self) -> str:
        parts = [", ".join(self.controls)]
        if self.subject is not None:
            parts.append(f"for {'/'.join(self.subject)}")
        if self.container is not None:
            parts.append(f"in container {self.container}")
        if self.path is not None:
            parts.append(f"under {self.path}")
        return " ".join(parts)


class Waived(msgspec.Struct, frozen=True, eq=False):
    """A finding that does not count, and the waiver that says so."""

    finding: Finding
    waiver: Waiver


class WaiverUse(Entity, frozen=True, kw_only=True, eq=False):
    """What became of a waiver in a run; the subject of the controls about waivers.

    `hides` counts the findings it covers, `asked` says that a control it names was asked of
    something, `whole` that nothing it could cover was left unread. An inline form that could
    not be read has an `error` and no waiver.
    """

    today: dt.date
    waiver: Waiver | None = None
    hides: int = 0
    asked: bool = False
    whole: bool = False
    error: str | None = None

    @property
    def expired(self) -> bool:
        """Whether its last day is over."""
        return self.waiver is not None and self.today > self.waiver.until
