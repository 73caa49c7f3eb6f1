"""Files are replaced as a whole, with their mode; what cannot be written is left as it was."""

import os
from pathlib import Path

import pytest

from casemate.model.errors import ReadError
from casemate.writers.replacing import replace


def test_content_and_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a\r\n")
    file.chmod(0o640)
    replace(str(file), b"a\r\n", b"b\r\n")
    assert file.read_bytes() == b"b\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_read_only_and_changed_files_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a")
    with pytest.raises(ReadError, match="changed after it was judged"):
        replace(str(file), b"other", b"b")
    file.chmod(0o444)
    with pytest.raises(ReadError, match="read-only"):
        replace(str(file), b"a", b"b")
    assert file.read_bytes() == b"a"
    assert os.listdir(tmp_path) == ["a.yaml"]
