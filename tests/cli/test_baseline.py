"""A baseline keeps what is known from failing a run, and nothing else."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_waivers import WAIVE, pod


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "a.yaml").write_text(pod("a"))
    return folder


def write(run: Any, shop: Path) -> Path:
    base = shop.parent / "base.json"
    assert run("baseline", "write", shop, "--output", base).status == 0
    return base


def scan(run: Any, shop: Path, base: Path) -> tuple[int, list[tuple[str, str]], int, int]:
    """Status, new severe findings as object and control, and how many are known and gone."""
    ran = run("scan", shop, "--baseline", base, "--format", "json")
    new = [(f["subject"]["name"], f["control"]) for f in ran.answer["findings"] if f["severity"] == "high"]
    about = ran.answer["baseline"]
    assert about["file"] == str(base)
    return ran.status, new, about["known"], about["gone"]


def test_the_known_fails_nothing_wherever_it_stands(shop: Path, run: Any) -> None:
    base = write(run, shop)
    status, new, known, gone = scan(run, shop, base)
    assert (status, new, gone) == (0, [], 0)
    assert known
    (shop / "a.yaml").write_text("# moved\n\n" + pod("a"))
    assert scan(run, shop, base) == (0, [], known, 0)
    (shop / "a.yaml").rename(shop / "b.yaml")
    assert scan(run, shop, base) == (0, [], known, 0)
    assert run("scan", "shop", "--baseline", "base.json", cwd=shop.parent).status == 0


def test_a_new_one_fails_alone(shop: Path, run: Any) -> None:
    base = write(run, shop)
    (shop / "b.yaml").write_text(pod("b"))
    assert scan(run, shop, base)[:2] == (1, [("b", "pod-host-pid")])
    text = run("scan", shop, "--baseline", base).out
    assert "known from" in text
    assert "a (Pod)" not in text


def test_one_mended_does_not_hide_an_equal_one_in_another_file(shop: Path, run: Any) -> None:
    (shop / "b.yaml").write_text(pod("a").replace("hostPID: true", "hostPID: false"))
    base = write(run, shop)
    (shop / "a.yaml").write_text(pod("a").replace("hostPID: true", "hostPID: false"))
    (shop / "b.yaml").write_text(pod("a"))
    status, new, _, gone = scan(run, shop, base)
    assert (status, new, gone) == (1, [("a", "pod-host-pid")], 1)


def test_a_second_equal_one_is_new(shop: Path, run: Any) -> None:
    base = write(run, shop)
    (shop / "a.yaml").write_text(pod("a") + "---\n" + pod("a"))
    assert scan(run, shop, base)[:2] == (1, [("a", "pod-host-pid")])


def test_what_is_gone_is_counted(shop: Path, run: Any) -> None:
    base = write(run, shop)
    (shop / "a.yaml").write_text(pod("a").replace("hostPID: true", "hostPID: false"))
    assert scan(run, shop, base)[3] == 1
    assert "1 finding of it not found any more" in " ".join(run("scan", shop, "--baseline", base).out.split())
    page = run("scan", shop, "--baseline", base, "--format", "html").out
    assert "1 finding of it not found any more" in page


def test_what_is_waived_is_not_written_and_not_gone(shop: Path, run: Any) -> None:
    base = write(run, shop)
    (shop / "a.yaml").write_text(pod("a", WAIVE.replace("2999", "2027")))
    assert scan(run, shop, base)[3] == 0
    assert "pod-host-pid" not in write(run, shop).read_text()


def test_the_same_input_gives_the_same_sorted_bytes(shop: Path, run: Any) -> None:
    (shop / "b.yaml").write_text(pod("b") + "---\n" + pod("b"))
    base = write(run, shop)
    first = base.read_bytes()
    assert write(run, shop).read_bytes() == first
    rows = json.loads(first)["findings"]
    keys = [(row["file"], row["control"], row["id"]) for row in rows]
    assert keys == sorted(keys)
    assert {row["count"] for row in rows if row["file"] == "shop/b.yaml"} == {2}
    assert not stat.S_IMODE(base.stat().st_mode) & 0o111
    assert run("baseline", "write", "shop", "--output", "-", cwd=shop.parent).out.encode() == first


def test_the_default_file(shop: Path, run: Any) -> None:
    ran = run("baseline", "write", cwd=shop)
    assert (shop / "casemate-baseline.json").is_file()
    assert "in the baseline casemate-baseline.json" in ran.err
    assert run("scan", "--baseline", "casemate-baseline.json", cwd=shop).status == 0


def test_what_was_not_read_is_said(shop: Path, run: Any) -> None:
    (shop / "b.yaml").write_text("a: [\n")
    ran = run("baseline", "write", shop, "--output", shop.parent / "base.json")
    assert ran.status == 3
    assert "1 input not read" in ran.err
    ran = run(
        "baseline", "write", shop, "--output", shop.parent / "base.json", "--allow-unreadable", "--quiet"
    )
    assert (ran.status, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such file or directory; casemate baseline write makes one"),
        ("", "is no baseline: "),
        ("[]", "is no baseline: "),
        ('{"findings": []}', "is no baseline: object missing required field `schema`"),
        ('{"schema": "casemate.scan/1"}', "its schema is casemate.scan/1, not casemate.baseline/1"),
        ('{"schema": "casemate.baseline/2", "findings": 1}', "its schema is casemate.baseline/2"),
        (
            '{"schema": "casemate.baseline/1"}',
            "is a broken baseline: object missing required field `findings`",
        ),
        ('{"schema": "casemate.baseline/1", "findings": [{"id": "x"}]}', "is a broken baseline: "),
        ('{"schema": "casemate.baseline/1", "findings": [', "is no baseline: input data was truncated"),
        (
            '{"schema":"casemate.baseline/1","findings":[{"id":"0123456789abcdef","file":"a","count":1000000,'
            '"subject":{"apiVersion":"v1","kind":"Pod"}},{"id":"0123456789abcdef","file":"b","count":1,'
            '"subject":{"apiVersion":"v1","kind":"Pod"}}]}',
            "counts more than 1,000,000 findings",
        ),
    ],
)
def test_a_broken_or_foreign_file_is_one_sentence(shop: Path, run: Any, text: str | None, said: str) -> None:
    base = shop.parent / "base.json"
    if text is not None:
        base.write_text(text)
    ran = run("scan", shop, "--baseline", base)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert said in ran.err
