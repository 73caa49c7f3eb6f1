"""Published manifests: every document is accounted for, and no weak pod stays without a finding."""

import gzip
import json
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from casemate.model.estate import Entity
from casemate.readers.manifests import DEFINITION, read_text

SETS = ("microservices-demo", "examples", "kube-prometheus", "sock-shop")


@pytest.fixture(scope="module")
def unpacked(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manifests")
    for name in SETS:
        with tarfile.open(corpora / "pods" / "manifests" / f"{name}.tar.gz") as archive:
            archive.extractall(folder, filter="data")
    return folder


def _census(corpora: Path) -> dict[str, dict[str, Any]]:
    with gzip.open(corpora / "pods" / "manifests" / "census.json.gz") as file:
        sets = json.load(file)
    return {f"{part['set']}/{name}": row for part in sets for name, row in part["census"].items()}


def test_every_document_is_accounted_for(unpacked: Path, corpora: Path, run: Any) -> None:
    answer = run("scan", ".", "--no-cache", "--format", "json", cwd=unpacked).answer
    coverage = answer["coverage"]
    assert (
        coverage["documents"]
        == coverage["judged"] + sum(coverage["skipped"].values()) + coverage["unreadable"]
    )
    assert not answer["unreadable"]
    assert coverage["files"] == len(_census(corpora))


def test_every_object_is_read(unpacked: Path, corpora: Path) -> None:
    more = []
    for name, row in _census(corpora).items():
        read = list(read_text(name, (unpacked / name).read_bytes()))
        objects = sum(isinstance(item, Entity) or item.reason == DEFINITION for item in read)  # type: ignore[union-attr] # nothing is unreadable
        assert objects >= row["objects"], name
        if objects > row["objects"]:
            more.append(name)
    assert all(b"List\n" in (unpacked / name).read_bytes() for name in more), (
        "typed lists have items without a kind"
    )


def test_weak_pods_and_repeated_keys_are_found_in_their_files(
    unpacked: Path, corpora: Path, run: Any
) -> None:
    answer = run("scan", ".", "--no-cache", "--format", "json", cwd=unpacked).answer
    blamed = {finding["file"].removeprefix("./") for finding in answer["findings"]}
    rows = _census(corpora)
    missed = [name for name, row in rows.items() if row.get("weak_pod") and name not in blamed]
    assert not missed
    repeated = {name for name, row in rows.items() if row.get("duplicate_keys")}
    found = {
        f["file"].removeprefix("./") for f in answer["findings"] if f["control"] == "manifest-duplicate-key"
    }
    assert found == repeated


@pytest.mark.parametrize("name", SETS)
def test_archives_give_what_their_folders_give(name: str, unpacked: Path, corpora: Path, run: Any) -> None:
    archive = corpora / "pods" / "manifests" / f"{name}.tar.gz"
    packed = run("scan", archive, "--format", "json").answer
    folder = run("scan", name, "--no-cache", "--format", "json", cwd=unpacked).answer
    count = [Counter(finding["control"] for finding in answer["findings"]) for answer in (packed, folder)]
    assert count[0] == count[1]
    assert packed["coverage"]["objects"] == folder["coverage"]["objects"]


@pytest.mark.parametrize("name", ["examples", "microservices-demo", "sock-shop"])
def test_templated_files_do_not_vanish(name: str, corpora: Path, tmp_path: Path, run: Any) -> None:
    archive = corpora / "pods" / "manifests" / "templated" / f"{name}.tar.gz"
    with tarfile.open(archive) as members:
        members.extractall(tmp_path, filter="data")
    answer = run("scan", tmp_path, "--format", "json", env={"PATH": "/nonexistent"}).answer
    named = {item["file"] for part in ("unreadable", "skipped", "findings") for item in answer[part]}
    for file in tmp_path.rglob("*.y*ml"):
        assert str(file) in named or answer["coverage"]["judged"], file
    charts = [str(path) for path in tmp_path.rglob("Chart.yaml")]
    assert {item["file"] for item in answer["unreadable"]} >= set(charts)
