"""docs/powers.md is what the catalogue and the controls say today."""

import importlib.util
import os
from pathlib import Path

from casemate.analysis.rbac.capabilities import CATALOGUE

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("powers_page", DOCS / "powers.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    if os.environ.get("UPDATE_GOLDEN"):
        program.PAGE.write_text(program.page())
    assert program.page() == (DOCS / "powers.md").read_text(), "run: python docs/powers.py"


def test_the_page_holds_every_power_once() -> None:
    lines = (DOCS / "powers.md").read_text().splitlines()
    for name in CATALOGUE:
        assert lines.count(f"### {name}") == 1
