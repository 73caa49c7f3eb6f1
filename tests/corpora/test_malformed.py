"""Every malformed document gives what the corpus states: right objects, right report, no loss."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CORPORA

_FILE = CORPORA / "pods" / "manifests" / "malformed.jsonl"
_CASES = [json.loads(line) for line in _FILE.read_text().splitlines()] if _FILE.exists() else []


def content(case: dict[str, Any]) -> bytes:
    """The bytes of a case: given, encoded, or generated."""
    if "content" in case:
        return str(case["content"]).encode()
    if "content_base64" in case:
        return base64.b64decode(case["content_base64"])
    made = case["generate"]
    before, after = made.get("before", ""), made.get("after", "")
    if made["op"] == "nest":
        text = made["open"] * made["depth"] + made["inner"] + made["close"] * made["depth"]
    elif made["op"] == "repeat":
        text = made["text"] * made["times"]
    else:
        text = "---\n".join(made["text"].replace("%d", str(n)) for n in range(made["times"]))
    return f"{before}{text}{after}".encode()


@pytest.mark.skipif(not _CASES, reason="the corpora are not here")
@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["name"])
def test_malformed(case: dict[str, Any], tmp_path: Path, run: Any) -> None:
    file = tmp_path / case["file"]
    file.write_bytes(content(case))
    expect = case["expect"]
    ran = run("scan", file, "--format", "json", timeout=expect.get("max_seconds", 60))
    answer = ran.answer
    for wanted in expect["objects"]:
        _check_object(wanted, answer)
    named = [item for item in answer["unreadable"] if item["file"] == str(file)]
    if expect["report"] == "no":
        assert not named
    elif expect["report"] == "yes":
        places = [item["line"] for item in named]
        about = expect.get("report_about")
        if about:
            places += [f["line"] for f in answer["findings"] if re.search(about, f["message"], re.IGNORECASE)]
        low, high = expect.get("lines", (1, 10**9))
        assert any(low <= line <= high for line in places)
        assert len(places) >= expect.get("min_reports", 1)
        assert ran.status == 3 or about
    coverage = answer["coverage"]
    assert (
        coverage["documents"]
        == coverage["judged"] + sum(coverage["skipped"].values()) + coverage["unreadable"]
    )


def _check_object(wanted: dict[str, Any], answer: dict[str, Any]) -> None:
    found = [
        finding
        for finding in answer["findings"]
        if finding["subject"]["kind"] == wanted["kind"]
        and (wanted.get("any_name") or finding["subject"]["name"] == wanted["name"])
    ]
    if wanted.get("must_not"):
        assert not [f for f in found if re.search(wanted["must_not"], f["control"])]
    if wanted["find"] is None:
        return
    hits = [f for f in found if re.search(wanted["find"], f"{f['control']} {f['message']}", re.IGNORECASE)]
    if not hits and wanted.get("optional"):
        told = json.dumps([answer["unreadable"], answer["skipped"]])
        assert found or len(told) > len("[[], []]")
        return
    assert hits, f"{wanted['find']} not among {[f['control'] for f in found]}"
    if "line" in wanted:
        assert any(abs(f["line"] - wanted["line"]) <= 1 for f in hits)
    blamed = {f["container"] for f in hits}
    assert set(wanted.get("containers", ())) <= blamed
    assert not blamed & set(wanted.get("not_containers", ()))
