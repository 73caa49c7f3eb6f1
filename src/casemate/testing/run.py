"""Asks a control the cases of its page."""

import datetime as dt
from collections.abc import Iterator

import msgspec

from casemate.controls.catalogue import controls_for
from casemate.engine.judge import judge
from casemate.model.control import Control, Finding
from casemate.model.estate import Coverage, Entity, Estate, Unreadable
from casemate.model.settings import Settings
from casemate.model.waiver import WaiverUse
from casemate.readers.identities.sources import read_sources
from casemate.readers.manifests import read_text
from casemate.readers.positions import locate
from casemate.readers.settings_file import parse_settings
from casemate.readers.waivers import apply
from casemate.testing.pages import Case, Page

TODAY = dt.date(2026, 6, 1)
"""The day on which the waivers of pages are looked at, so that they do not end."""
_SETTINGS = "casemate.yaml"


class Mismatch(msgspec.Struct):
    """A case that went wrong, in words, at its line in the page."""

    line: int
    message: str


def run(page: Page, control: Control) -> Iterator[Mismatch]:
    """Ask the control every case of its page; nothing comes back when all is as marked."""
    if page.control != control.id:
        yield Mismatch(1, f"the page is about {page.control}, the control is {control.id}")
    for case in page.cases:
        yield from _run_case(case, control)


def _run_case(case: Case, control: Control) -> Iterator[Mismatch]:
    settings = parse_settings(case.settings.encode(), _SETTINGS) if case.settings else Settings()
    name = "case.json" if case.language == "json" else "case.yaml"
    read = list(read_text(name, case.text.encode()))
    for item in read:
        if isinstance(item, Unreadable):
            yield Mismatch(case.line + item.line - 1, f"the case cannot be read: {item.error}")
    entities = tuple(item for item in read if isinstance(item, Entity))
    inline = [source for source in settings.identities if source.names is not None]  # a page opens nothing
    estate = Estate(
        entities=entities,
        coverage=Coverage(complete=settings.complete),
        identities=read_sources(inline).sources,
    )
    starts = {name: case.line, _SETTINGS: case.settings_line}
    found = sorted(
        (finding.control.id, starts[finding.entity.origin.document.file] + position.line - 1)
        for finding, position in locate(_findings(estate, control, settings))
    )
    expected = [(name, case.line + line - 1) for name, line in case.expected]
    expected += [(name, case.settings_line + line - 1) for name, line in case.settings_expected]
    for name, line in _without(expected, found):
        yield Mismatch(line, f"{name} is expected here and was not found")
    for name, line in _without(found, expected):
        yield Mismatch(line, f"{name} was found here and is not expected")


def _findings(estate: Estate, control: Control, settings: Settings) -> list[Finding]:
    """What one control finds; one about waivers, after they have been applied to what all others find."""
    if control.subject is not WaiverUse:
        return judge(estate, (control,), settings).findings
    answers = judge(estate, controls_for(estate.entities), settings)
    apply(estate, answers, settings, TODAY)
    return [finding for finding in answers.findings if finding.control.id == control.id]


def _without(some: list[tuple[str, int]], others: list[tuple[str, int]]) -> list[tuple[str, int]]:
    left = list(others)
    return [item for item in some if item not in left or left.remove(item)]  # type: ignore[func-returns-value] # remove gives None: the item is then left out
