"""`casemate diff` says what a change opens and closes, for folders, files, archives and revisions."""

import json
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_waivers import WAIVE, pod

SOUND = pod("a").replace("hostPID: true", "hostPID: false")


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        (folder / "deploy").mkdir(parents=True)
        (folder / "deploy" / "a.yaml").write_text(pod("a"))
    return old, new


def diff(
    run: Any, *words: object, **options: Any
) -> tuple[int, list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """Status, and what is new and gone that is severe: control, file and line."""
    ran = run("diff", *words, "--format", "json", **options)
    parts = [
        [
            (f["control"], f["file"], f["line"])
            for f in ran.answer["findings"][part]
            if f["severity"] == "high"
        ]
        for part in ("new", "gone")
    ]
    return ran.status, parts[0], parts[1]


def test_equal_sides(sides: tuple[Path, Path], run: Any) -> None:
    ran = run("diff", *sides, "--format", "json")
    none: dict[str, list[object]] = {"opened": [], "closed": []}
    assert ran.status == 0
    assert ran.answer == {
        "schema": "casemate.diff/1",
        "findings": {"new": [], "gone": []},
        "rights": none,
        "connections": none,
    }
    text = run("diff", *sides).out
    assert "0 new findings, 0 gone, " in text
    assert "rights" not in text


def test_new_and_gone(sides: tuple[Path, Path], run: Any) -> None:
    old, new = sides
    (new / "deploy" / "a.yaml").write_text(SOUND)
    (new / "b.yaml").write_text("\n" + pod("b"))
    new_one, gone = ("pod-host-pid", "b.yaml", 6), ("pod-host-pid", "deploy/a.yaml", 5)
    assert diff(run, old, new) == (1, [new_one], [gone])
    assert diff(run, old, new, "--fail-on", "critical")[0] == 0
    assert diff(run, old, new, "--fail-on", "none")[0] == 0
    assert diff(run, new, old) == (1, [gone], [new_one])
    text = run("diff", old, new).out
    assert text.index("New\n") < text.index("b.yaml:6:3  pod-host-pid") < text.index("Gone\n")
    assert "exit status 1: a new finding is high or worse" in text


def test_single_files_and_archives(sides: tuple[Path, Path], tmp_path: Path, run: Any) -> None:
    old, new = sides
    (new / "deploy" / "a.yaml").write_text(SOUND)
    one, other = old / "deploy" / "a.yaml", tmp_path / "b.yaml"
    other.write_text(SOUND)
    assert diff(run, other, one) == (1, [("pod-host-pid", "a.yaml", 5)], [])
    archive = tmp_path / "old.tar.gz"
    with tarfile.open(archive, "w:gz") as made:
        made.add(old / "deploy", "deploy")
    assert diff(run, archive, new) == (0, [], [("pod-host-pid", "deploy/a.yaml", 5)])
    assert diff(run, new, archive) == (1, [("pod-host-pid", "deploy/a.yaml", 5)], [])
    assert diff(run, "-", one, stdin=SOUND.encode())[:2] == (1, [("pod-host-pid", "a.yaml", 5)])


def test_revisions(tmp_path: Path, run: Any) -> None:
    top = tmp_path / "repository"
    (top / "deploy").mkdir(parents=True)
    names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=top, check=True, capture_output=True, env=os.environ | names)

    git("init", "-q", "-b", "main")
    (top / "deploy" / "a.yaml").write_text(SOUND)
    git("add", ".")
    git("commit", "-q", "-m", "x")
    (top / "deploy" / "a.yaml").write_text(pod("a"))
    git("commit", "-q", "-a", "-m", "y")
    (top / "casemate.yaml").write_text("disable: [image-not-pinned]\n")
    (top / "deploy" / "a.yaml").write_text(SOUND)
    here = ("pod-host-pid", "deploy/a.yaml", 5)
    assert diff(run, "git:HEAD", ".", cwd=top) == (0, [], [here])
    assert diff(run, "git:HEAD~1", "git:main", cwd=top) == (1, [here], [])
    assert diff(run, "git:HEAD:deploy", "deploy", cwd=top) == (0, [], [("pod-host-pid", "a.yaml", 5)])
    assert "image-not-pinned" not in run("diff", "git:HEAD~1", "git:main", cwd=top).out
    (top / "casemate.yaml").write_text(
        "waivers:\n  - {control: pod-host-pid, path: deploy/**, owner: a, reason: b, until: 2027-01-01}\n"
    )
    assert diff(run, "git:HEAD~1", "git:main", cwd=top) == (0, [], [])
    assert diff(run, "git:HEAD:deploy", "deploy", cwd=top) == (0, [], [])
    (top / "deploy" / "bad.yaml").symlink_to("/etc/hostname")
    git("add", ".")
    git("commit", "-q", "-m", "z")
    ran = run("diff", "git:HEAD", "git:HEAD", cwd=top)
    assert ran.status == 3
    assert "git:HEAD: deploy/bad.yaml:1:1  a link that leads out of the tree" in ran.out
    assert run("diff", "git:HEAD", "git:HEAD", "--allow-unreadable", cwd=top).status == 0


def test_waived_on_the_new_side_is_not_gone(sides: tuple[Path, Path], run: Any) -> None:
    old, new = sides
    (new / "deploy" / "a.yaml").write_text(pod("a", WAIVE.replace("2999", "2027")))
    assert diff(run, old, new) == (0, [], [])
    assert diff(run, new, old)[:2] == (1, [("pod-host-pid", "deploy/a.yaml", 5)])


def test_what_was_not_read(sides: tuple[Path, Path], run: Any) -> None:
    old, new = sides
    (new / "c.yaml").write_text("a: [\n")
    ran = run("diff", old, new, "--format", "json")
    assert ran.status == 3
    (unread,) = ran.answer["unreadable"]
    assert (unread["target"], unread["file"]) == (str(new), "c.yaml")
    assert run("diff", old, new, "--allow-unreadable").status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "."), "nowhere: no such file or folder; a revision is named git:REV or git:REV:PATH"),
        ((".", "nowhere"), "nowhere: no such file or folder"),
        (("git:none", "."), "git:none: "),
        (("-", "-"), "only one of the two can be standard input"),
    ],
)
def test_slips(tmp_path: Path, run: Any, words: tuple[str, str], said: str) -> None:
    ran = run("diff", *words, cwd=tmp_path)
    assert ran.status == 2
    assert said in ran.err


def test_both_forms_at_once(sides: tuple[Path, Path], tmp_path: Path, run: Any) -> None:
    file = tmp_path / "d.json"
    ran = run("diff", *sides, "--format", "text", "--format", "json", "--output", file)
    assert "casemate diff: " in ran.out
    assert json.loads(file.read_text())["schema"] == "casemate.diff/1"


NETWORK = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
"""


@pytest.fixture
def network(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "a.yaml").write_text(NETWORK)
    return old, new


def test_a_connection_that_is_opened(network: tuple[Path, Path], run: Any) -> None:
    old, new = network
    assert run("diff", old, new, "--fail-on-opened", "--fail-on", "none").status == 0
    (new / "a.yaml").write_text(NETWORK.replace("port: 5432", "port: 5432, endPort: 5433"))
    ran = run("diff", old, new, "--format", "json", "--fail-on", "none")
    row = {
        "src": "shop/web[Pod]",
        "dst": "shop/db[Pod]",
        "protocol": "TCP",
        "from": 5433,
        "to": 5433,
        "cause": "policies",
    }
    assert (ran.status, ran.answer["connections"]) == (0, {"opened": [row], "closed": []})
    failed = run("diff", old, new, "--fail-on", "none", "--fail-on-opened")
    assert failed.status == 1
    assert "shop/db[Pod]" in failed.out
    assert "TCP 5433" in failed.out
    back = run("diff", new, old, "--format", "json", "--fail-on", "none", "--fail-on-opened")
    assert (back.status, back.answer["connections"]) == (0, {"opened": [], "closed": [row]})


def test_what_cannot_be_read_wins_over_what_is_opened(network: tuple[Path, Path], run: Any) -> None:
    old, new = network
    (new / "a.yaml").write_text(NETWORK.replace("app: web}}}], ports", "}}}], ports"))
    (new / "b.yaml").write_text("a: [\n")
    words = ("diff", old, new, "--fail-on", "none", "--fail-on-opened")
    assert run(*words).status == 3
    (new / "b.yaml").unlink()
    (new / "a.yaml").write_text(
        NETWORK + "---\n" + NETWORK.split("---", maxsplit=1)[0].replace("name: web", "name: more")
    )
    ran = run(*words, "--format", "json")
    assert ran.status == 1
    assert {item["cause"] for item in ran.answer["connections"]["opened"]} == {"workload"}


def test_too_many_workloads_are_said(tmp_path: Path, run: Any) -> None:
    pod_ = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": []}}
    items = [{**pod_, "metadata": {"name": f"p{n}", "namespace": "big"}} for n in range(2_001)]
    (tmp_path / "a.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    (tmp_path / "b.json").write_text("{}")
    ran = run("diff", tmp_path / "b.json", tmp_path / "a.json", "--format", "json", "--fail-on", "none")
    assert ran.answer["connections"] == {"opened": [], "closed": []}
    note = "connections of 2,001 workloads are too many to compare one by one: compare parts of them"
    assert ran.answer["notes"] == [note]
    assert f"casemate: {note}" in ran.err
    words = ("diff", tmp_path / "b.json", tmp_path / "a.json", "--fail-on", "none", "--fail-on-opened")
    assert run(*words).status == 3  # what was not compared is not passed
    assert run(*words, "--allow-unreadable").status == 0
