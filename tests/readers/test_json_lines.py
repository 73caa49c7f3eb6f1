"""JSON Lines: each line is a value or says what is wrong with it."""

from pathlib import Path

import msgspec
import pytest

from casemate.model.errors import UsageError
from casemate.readers import json_lines as module
from casemate.readers.json_lines import json_lines


class Point(msgspec.Struct):
    x: int
    y: int = 0


def test_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 40)
    file = tmp_path / "a.jsonl"
    file.write_bytes(
        b'{"x":1}\n\n{"x":"a"}\r\nnull\n{"x":2,"z":[]}\n{"x":' + b" " * 90 + b"3}\n\xff\n" + b'{"x":4}'
    )
    found = list(json_lines(str(file), Point))
    assert [item for item in found if isinstance(item, Point)] == [Point(1), Point(2), Point(4)]
    texts = [item for item in found if isinstance(item, str)]
    assert texts[0] == "an empty line: one request per line"
    assert "Expected `int`" in texts[1]
    assert "a line of more than" in texts[3]
    assert len(found) == 8


def test_an_endless_line_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 10)
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"x" * 35)
    assert [str(item)[:21] for item in json_lines(str(file), Point)] == ["a line of more than 0"]


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.jsonl cannot be read: no such file"):
        list(json_lines(str(tmp_path / "gone.jsonl"), Point))
