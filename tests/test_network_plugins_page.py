"""docs/network-plugins.md is what the profiles of network plugins say today."""

import importlib.util
import os
from pathlib import Path

from casemate.analysis.network.plugins.profiles import PROFILES

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("plugins_page", DOCS / "network_plugins.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    if os.environ.get("UPDATE_GOLDEN"):
        program.PAGE.write_text(program.page())
    text = (DOCS / "network-plugins.md").read_text()
    assert program.page() == text, "run: python docs/network_plugins.py"
    assert all(f"\n## {name}\n" in text for name in PROFILES)
