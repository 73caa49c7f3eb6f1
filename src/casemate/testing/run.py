"""Asks a control the cases of its page."""

from collections.abc import Iterator

import msgspec

from casemate.engine.judge import judge
from casemate.model.control import Control
from casemate.model.estate import Coverage, Entity, Estate, Unreadable
from casemate.model.settings import Settings
from casemate.readers.manifests import read_text
from casemate.readers.positions import locate
from casemate.readers.settings_file import parse_settings
from casemate.testing.pages import Case, Page


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
    settings = parse_settings(case.settings.encode(), "casemate.yaml") if case.settings else Settings()
    name = "case.json" if case.language == "json" else "case.yaml"
    read = list(read_text(name, case.text.encode()))
    for item in read:
        if isinstance(item, Unreadable):
            yield Mismatch(case.line + item.line - 1, f"the case cannot be read: {item.error}")
    entities = tuple(item for item in read if isinstance(item, Entity))
    estate = Estate(entities=entities, coverage=Coverage(complete=settings.complete))
    found = sorted(
        (finding.control.id, position.line)
        for finding, position in locate(judge(estate, (control,), settings).findings)
    )
    for name, line in _without(case.expected, found):
        yield Mismatch(case.line + line - 1, f"{name} is expected here and was not found")
    for name, line in _without(found, case.expected):
        yield Mismatch(case.line + line - 1, f"{name} was found here and is not expected")


def _without(some: list[tuple[str, int]], others: list[tuple[str, int]]) -> list[tuple[str, int]]:
    left = list(others)
    return [item for item in some if item not in left or left.remove(item)]  # type: ignore[func-returns-value] # remove gives None: the item is then left out
