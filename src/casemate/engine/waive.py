"""Findings that somebody answers for are told apart from those that count."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec

from casemate.engine.globs import matches
from casemate.model.control import Finding
from casemate.model.waiver import Waived, Waiver

Numbered = tuple[int, Waiver]
"""A waiver and its number among all."""


class Waiving(msgspec.Struct, eq=False):
    """The findings that are left, those that are waived, and how many each waiver covers."""

    left: list[Finding]
    waived: list[Waived]
    hides: list[int]


def waive(
    findings: Iterable[Finding],
    waivers: Sequence[Waiver],
    today: dt.date,
    lines: Callable[[Finding], Collection[int]],
    names: Callable[[str], Collection[str]],
) -> Waiving:
    """Take out what a waiver covers that has not expired.

    `lines` gives the lines of a finding's place and of all that it stands in; `names` the names
    of a file that a glob of paths may mean. Of several waivers that cover a finding the first
    answers for it, and all of them count as used.
    """
    left: list[Finding] = []
    waived: list[Waived] = []
    hides = [0] * len(waivers)
    index = _Index(waivers, today)
    for finding in findings:
        first: Waiver | None = None
        for number, waiver in index.about(finding, lines):
            if _covers(waiver, finding, names):
                hides[number] += 1
                first = first or waiver
        if first is None:
            left.append(finding)
        else:
            waived.append(Waived(finding, first))
    return Waiving(left, waived, hides)


class _Index:
    """The waivers in force by what they can be about: every manifest may hold some of its own."""

    def __init__(self, waivers: Sequence[Waiver], today: dt.date) -> None:
        self.general: list[Numbered] = []
        self.of_control: dict[str, list[Numbered]] = {}
        self.of_line: dict[str, dict[int, list[Numbered]]] = {}
        self.of_entity: dict[int, list[Numbered]] = {}
        for item in enumerate(waivers):
            waiver = item[1]
            if today > waiver.until:
                continue
            if waiver.entity is not None:
                self.of_entity.setdefault(id(waiver.entity), []).append(item)
            elif waiver.covers is not None:
                self.of_line.setdefault(waiver.file, {}).setdefault(waiver.covers, []).append(item)
            else:
                self.general.append(item)

    def about(self, finding: Finding, lines: Callable[[Finding], Collection[int]]) -> Iterator[Numbered]:
        """The waivers that may cover a finding, those of the settings first."""
        control, entity = finding.control.id, finding.entity
        if control not in self.of_control:
            self.of_control[control] = [item for item in self.general if names_control(item[1], control)]
        yield from self.of_control[control]
        own = list(self.of_entity.get(id(entity), ()))
        of_line = self.of_line.get(entity.origin.document.file)
        if of_line is not None:
            own += (item for line in lines(finding) for item in of_line.get(line, ()))
        yield from (item for item in own if names_control(item[1], control))


def names_control(waiver: Waiver, control: str) -> bool:
    """Whether a waiver is about the control of that id."""
    return any(matches(glob, control) for glob in waiver.controls)


def _covers(waiver: Waiver, finding: Finding, names: Callable[[str], Collection[str]]) -> bool:
    """Whether all that narrows a waiver fits a finding of its control, object and line."""
    ref, file = finding.entity.ref, finding.entity.origin.document.file
    if waiver.container is not None and not (
        finding.container and matches(waiver.container, finding.container)
    ):
        return False
    if waiver.subject is not None:
        identity = (ref.namespace or "", ref.kind, ref.name or "")
        if not all(matches(glob, word) for glob, word in zip(waiver.subject, identity, strict=True)):
            return False
    return waiver.path is None or any(matches(waiver.path, name) for name in names(file))
