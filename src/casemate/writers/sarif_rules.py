"""Controls as the rules of a SARIF file, explained by their pages."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from casemate.model.control import Control
from casemate.model.errors import CasemateError
from casemate.model.settings import Settings
from casemate.model.severity import Confidence, Severity

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""In the middle of GitHub's ranges; no score means no security severity."""
_PRECISION = {Confidence.CERTAIN: "very-high", Confidence.LIKELY: "high", Confidence.POSSIBLE: "medium"}
_TAGS = 20
"""GitHub refuses a file with a rule of more tags, and shows ten."""
_LONGEST = 1024
"""Characters of a description that GitHub takes."""

_MARK = re.compile(r"[ \t]*#[ \t]*finding:[ \t]*[\w, -]+$", re.MULTILINE)
_GIVEN = re.compile(r"^(```\w+)(?:[ \t]+finding=[\w-]+:\d+)+[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```[ \t]*$\n?", re.MULTILINE | re.DOTALL)
_GAPS = re.compile(r"\n{3,}")


def rules(
    controls: Iterable[Control], settings: Settings, page_of: Callable[[Control], str]
) -> list[dict[str, Any]]:
    """The `reportingDescriptor` of each control, in the order given."""
    return [
        _rule(control, settings.severities.get(control.id, control.severity), page_of) for control in controls
    ]


def without_marks(page: str) -> str:
    """A page as readers want it: without the marks that make it a test."""
    return _GIVEN.sub(r"\1", _MARK.sub("", page))


def _rule(control: Control, severity: Severity, page_of: Callable[[Control], str]) -> dict[str, Any]:
    try:
        page = without_marks(page_of(control))
    except CasemateError:  # no page: the control's own words must do
        page = f"# {control.id}\n\n{control.title}\n\n{control.remedy}.\n"
    words = _GAPS.sub("\n\n", _FENCED.sub("", page)).strip()
    paragraphs = words.split("\n\n")
    first = " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else control.title
    properties: dict[str, Any] = {
        "tags": ["security", control.family, *control.standards][:_TAGS],
        "precision": _PRECISION[control.confidence],
        "standards": control.standards,
        "area": control.area,
    }
    if severity in _SCORES:
        properties["security-severity"] = _SCORES[severity]
    return {
        "id": control.id,
        "name": control.title,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": first[:_LONGEST]},
        "help": {"text": f"{words}\n\nWhat to do: {control.remedy}.", "markdown": page},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": properties,
    }
