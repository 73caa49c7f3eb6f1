"""Where the pages of controls are: in the wheel, or beside the source."""

from pathlib import Path

import casemate
from casemate.model.control import Control
from casemate.model.errors import CasemateError


def page_of(control: Control) -> str:
    """The text of a control's page."""
    package = Path(casemate.__file__).parent
    name = Path(control.family) / f"{control.module.rpartition('.')[2]}.md"
    for folder in (package / "pages", package.parent.parent / "tests" / "cases"):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise CasemateError(f"the page of {control.id} is not installed: install casemate again")
