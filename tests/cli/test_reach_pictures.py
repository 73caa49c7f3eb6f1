"""`casemate reach` as pictures, as users call it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casemate.cli.commands import casemate
from casemate.model.errors import UsageError

SHOP = "examples/shop"
REPAIRED = "examples/shop-repaired"


def run(*words: str) -> Result:
    return CliRunner().invoke(casemate, ["reach", *words], standalone_mode=False)


def test_the_database_of_the_shop_is_open_and_the_repaired_one_is_not() -> None:
    assert r"postgres (any)\n5432: open to every caller" in run(SHOP, "--format", "dot").output
    repaired = run(REPAIRED, "--format", "dot", "--to", "data/postgres").output
    assert r"postgres\n5432: 5 of 18 may call" in repaired
    assert repaired.count('-> n0 [label="5432"]') == 5
    for caller in ("ledger", "postgres-backup", "catalog", "db-migrate", "orders"):
        assert f'label="{caller}' in repaired
    assert "cart" not in repaired


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ((), "Who may call whom in examples/shop#63;"),
        (("--from", "shop/cart"), "What may shop/cart call#63;"),
        (("--to", "data/redis", "--port", "6379"), "Who may call data/redis at port 6379#63;"),
        (("--from", "shop/cart", "--to", "data/redis"), "What may shop/cart call on data/redis#63;"),
    ],
)
def test_a_picture_says_what_was_asked(words: tuple[str, ...], question: str) -> None:
    assert question in run(SHOP, "--format", "mermaid", *words).output


def test_several_forms_are_written_at_once(tmp_path: Path) -> None:
    page, graph = tmp_path / "network.html", tmp_path / "network.dot"
    result = run(SHOP, "--format", "html", "--output", str(page), "--format", "dot", "--output", str(graph))
    assert not result.output
    text = page.read_text(encoding="utf-8")
    assert "Who may call whom in examples/shop?" in text
    assert "Policies are followed as they are written" in text
    assert graph.read_text(encoding="utf-8").startswith("digraph network {")


def test_too_many_workloads_are_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casemate.cli.reach._MOST_DRAWN", 10)
    with pytest.raises(UsageError, match="20 workloads are too many for a picture"):
        CliRunner().invoke(
            casemate, ["reach", SHOP, "--format", "html"], catch_exceptions=False, standalone_mode=False
        )
    assert "digraph" in run(SHOP, "--format", "dot", "--to", "data/redis").output
