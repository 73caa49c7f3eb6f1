"""What the shop gives, to the letter: a changed answer shows up as a changed file.

`UPDATE_GOLDEN=1 make test` writes the files anew; read the difference before you commit it.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"


def _compare(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text)
    assert text == file.read_text(), f"{name} differs; UPDATE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("shop", ["shop", "shop-repaired"])
def test_text(shop: str, run: Any) -> None:
    _compare(f"{shop}.txt", run("scan", f"examples/{shop}", "--no-cache", cwd=ROOT).out)


def test_text_with_everything(run: Any) -> None:
    _compare("shop-verbose.txt", run("scan", "examples/shop", "--no-cache", "--verbose", cwd=ROOT).out)


@pytest.mark.parametrize("shop", ["shop", "shop-repaired"])
def test_json(shop: str, run: Any) -> None:
    answer = run("scan", f"examples/{shop}", "--no-cache", "--format", "json", cwd=ROOT).answer
    _compare(f"{shop}.json", json.dumps(answer, indent=1, ensure_ascii=False) + "\n")


def test_fix(run: Any) -> None:
    ran = run("fix", "examples/shop", cwd=ROOT)
    _compare("shop-fix.diff", ran.out)
    assert ran.status == 0


def test_pod_security(run: Any) -> None:
    _compare("shop-pss.txt", run("pss", "examples/shop", cwd=ROOT).out)


def test_html_says_the_same(tmp_path: Path, run: Any) -> None:
    report = tmp_path / "report.html"
    ran = run("scan", "examples/shop", "--format", "json", "--format", "html", "--output", report, cwd=ROOT)
    page = report.read_text()
    ids = {finding["id"] for finding in ran.answer["findings"]}
    assert ids
    assert all(name in page for name in ids)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?https?:", page)


def test_readme_shows_the_first_screen(run: Any) -> None:
    out = run("scan", "examples/shop", "--no-cache", "--fail-on", "none", cwd=ROOT).out
    readme = (ROOT / "README.md").read_text()
    before, fence, rest = readme.partition("```text\n")
    _, end, after = rest.partition("```\n")
    shown = f"{before}{fence}{out}{end}{after}"
    if os.environ.get("UPDATE_GOLDEN"):
        (ROOT / "README.md").write_text(shown)
    assert shown == (ROOT / "README.md").read_text()


def test_the_repaired_shop_has_nothing_above_low(run: Any) -> None:
    answer = run("scan", "examples/shop-repaired", "--no-cache", "--format", "json", cwd=ROOT).answer
    assert {finding["severity"] for finding in answer["findings"]} <= {"low", "info"}
    assert run("pss", "examples/shop-repaired", "--format", "json", cwd=ROOT).answer["objects"]
    levels = run("pss", "examples/shop-repaired", "--format", "json", cwd=ROOT).answer["objects"]
    assert {item["level"] for item in levels} == {"restricted"}
