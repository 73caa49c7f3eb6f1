"""Where the pages of controls are: in the wheel, or beside the source."""

import sys
from pathlib import Path

import casemate
from casemate.model.control import Control
from casemate.model.errors import CasemateError

PACKAGE = "casemate_own_rules"
"""How the modules of own rules are named (readers/rules.py); not imported, since few have any."""


def page_of(control: Control) -> str:
    """The text of a control's page; of an own rule without one, what its module says."""
    if control.module.startswith(f"{PACKAGE}."):
        return _own_page(control)
    package = Path(casemate.__file__).parent
    name = Path(control.family) / f"{control.module.rpartition('.')[2]}.md"
    for folder in (package / "pages", package.parent.parent / "tests" / "cases"):
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise CasemateError(f"the page of {control.id} is not installed: install casemate again")


def _own_page(control: Control) -> str:
    module = sys.modules[control.module]
    page = Path(str(module.__file__)).with_suffix(".md")
    if page.is_file():
        return page.read_text(encoding="utf-8")
    return f"# {control.id}\n\n{(module.__doc__ or control.title).strip()}\n\nIt has no page: write {page}.\n"
