"""Every format of a scan, alone and together, says the same; what they say about the shop is kept to the letter."""

import csv
import io
import json
import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from jsonschema import Draft4Validator

from casemate import __version__
from casemate.cli.scan import FORMATS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
NAMES = {
    "sarif": "shop-payments.sarif",
    "junit": "shop-payments.junit.xml",
    "markdown": "shop-payments.md",
    "csv": "shop-payments.csv",
}


def test_all_formats_in_one_run_say_the_same(tmp_path: Path, corpora: Path, run: Any) -> None:
    words: list[object] = []
    for name in FORMATS:
        words += ["--format", name, "--output", tmp_path / name]
    ran = run("scan", "examples/shop", *words, cwd=ROOT)
    assert ran.status == 1
    assert ran.out == ""
    ids = {item["id"] for item in json.loads((tmp_path / "json").read_text())["findings"]}
    log = json.loads((tmp_path / "sarif").read_text())
    Draft4Validator(json.loads((corpora / "schemas" / "sarif-schema-2.1.0.json").read_text())).validate(log)
    (found,) = log["runs"]
    assert {item["partialFingerprints"]["casemateFinding/v1"] for item in found["results"]} == ids
    junit = (tmp_path / "junit").read_text()
    assert set(re.findall(r"^finding (\w+);", junit, re.MULTILINE)) == ids
    assert len(list(ET.fromstring(junit).iter("failure"))) == len(found["results"])  # noqa: S314 # our own text
    table = csv.DictReader(io.StringIO((tmp_path / "csv").read_bytes().decode(), newline=""))
    assert {row["id"] for row in table} == ids
    assert f"### Casemate: {len(found['results'])} findings" in (tmp_path / "markdown").read_text()
    assert all(name in (tmp_path / "html").read_text() for name in ids)


def test_one_format_to_the_screen_and_others_to_files(tmp_path: Path, run: Any) -> None:
    words = ["--format", "junit", "--output", tmp_path / "a.xml", "--format", "sarif", "--format", "csv"]
    ran = run("scan", "examples/shop", *words, "--output", tmp_path / "a.csv", cwd=ROOT)
    assert ran.answer["version"] == "2.1.0"
    assert (tmp_path / "a.xml").read_text().startswith("<?xml")
    assert (tmp_path / "a.csv").read_text().startswith("id,")
    ran = run("scan", "examples/shop", "--format", "sarif", "--format", "csv", cwd=ROOT)
    assert ran.status == 2
    assert "only one format can go to standard output" in ran.err


@pytest.mark.parametrize("name", NAMES)
def test_the_same_to_the_screen_and_to_a_file(name: str, tmp_path: Path, run: Any) -> None:
    ran = run("scan", "examples/shop", "--format", name, cwd=ROOT)
    run("scan", "examples/shop", "--format", name, "--output", tmp_path / "a", cwd=ROOT)
    assert ran.out.encode() == (tmp_path / "a").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_part_of_the_shop_gives(name: str, run: Any) -> None:
    text = run("scan", "examples/shop/payments", "--no-cache", "--format", name, cwd=ROOT).out
    if name == "sarif":
        log = json.loads(text)
        for rule in log["runs"][0]["tool"]["driver"]["rules"]:
            del rule["help"]  # the page, which has its own tests
        text = json.dumps(log, indent=1, ensure_ascii=False).replace(f'"{__version__}"', '"VERSION"') + "\n"
    file = GOLDEN / NAMES[name]
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(text.encode())
    assert text.encode() == file.read_bytes(), f"{file.name} differs; UPDATE_GOLDEN=1 writes it anew"


@pytest.mark.parametrize("name", NAMES)
def test_standard_input_and_files_of_any_name(name: str, tmp_path: Path, run: Any) -> None:
    pod = b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true}\n"
    assert b"host-pid" in run("scan", "-", "--format", name, stdin=pod).out.encode()
    (tmp_path / os.fsdecode(b'a\xff," `<b>\n.yaml')).write_bytes(pod)
    ran = run("scan", tmp_path, "--format", name)
    assert ran.status == 1
    assert "host-pid" in ran.out


def test_no_format_shows_a_secret(run: Any) -> None:
    values = set()
    for file in (ROOT / "examples" / "shop").rglob("secrets.yaml"):
        for document in yaml.safe_load_all(file.read_text()):
            values |= {
                str(value) for part in ("data", "stringData") for value in document.get(part, {}).values()
            }
    values |= set(
        re.findall(
            r"PASSWORD\n\s+value: (\S+)", (ROOT / "examples/shop/payments/settlement.yaml").read_text()
        )
    )
    secrets = {value for value in values if "-" in value}  # user names are none
    assert len(secrets) > 3
    for name in NAMES:
        text = run("scan", "examples/shop", "--format", name, cwd=ROOT).out
        assert not [value for value in secrets if value in text]
