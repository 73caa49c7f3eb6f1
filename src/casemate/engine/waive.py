"""Findings that somebody answers for are told apart from those that count."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from casemate.engine.globs import matches
from casemate.model.control import Finding
from casemate.model.waiver import Waived, Waiver


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
    in_force = [(i, waiver) for i, waiver in enumerate(waivers) if today <= waiver.until]
    of_control: dict[str, list[tuple[int, Waiver]]] = {}
    for finding in findings:
        name = finding.control.id
        if name not in of_control:
            of_control[name] = [item for item in in_force if names_control(item[1], name)]
        first: Waiver | None = None
        for index, waiver in of_control[name]:
            if _covers(waiver, finding, lines, names):
                hides[index] += 1
                first = first or waiver
        if first is None:
            left.append(finding)
        else:
            waived.append(Waived(finding, first))
    return Waiving(left, waived, hides)


def names_control(waiver: Waiver, control: str) -> bool:
    """Whether a waiver is about the control of that id."""
    return any(matches(glob, control) for glob in waiver.controls)


def _covers(
    waiver: Waiver,
    finding: Finding,
    lines: Callable[[Finding], Collection[int]],
    names: Callable[[str], Collection[str]],
) -> bool:
    ref, file = finding.entity.ref, finding.entity.origin.document.file
    if waiver.entity is not None and waiver.entity is not finding.entity:
        return False
    if waiver.container is not None and not (
        finding.container and matches(waiver.container, finding.container)
    ):
        return False
    if waiver.subject is not None:
        identity = (ref.namespace or "", ref.kind, ref.name or "")
        if not all(matches(glob, word) for glob, word in zip(waiver.subject, identity, strict=True)):
            return False
    if waiver.path is not None and not any(matches(waiver.path, name) for name in names(file)):
        return False
    return waiver.covers is None or (waiver.file == file and waiver.covers in lines(finding))
