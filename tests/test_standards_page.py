"""docs/standards.md is what the data and the controls say today."""

import importlib.util
import os
from pathlib import Path

from casemate.engine.responsibility import CONDITIONS, MATRIX
from casemate.engine.standards import every

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("standards_page", DOCS / "standards.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    if os.environ.get("UPDATE_GOLDEN"):
        program.PAGE.write_text(program.page())
    assert program.page() == (DOCS / "standards.md").read_text(), "run: python docs/standards.py"


def test_the_page_holds_every_item() -> None:
    text = (DOCS / "standards.md").read_text()
    for standard in every():
        _, heading, rest = text.partition(f"## {standard.title} {standard.version}\n")
        assert heading
        section = rest.partition("\n## ")[0]
        for item in standard.items:
            assert section.count(f"| {item.id} | {item.title} |") == 1


def test_the_page_about_duties_holds_the_matrix() -> None:
    text = (DOCS / "responsibility.md").read_text()
    for area, cells in MATRIX.items():
        assert f"| `{area}` | {' | '.join(cells)} |" in text
    for condition in CONDITIONS:
        areas = ", ".join(f"`{area}`" for area in condition.areas)
        setting, value = condition.setting.replace("_", "-"), str(condition.value).lower()
        assert f"| {condition.platform} | `{setting}` | `{value}` | {areas} | {condition.cell} |" in text
