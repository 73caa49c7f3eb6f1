"""The tree of a revision is read exactly, and what cannot be read is said."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from casemate.model.errors import UsageError
from casemate.readers import git

AUTHOR = {
    f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


class Repository:
    def __init__(self, top: Path) -> None:
        self.top = top
        self("init", "-q", "-b", "main")

    def __call__(self, *words: str) -> str:
        environment = {
            **os.environ,
            **AUTHOR,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        done = subprocess.run(["git", *words], cwd=self.top, env=environment, check=True, capture_output=True)
        return done.stdout.decode()

    def write(self, name: str, text: str) -> None:
        (self.top / name).parent.mkdir(parents=True, exist_ok=True)
        (self.top / name).write_text(text)

    def commit(self) -> None:
        self("add", "-A")
        self("commit", "-q", "-m", "x")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    top = tmp_path / "repository"
    top.mkdir()
    monkeypatch.chdir(top)
    return Repository(top)


def extract(target: str, tmp_path: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    into = tmp_path / "into"
    into.mkdir()
    top, problems = git.extract(target, str(into))
    files = {
        os.path.relpath(os.path.join(folder, name), top): (Path(folder) / name).read_text()
        for folder, _, names in os.walk(top)
        for name in names
    }
    return files, [(item.file, item.error) for item in problems]


def test_an_earlier_tree_and_nothing_is_checked_out(repository: Repository, tmp_path: Path) -> None:
    repository.write("deploy/a.yaml", "a: 1\r\n")
    repository.write("deploy/readme.txt", "no manifest")
    repository.write(".gitattributes", "*.yaml export-ignore\n*.yaml eol=lf\n")
    repository.commit()
    repository.write("deploy/a.yaml", "a: 2\n")
    repository.commit()
    before = repository("status", "--porcelain"), repository("rev-parse", "HEAD")
    files, problems = extract("git:HEAD~1", tmp_path)
    assert set(files) == {"deploy/a.yaml"}
    assert problems == []
    assert (repository("status", "--porcelain"), repository("rev-parse", "HEAD")) == before


@pytest.mark.parametrize("path", ["deploy", "deploy/", "./deploy"])
def test_a_path_in_it(repository: Repository, tmp_path: Path, path: str) -> None:
    repository.write("deploy/a.yaml", "a: 1\n")
    repository.write("b.yaml", "b: 1\n")
    repository.commit()
    assert extract(f"git:main:{path}", tmp_path) == ({"a.yaml": "a: 1\n"}, [])


def test_all_of_a_chart_and_of_a_kustomization(repository: Repository, tmp_path: Path) -> None:
    for name in (
        "c/Chart.yaml",
        "c/templates/_h.tpl",
        "k/kustomization.yaml",
        "k/x.properties",
        "z/x.properties",
    ):
        repository.write(name, "a: 1\n")
    repository.commit()
    files, _ = extract("git:HEAD", tmp_path)
    assert set(files) == {"c/Chart.yaml", "c/templates/_h.tpl", "k/kustomization.yaml", "k/x.properties"}


def test_links_stay_in_the_tree(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.yaml", "a: 1\n")
    for name, to in (("in.yaml", "a.yaml"), ("out.yaml", "../../x.yaml"), ("root.yaml", "/etc/passwd")):
        (repository.top / name).symlink_to(to)
    repository.commit()
    files, problems = extract("git:HEAD", tmp_path)
    assert files == {"a.yaml": "a: 1\n", "in.yaml": "a: 1\n"}
    assert problems == [(name, "a link that leads out of the tree") for name in ("out.yaml", "root.yaml")]


def test_a_submodule_is_not_read(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.yaml", "a: 1\n")
    repository.commit()
    head = repository("rev-parse", "HEAD").strip()
    repository("update-index", "--add", "--cacheinfo", f"160000,{head},sub/module")
    repository("commit", "-q", "-m", "x")
    assert extract("git:HEAD", tmp_path)[1] == [
        ("sub/module", "a submodule, whose files are in another repository")
    ]


def test_nothing_to_read_is_an_empty_folder(repository: Repository, tmp_path: Path) -> None:
    repository.write("docs/a.txt", "a")
    repository.commit()
    assert extract("git:HEAD:docs", tmp_path) == ({}, [])


def test_large_content_comes_in_parts(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_BATCH", 10)
    for number in range(5):
        repository.write(f"{number}.yaml", f"a: {number}\n")
    repository.commit()
    assert len(extract("git:HEAD", tmp_path)[0]) == 5


@pytest.mark.parametrize(
    ("name", "limit", "error"),
    [("MOST_FILES", 1, "more than 1 files"), ("LARGEST_TREE", 3, "files or 1 GB to read: name a path")],
)
def test_limits(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int, error: str
) -> None:
    monkeypatch.setattr(git, name, limit)
    repository.write("a.yaml", "a: 1\n")
    repository.write("b.yaml", "b: 1\n")
    repository.commit()
    with pytest.raises(UsageError, match=error):
        extract("git:HEAD", tmp_path)


def test_a_file_that_is_too_large_is_not_read(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "LARGEST", 3)
    repository.write("a.yaml", "a: 1\n")
    repository.commit()
    assert extract("git:HEAD", tmp_path) == ({}, [("a.yaml", "larger than 0 MB")])


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("git:", "name a revision"),
        ("git:--output=x", "name a revision"),
        ("git:nope", "there is no such revision here"),
        ("git:HEAD:nope", "there is no nope in that revision"),
        ("git:HEAD:../x", "the path starts at the top of the repository"),
        ("git:HEAD:/etc", "the path starts at the top of the repository"),
    ],
)
def test_slips(repository: Repository, tmp_path: Path, target: str, error: str) -> None:
    repository.write("a.yaml", "a: 1\n")
    repository.commit()
    with pytest.raises(UsageError, match=f"^{target}: .*{error}"):
        extract(target, tmp_path)


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(UsageError, match=r"^git:HEAD: "):
        extract("git:HEAD", tmp_path)


def test_content_that_is_lacking(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.yaml", "a: 1\n")
    repository.commit()
    name = repository("rev-parse", "HEAD:a.yaml").strip()
    (repository.top / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(UsageError, match=r"^git:HEAD: "):
        extract("git:HEAD", tmp_path)


@pytest.mark.parametrize("error", [OSError(2, "No such file"), subprocess.TimeoutExpired("git", 1)])
def test_git_that_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(UsageError, match=r"^git:HEAD: git (could not be started|did not answer)"):
        extract("git:HEAD", tmp_path)
