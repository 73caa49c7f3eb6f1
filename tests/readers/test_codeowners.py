"""CODEOWNERS is found as GitHub finds it."""

from pathlib import Path

from casemate.readers import codeowners


def test_the_first_place_decides(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    file = tmp_path / "a" / "b" / "x.yaml"
    file.write_text("")
    (tmp_path / "docs" / "CODEOWNERS").write_text("* @docs\n")
    codeowners._rules.cache_clear()  # the file changes below, as it does not in a run
    assert codeowners.owner_of(str(file)) == "@docs"
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "CODEOWNERS").write_text("/a/ @one @two\n")
    codeowners._rules.cache_clear()  # as above
    assert codeowners.owner_of(str(file)) == "@one @two"
    assert codeowners.owner_of(str(tmp_path / "c.yaml")) is None


def test_without_a_repository_nobody_owns(tmp_path: Path) -> None:
    assert codeowners.owner_of(str(tmp_path / "a.yaml")) is None


def test_without_a_file_nobody_owns(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert codeowners.owner_of(str(tmp_path / "a.yaml")) is None
