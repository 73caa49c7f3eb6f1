"""Folders, archives, charts and kustomizations: each file is judged once, or passed over with a reason."""

import io
import os
import shutil
import socket
import tarfile
import zipfile
from pathlib import Path

import pytest

from casemate.model.errors import UsageError
from casemate.model.estate import Estate
from casemate.model.settings import Settings
from casemate.readers import archives, files, rendering, targets
from casemate.readers.estate import read_estate

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec:\n  containers: [{name: main, image: a}]\n"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  template:
    spec:
      containers:
        - name: cart
          image: registry.example/cart:1
          securityContext:
            privileged: true
"""


def pod(name: str) -> str:
    return POD.replace("NAME", name)


def write(folder: Path, **content: str) -> None:
    for name, text in content.items():
        file = folder / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_name(f"{file.name}.yaml").write_text(text)


def read(target: Path | str, settings: Settings | None = None) -> Estate:
    estate = read_estate((str(target),), settings or Settings())
    seen = len(estate.entities) + len(estate.skipped) + len(estate.unreadable)
    assert estate.coverage.documents == seen
    return estate


def names(estate: Estate) -> list[str | None]:
    return [entity.ref.name for entity in estate.entities]


def program(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "bin" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{file.parent}:/usr/bin:/bin")


def test_folders_are_read_in_order(tmp_path: Path) -> None:
    write(tmp_path, b=pod("b"), a__z=pod("z"), a__w=pod("w"), node_modules__x=pod("x"), __hidden=pod("h"))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "c.yaml").write_text(pod("c"))
    (tmp_path / "readme.md").write_text("text")
    (tmp_path / "old.tar.gz").write_bytes(b"")
    (tmp_path / "d.yml").write_text(pod("d"))
    (tmp_path / "e.json").write_text('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "e"}}')
    estate = read(tmp_path)
    assert set(names(estate)) >= {"b", "w", "z", "d", "e"}
    assert "x" not in names(estate)
    assert "c" not in names(estate)
    assert names(estate).index("w") < names(estate).index("z")
    assert any("name it to read it" in item.reason for item in estate.skipped)


def test_odd_entries_are_named_not_followed(tmp_path: Path) -> None:
    write(tmp_path, a=pod("a"))
    os.mkfifo(tmp_path / "pipe.yaml")
    os.symlink(tmp_path, tmp_path / "loop")
    os.symlink(tmp_path / "nowhere", tmp_path / "dangling.yaml")
    os.symlink(tmp_path / "a.yaml", tmp_path / "link.yaml")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.yaml"))
        estate = read(tmp_path)
    assert names(estate) == ["a", "a"]
    reasons = {Path(item.file).name: item.reason for item in estate.skipped}
    assert reasons == {
        "pipe.yaml": "a pipe, not a file",
        "loop": "a link to a folder, which is not followed",
        "s.yaml": "a socket, not a file",
    }
    assert [Path(item.file).name for item in estate.unreadable] == ["dangling.yaml"]


def test_what_the_system_refuses_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a=pod("a"), b__c=pod("c"))
    closed = files._load

    def load(path: str) -> bytes:
        return closed("/nonexistent" if path.endswith("a.yaml") else path)

    monkeypatch.setattr(files, "_load", load)
    scandir = os.scandir

    def scan(path: str) -> object:
        if path.endswith("/b"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("casemate.readers.files.os.scandir", scan)
    estate = read(tmp_path)
    assert sorted(item.error for item in estate.unreadable) == [
        "no such file or directory",
        "permission denied",
    ]


def test_targets_that_are_not_there_are_slips(tmp_path: Path) -> None:
    write(tmp_path, a=pod("a"))
    for target in (tmp_path / "none", tmp_path / "none*.yaml"):
        with pytest.raises(UsageError, match="no such file or folder"):
            list(targets.expand((str(target),)))
    assert list(targets.expand((str(tmp_path / "*.yaml"), "-"))) == [str(tmp_path / "a.yaml"), "-"]
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="is a pipe"):
        read(tmp_path / "pipe")


def test_excluded_paths(tmp_path: Path) -> None:
    write(tmp_path, a=pod("a"), tests__b=pod("b"))
    estate = read(tmp_path, Settings(exclude=("tests*",)))
    assert names(estate) == ["a"]
    assert [item.reason for item in estate.skipped] == ["excluded by the settings"]


def test_files_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a=pod("a"))
    monkeypatch.setattr(files, "LARGEST", 10)
    assert "larger than" in read(tmp_path).unreadable[0].error


def _tar(path: Path, mode: str, **members: str) -> None:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload] # modes come from the cases
        for name, text in members.items():
            entry = tarfile.TarInfo(f"./in/{name}.yaml")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("in/link.yaml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        folder = tarfile.TarInfo("in")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)


@pytest.mark.parametrize(("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz")])
def test_tar(tmp_path: Path, name: str, mode: str) -> None:
    _tar(tmp_path / name, mode, one=pod("one"), two=pod("two"), broken="a: [")
    estate = read(tmp_path / name)
    assert names(estate) == ["one", "two"]
    assert estate.entities[0].origin.document.file == f"{tmp_path / name}/in/one.yaml"
    assert [item.file.rpartition("/")[2] for item in estate.unreadable] == ["broken.yaml"]
    assert [item.reason for item in estate.skipped] == [
        "a link or device in an archive, which is not followed"
    ]


def test_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in/one.yaml", pod("one"))
        archive.writestr("in/readme.md", "text")
        archive.writestr("../../escape.yaml", pod("escape"))
        archive.writestr("empty/", "")
    assert names(read(tmp_path / "a.zip")) == ["one", "escape"]
    assert not (tmp_path.parent / "escape.yaml").exists()


def test_archives_that_are_broken_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tar(tmp_path / "a.tar.gz", "w:gz", one=pod("one"), two=pod("two" * 999))
    whole = (tmp_path / "a.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "no.zip").write_bytes(b"no zip")
    for name in ("cut.tar.gz", "no.zip"):
        (item,) = read(tmp_path / name).unreadable
        assert "cannot be read to its end" in item.error
    for limit in ("LARGEST", "LARGEST_ARCHIVE", "MOST_MEMBERS"):
        with monkeypatch.context() as context:
            context.setattr(archives, limit, 1)
            assert "cannot be read to its end" in read(tmp_path / "a.tar.gz").unreadable[0].error


def chart(folder: Path) -> None:
    write(folder, Chart="name: shop\n", values="replicas: 1\n", templates__a=pod("{{ .Release.Name }}"))


def test_a_chart_is_judged_as_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chart(tmp_path / "charts" / "shop")
    chart(tmp_path / "charts" / "shop" / "charts" / "inner")
    write(tmp_path, plain=pod("plain"))
    hook = pod("check").replace("{name: check}", "{name: check, annotations: {helm.sh/hook: test}}")
    text = f"---\n# Source: shop/templates/a.yaml\n{pod('rendered')}---\n{hook}---\na: [\n"
    program(tmp_path, "helm", f"cat <<'END'\n{text}END", monkeypatch)
    estate = read(tmp_path)
    assert sorted(map(str, names(estate))) == ["plain", "rendered"]
    rendered = next(entity for entity in estate.entities if entity.ref.name == "rendered")
    assert rendered.origin.document.file == str(tmp_path / "charts" / "shop" / "templates" / "a.yaml")
    assert rendered.origin.note == "as rendered by helm template"
    reasons = [item.reason for item in estate.skipped]
    assert sum("judged only as rendered" in reason for reason in reasons) == 6
    assert "a Helm test, which runs only on demand" in reasons
    assert len(estate.unreadable) == 1
    assert estate.coverage.rendered


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (None, "helm is not installed: get it from"),
        ("echo 'Error: no values' >&2; echo hint >&2; exit 1", "helm could not render it: Error: no values"),
        ("exit 1", "helm could not render it: no reason"),
        ("sleep 30", "did not finish within"),
    ],
)
def test_a_chart_that_cannot_be_rendered(
    tmp_path: Path, script: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart(tmp_path / "shop")
    write(tmp_path, plain=pod("plain"))
    monkeypatch.setattr(rendering, "DEADLINE", 0.3)
    if script is None:
        monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    else:
        program(tmp_path, "helm", script, monkeypatch)
    estate = read(tmp_path)
    assert names(estate) == ["plain"]
    (item,) = estate.unreadable
    assert told in item.error
    assert item.file == str(tmp_path / "shop" / "Chart.yaml")


def test_a_program_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chart(tmp_path / "shop")
    program(tmp_path, "helm", "", monkeypatch)
    (tmp_path / "bin" / "helm").write_bytes(b"\x7fELF no program")
    assert "could not be started" in read(tmp_path / "shop").unreadable[0].error


def overlay(folder: Path) -> None:
    write(
        folder,
        base__kustomization="resources: [cart.yaml]\n",
        base__cart=DEPLOYMENT,
        prod__kustomization="resources: [../base]\npatches: [{path: patch.yaml}]\nnamePrefix: prod-\n",
        prod__patch="apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\n"
        "spec: {template: {spec: {containers: [{name: cart, image: patched}]}}}\n",
    )


def test_a_kustomization_that_only_lists_is_read_as_it_is(tmp_path: Path) -> None:
    write(
        tmp_path,
        kustomization="resources: [a.yaml, sub]\n",
        a=pod("a"),
        sub__kustomization="resources: [b.yaml]\n",
    )
    write(tmp_path, sub__b=pod("b"))
    estate = read(tmp_path)
    assert names(estate) == ["a", "b"]
    assert not estate.coverage.rendered


@pytest.mark.skipif(
    not shutil.which("kubectl") and not shutil.which("kustomize"), reason="needs kubectl or kustomize"
)
@pytest.mark.parametrize("target", ["", "prod"])
def test_an_overlay_is_judged_as_built(tmp_path: Path, target: str) -> None:
    overlay(tmp_path)
    estate = read(tmp_path / target)
    (built,) = estate.entities
    assert built.ref.name == "prod-cart"
    assert "as built by the kustomization in" in str(built.origin.note)
    assert built.origin.document.file == str(tmp_path / "base" / "cart.yaml")
    assert len(estate.skipped) == (2 if target else 4)


def test_an_overlay_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    estate = read(tmp_path)
    assert not estate.entities, "neither a base nor a patch is judged as if deployed"
    assert "neither kustomize nor kubectl is installed" in estate.unreadable[0].error


def test_a_remote_kustomization_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, kustomization="resources: ['https://example.com/a?ref=1']\nnamespace: x\n")
    program(tmp_path, "kustomize", "touch " + str(tmp_path / "called"), monkeypatch)
    assert "from the network" in read(tmp_path).unreadable[0].error
    assert not (tmp_path / "called").exists()


def test_kustomizations_of_tests_and_components(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        tests__kustomization="resources: [../app]\nnamespace: test\n",
        app__kustomization="resources: [a.yaml]\nconfigMapGenerator: []\n",
        app__a=pod("a"),
        part__kustomization="kind: Component\nresources: [b.yaml]\npatchesStrategicMerge: [c.yaml]\n"
        "configMapGenerator: [{files: [x=d.yaml]}]\n",
        part__b=pod("b"),
        part__c=pod("c"),
        part__d=pod("d"),
        odd__kustomization="- a",
        broken__kustomization="a: [",
    )
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    estate = read(tmp_path)
    assert names(estate) == ["a", "b"]
    assert any("folder of tests" in item.reason for item in estate.skipped)
    assert len(estate.unreadable) == 1


def test_charts_and_kustomizations_in_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/y/Chart.yaml", "name: a\n")
        archive.writestr("k/kustomization.yaml", "resources: [a.yaml]\nnamespace: x\n")
        archive.writestr("k/a.yaml", pod("a"))
    estate = read(tmp_path / "a.zip")
    assert not estate.entities
    assert sorted("unpack it" in item.error for item in estate.unreadable) == [True, True]


def test_progress_is_told(tmp_path: Path) -> None:
    write(tmp_path, a=pod("a"), b=pod("b"))
    told: list[tuple[int, int]] = []
    read_estate((str(tmp_path),), Settings(), lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_a_file_that_several_targets_hold_is_judged_once(tmp_path: Path) -> None:
    write(tmp_path, a=pod("a"), sub__b=pod("b"), sub__c=pod("c"))
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    top, sub, file = str(tmp_path), str(tmp_path / "sub"), str(tmp_path / "sub" / "b.yaml")

    def read_all(*targets: str) -> list[str | None]:
        estate = read_estate(targets, Settings())
        assert estate.coverage.documents == len(estate.entities)
        return names(estate)

    assert read_all(file, sub, top, f"{sub}/", file) == ["a", "a", "b", "c"], (
        "a link in one target is a file of its own"
    )
    assert read_all(file, sub) == ["b", "c"]
    assert read_all(file, file) == ["b"]
    assert read_all(str(tmp_path / "a.yaml"), str(tmp_path / "link.yaml"), file) == ["a", "b"]
    assert read_all(sub, os.path.relpath(sub)) == ["b", "c"]


def test_an_empty_target_is_told() -> None:
    with pytest.raises(UsageError, match="a target is empty"):
        read_estate(("",), Settings())
