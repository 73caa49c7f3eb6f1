"""Targets become one estate in which every document is counted once, with the file it came from."""

import io
import json
import shutil
import tarfile
import tempfile
import zipfile
from itertools import starmap
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.errors import UsageError
from casemate.model.estate import Entity, Estate
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate
from tests.trees import LAW

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
DEFINITION = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  a: 1\n"
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
"""


class Content(NamedTuple):
    """A file's ending and text, and how many documents of each sort it holds."""

    ending: str
    data: bytes
    objects: int
    skipped: int
    unreadable: int


CONTENTS: list[Content] = list(
    starmap(
        Content,
        [
            ("yaml", CONFIG.encode(), 1, 0, 0),
            ("yml", f"{CONFIG}---\n{CONFIG}---\n".encode(), 2, 0, 0),
            ("yaml", b"", 0, 0, 0),
            ("yaml", b"# nothing\n---\n", 0, 0, 0),
            ("yaml", f"a: 1\n---\n- 1\n---\n{DEFINITION}---\n{CONFIG}".encode(), 1, 3, 0),
            ("yaml", f"a: [\n---\n{CONFIG}---\nb: c: d\n".encode(), 1, 0, 2),
            ("yaml", b"\xff\xfe", 0, 0, 0),
            ("yaml", b"a: \xff", 0, 0, 1),
            ("yaml", b"\xff\xfea", 0, 0, 1),
            (
                "yaml",
                b"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A}\n- 1\n- {a: 1}\n",
                1,
                1,
                1,
            ),
            (
                "json",
                json.dumps({"apiVersion": "v1", "kind": "PodList", "items": [{}, {}, 5]}).encode(),
                2,
                0,
                1,
            ),
            ("json", b'{"apiVersion": "v1", "kind": "A"} {"kind": "B"} oops', 1, 1, 1),
            ("json", b'{"a": 1', 0, 0, 1),
            ("json", b'{"apiVersion": "v1", "kind": "PodList", "items": []}', 0, 1, 0),
            ("txt", CONFIG.encode(), 0, 0, 0),
            ("tar.gz", b"no archive", 0, 1, 0),
        ],
    )
)


def counts(estate: Estate) -> tuple[int, int, int]:
    return len(estate.entities), len(estate.skipped), len(estate.unreadable)


def read(*targets: Path | str, settings: Settings | None = None) -> Estate:
    estate = read_estate(tuple(map(str, targets)), settings or Settings())
    assert estate.coverage.documents == sum(counts(estate))
    return estate


def names(estate: Estate) -> list[str | None]:
    return [entity.ref.name for entity in estate.entities]


@LAW
@given(st.lists(st.tuples(st.sampled_from(CONTENTS), st.sampled_from(("", "a/", "a/b/", "c/"))), max_size=12))
def test_no_document_is_lost_whatever_a_folder_holds(chosen: list[tuple[Content, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        for number, (content, inside) in enumerate(chosen):
            file = Path(name) / inside / f"{number}.{content.ending}"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.data)
        estate = read(name)
    objects = sum(content.objects for content, _ in chosen)
    skipped = sum(content.skipped for content, _ in chosen)
    assert counts(estate) == (objects, skipped, sum(content.unreadable for content, _ in chosen))
    assert estate.coverage.files == sum(content.ending in {"yaml", "yml", "json"} for content, _ in chosen)
    assert not estate.coverage.rendered


@pytest.mark.parametrize(
    "content", CONTENTS, ids=lambda content: f"{content.ending}-{CONTENTS.index(content)}"
)
def test_an_archive_holds_what_its_folder_holds(content: Content, tmp_path: Path) -> None:
    ending, data, *wanted = content
    wanted = [0, 0, 0] if ending == "tar.gz" else wanted
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(f"in/x.{ending}", data)
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as other:
        entry = tarfile.TarInfo(f"in/x.{ending}")
        entry.size = len(data)
        other.addfile(entry, io.BytesIO(data))
    for name in ("a.zip", "a.tgz"):
        estate = read(tmp_path / name)
        assert list(counts(estate)) == wanted
        places = [item.file for item in estate.skipped] + [item.file for item in estate.unreadable]
        places += [entity.origin.document.file for entity in estate.entities]
        assert set(places) <= {f"{tmp_path / name}/in/x.{ending}"}


def test_several_targets_are_one_estate_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b.yaml").write_text(CONFIG.replace("name: a", "name: second"))
    (tmp_path / "a" / "x.yaml").write_text(CONFIG.replace("name: a", "name: first"))
    assert names(read(tmp_path / "a", tmp_path / "b.yaml")) == ["first", "second"]
    assert names(read(tmp_path / "*.yaml", tmp_path / "a")) == ["second", "first"]
    with pytest.raises(UsageError):
        read(tmp_path / "a", tmp_path / "none")


def test_files_are_named_as_the_target_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    given = {
        target: read(target).entities[0].origin.document.file
        for target in (".", "in", "in/", "./in", "in/a.yaml")
    }
    assert given == {
        ".": "./in/a.yaml",
        "in": "in/a.yaml",
        "in/": "in/a.yaml",
        "./in": "./in/a.yaml",
        "in/a.yaml": "in/a.yaml",
    }


def test_settings_say_what_is_complete_and_what_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CONFIG)
    (tmp_path / "b.yaml").write_text(CONFIG)
    estate = read(tmp_path, settings=Settings(complete=frozenset(("Secret",)), exclude=("b*",)))
    assert estate.coverage.covers("Secret")
    assert not estate.coverage.covers("ConfigMap")
    assert counts(estate) == (1, 1, 0)
    assert read(tmp_path, settings=Settings(complete=frozenset("*"))).coverage.covers("ConfigMap")


# Programs that render: stand-ins on the path, and the real one where it is there


def program(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "bin" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{file.parent}:/usr/bin:/bin")


def test_helm_is_called_with_a_list_of_words_and_little_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = tmp_path / "odd name; touch x"
    chart.mkdir()
    (chart / "Chart.yaml").write_text("name: a\n")
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("KUBECONFIG", "/home/u/.kube/config")
    program(
        tmp_path,
        "helm",
        f'for word; do echo "$word"; done > {tmp_path}/words; env > {tmp_path}/env; cat',
        monkeypatch,
    )
    assert counts(read(chart)) == (0, 1, 0)
    assert (tmp_path / "words").read_text().splitlines() == ["template", "release", f"{chart}/"]
    environment = (tmp_path / "env").read_text()
    assert "hunter2" not in environment
    assert "KUBECONFIG" not in environment
    assert "HTTPS_PROXY=http://127.0.0.1:9" in environment, "nothing is fetched"


def test_each_rendered_object_names_its_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "charts" / "shop").mkdir(parents=True)
    (tmp_path / "charts" / "shop" / "Chart.yaml").write_text("name: shop\n")
    output = (
        f"---\n# Source: shop/templates/a.yaml\n{CONFIG}---\n# Source: shop/charts/db/templates/b.yaml\n{CONFIG}"
        f"---\r\n{CONFIG}--- \n# Source: shop/templates/c.yaml\na: [\n"
    )
    (tmp_path / "out").write_text(output, newline="")
    program(tmp_path, "helm", f"cat {tmp_path}/out", monkeypatch)
    estate = read(tmp_path / "charts")
    above = tmp_path / "charts" / "shop"
    assert [entity.origin.document.file for entity in estate.entities] == [
        str(above / "templates/a.yaml"),
        str(above / "charts/db/templates/b.yaml"),
        str(above / "Chart.yaml"),
    ]
    assert [item.file for item in estate.unreadable] == [str(above / "templates/c.yaml")]
    assert estate.coverage.rendered


def test_a_packed_chart_is_rendered_from_its_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tarfile.open(tmp_path / "shop-1.tgz", "w:gz") as archive:
        for name in ("shop/Chart.yaml", "shop/templates/a.yaml"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
    program(tmp_path, "helm", f"echo \"$3\" > {tmp_path}/words; printf '{CONFIG}'", monkeypatch)
    estate = read(tmp_path / "shop-1.tgz")
    assert (tmp_path / "words").read_text().strip() == str(tmp_path / "shop-1.tgz")
    assert counts(estate) == (1, 2, 0)


@pytest.mark.parametrize(
    ("annotation", "named"),
    [
        ("path: {folder}/base/cart.yaml", "base/cart.yaml"),
        ("repo: x\npath: {folder}/base/cart.yaml", "base/cart.yaml"),
        ("path: {folder}/base/none.yaml", "kustomization.yaml"),
        ("path: {folder}/base/other.yaml", "kustomization.yaml"),
        ("path: {folder}/base", "kustomization.yaml"),
        ("configuredBy: x", "kustomization.yaml"),
        ("", "kustomization.yaml"),
    ],
)
def test_each_built_object_names_the_file_it_came_from(
    annotation: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    (top / "base").mkdir(parents=True)
    (top / "kustomization.yaml").write_text("resources: [base/cart.yaml]\nnamePrefix: new-\n")
    (top / "base" / "cart.yaml").write_text(f"# moved by a line\n{DEPLOYMENT}")
    (top / "base" / "other.yaml").write_text(DEPLOYMENT.replace("name: cart", "name: other"))
    origin = json.dumps(annotation.format(folder=top))
    built = DEPLOYMENT.replace(
        "  name: cart\n", f"  name: new-cart\n  annotations: {{config.kubernetes.io/origin: {origin}}}\n", 1
    )
    (tmp_path / "out").write_text(built)
    program(tmp_path, "kustomize", f"cat {tmp_path}/out", monkeypatch)
    estate = read(top)
    (entity,) = (entity for entity in estate.entities if entity.ref.name == "new-cart")
    assert entity.origin.document.file == str(top / named)
    assert entity.origin.note == f"as built by the kustomization in {top}"


def test_what_a_build_prints_that_is_broken_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [a.yaml]\nnamespace: x\n")
    (tmp_path / "a.yaml").write_text(CONFIG)
    program(tmp_path, "kustomize", f"printf 'a: [\\n---\\nb: 1\\n---\\n{CONFIG}'", monkeypatch)
    assert counts(read(tmp_path)) == (1, 3, 1)


def test_what_a_base_fetches_is_not_fetched_even_outside_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "over").mkdir()
    (tmp_path / "base" / "kustomization.yaml").write_text("resources: ['https://example.com/a.yaml']\n")
    (tmp_path / "over" / "kustomization.yaml").write_text("resources: [../base]\nnamespace: x\n")
    program(
        tmp_path,
        "kustomize",
        'echo "error: proxy is $HTTPS_PROXY, git may use [$GIT_ALLOW_PROTOCOL]" >&2; exit 1',
        monkeypatch,
    )
    (item,) = read(tmp_path / "over").unreadable
    assert "proxy is http://127.0.0.1:9, git may use []" in item.error
    (item,) = read(tmp_path).unreadable
    assert "fetches https://example.com/a.yaml from the network" in item.error


@pytest.mark.skipif(not shutil.which("kubectl"), reason="needs kubectl")
def test_kubectl_builds_what_lies_around_the_target(tmp_path: Path) -> None:
    for name in ("base", "over", "part"):
        (tmp_path / "deploy" / name).mkdir(parents=True)
    deploy = tmp_path / "deploy"
    (deploy / "base" / "Kustomization").write_text("resources: [cart.yaml, list.yaml]\n")
    (deploy / "base" / "cart.yaml").write_text(f"{CONFIG}---\n{DEPLOYMENT}")
    (deploy / "base" / "list.yaml").write_text(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n"
    )
    (deploy / "part" / "kustomization.yaml").write_text(
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -x\n"
    )
    (deploy / "over" / "kustomization.yaml").write_text(
        "resources: [../base]\ncomponents: [../part]\nnamespace: shop\nconfigMapGenerator: [{name: g, literals: [a=b]}]\n"
    )
    for estate in (read(deploy), read(deploy / "over")):
        assert not estate.unreadable, estate.unreadable
        found: dict[str, Entity] = {str(entity.ref.kind): entity for entity in estate.entities}
        assert sorted(found) == ["ConfigMap", "Deployment", "Secret"]
        assert {entity.ref.namespace for entity in estate.entities} == {"shop"}
        assert str(found["Deployment"].ref) == "shop/cart-x"
        document = found["Deployment"].origin.document
        assert (document.file, document.line) == (str(deploy / "base" / "cart.yaml"), 4)
        assert found["Secret"].origin.path == ("items", 0)
        assert len(estate.entities) == 4
