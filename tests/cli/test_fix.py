"""`casemate fix`: what it shows is what it writes, a second run has nothing to do, and refusals say why."""

import json
import os
import shutil
import subprocess
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from casemate.cli.fixing import Fixes, Wanted, revise
from casemate.cli.scanning import scan
from casemate.controls.catalogue import all_controls
from casemate.model.control import Control
from casemate.model.settings import Settings
from casemate.readers.settings_file import parse_settings
from casemate.testing import read_page
from casemate.writers.text_edits import TextChange, changed

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "cases"
FIXING = [control for control in all_controls() if control.fixes]

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop} # who
spec:
  hostPID: true # why
  automountServiceAccountToken: false
  containers:
  - name: a
    image: registry.example/a@sha256:0000000000000000000000000000000000000000000000000000000000000000
"""


def fixed_by(file: Path, settings: Settings, *controls: str) -> Fixes:
    return revise((str(file),), settings, Wanted(frozenset(controls), safe_only=False), quiet=True)


def undone(text: str, changes: list[TextChange]) -> str:
    """The edited text with each edited span put back: what was not edited must be there."""
    after = changed(text, changes)
    back, moved = [], 0
    for change in changes:
        start = change.start + moved
        back.append(TextChange(start, start + len(change.text), text[change.start : change.end]))
        moved += len(change.text) - (change.end - change.start)
    return changed(after, back)


def test_enough_controls_carry_a_fix() -> None:
    assert len(FIXING) >= 25


@pytest.mark.parametrize("control", FIXING, ids=lambda control: control.id)
def test_pages_are_mended(control: Control, tmp_path: Path) -> None:
    page = PAGES / control.family / f"{control.module.rpartition('.')[2]}.md"
    mended = 0
    for case in read_page(page.read_text()).cases:
        settings = parse_settings(case.settings.encode(), "casemate.yaml") if case.settings else Settings()
        file = tmp_path / f"case.{case.language}"
        file.write_text(case.text)
        found = [f for f in scan((str(file),), settings, quiet=True).findings if f.control.id == control.id]
        beyond = Counter(finding.fault.message for finding in found if finding.fault.fix is None)
        result = fixed_by(file, settings, control.id)
        mended += len(result.made)
        assert all("anchor" in str(m.reason) or "merge" in str(m.reason) for m in result.refused), page
        assert len(result.made) + len(result.refused) == len(found) - beyond.total()
        for revision in result.revisions:
            for part, changes in zip(revision.sheet.parts, revision.changes, strict=True):
                assert undone(part.text, changes) == part.text
            file.write_bytes(revision.sheet.written(revision.texts))
        again = fixed_by(file, settings, control.id)
        assert not again.made
        left = [f for f in scan((str(file),), settings, quiet=True).findings if f.control.id == control.id]
        assert Counter(f.fault.message for f in left) == beyond + Counter(
            m.finding.fault.message for m in result.refused
        ), page
    assert mended, "a control that says it carries a fix shows it on its page"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "shop", tmp_path / "shop")
    return tmp_path


def test_what_is_shown_is_what_is_written(shop: Path, run: Any) -> None:
    shown = run("fix", "shop", cwd=shop)
    assert shown.status == 0
    other = shop / "other"
    shutil.copytree(shop / "shop", other / "shop")
    for command in (["git", "apply", "--check", "-"], ["git", "apply", "-"]):
        environment = os.environ | {"GIT_CEILING_DIRECTORIES": str(shop)}
        subprocess.run(command, input=shown.out.encode(), cwd=other, check=True, env=environment)
    written = run("fix", "shop", "--apply", cwd=shop)
    assert written.out == shown.out
    for file in (shop / "shop").rglob("*.*"):
        assert file.read_bytes() == (other / "shop" / file.relative_to(shop / "shop")).read_bytes(), file
    assert run("fix", "shop", cwd=shop).out == ""
    findings = run("scan", "shop", "--no-cache", "--format", "json", cwd=shop).answer["findings"]
    assert not [finding for finding in findings if finding["fix"]]


def test_what_is_shown_is_written_and_safe_only_restricts_both(tmp_path: Path, run: Any) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + POD.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    shown = run("fix", file, "--format", "json").answer
    assert {edit["safe"] for edit in shown["edits"]} == {True, False}
    assert shown["refused"] == []
    ran = run("fix", file, "--apply", "--safe-only", "--format", "json")
    assert [edit["control"] for edit in ran.answer["edits"]] == ["pod-privilege-escalation"]
    assert ran.answer["refused"] == []
    assert "to review were left" in ran.err
    inserted = "    securityContext:\r\n      allowPrivilegeEscalation: false\r\n"
    assert file.read_bytes() == b"\xef\xbb\xbf" + POD.replace("\n", "\r\n").encode() + inserted.encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert run("fix", file, "--apply", "--quiet").err == ""
    assert run("fix", file, "--format", "json").answer["edits"] == []
    assert b"hostPID" not in file.read_bytes()


def test_fields_of_one_parent_are_one_insertion(tmp_path: Path, run: Any) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(POD)
    out = run("fix", "a.yaml", cwd=tmp_path).out
    assert out.count("+    securityContext:\n") == 1
    assert "-  hostPID: true # why\n" in out
    assert "# review a.yaml:5 pod-host-pid\n" in out
    assert "# safe a.yaml:8 pod-privilege-escalation\n" in out


def test_what_to_fix_can_be_chosen(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    for words, wanted in (
        (["--safe-only"], {"pod-privilege-escalation"}),
        (["--control", "pod-host-pid"], {"pod-host-pid"}),
        (["--control", "pod-host-pid", "--safe-only"], set()),
    ):
        answer = run("fix", *words, "--format", "json", cwd=tmp_path).answer
        assert {edit["control"] for edit in answer["edits"]} == wanted
        assert answer["refused"] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--control", "pod-hots-pid"], "pod-host-pid"),
        (["--apply", "--patch"], "--patch"),
        (["nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_wrong_usage(words: list[str], message: str, tmp_path: Path, run: Any) -> None:
    ran = run("fix", *words, cwd=tmp_path)
    assert ran.status == 2
    assert message in ran.err


ANCHORED = POD.replace("- name: a\n", "- &one\n    name: a\n")


@pytest.mark.parametrize(
    ("text", "control", "reason"),
    [
        (ANCHORED, "pod-privilege-escalation", "anchor &one"),
        (POD.replace("# why", "# {{ .Values.why }}"), "pod-host-pid", "template marks"),
        ("# Code generated by hand. DO NOT EDIT.\n" + POD, "pod-host-pid", "generated"),
        (POD.replace("hostPID: true", "hostPID: true\n  hostPID: true"), "pod-host-pid", "twice"),
    ],
)
def test_refused(text: str, control: str, reason: str, tmp_path: Path, run: Any) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text)
    ran = run("fix", "a.yaml", "--control", control, "--apply", "--format", "json", cwd=tmp_path)
    assert ran.status == 0
    assert ran.answer["edits"] == []
    [refused] = ran.answer["refused"]
    assert (refused["file"], refused["control"]) == ("a.yaml", control)
    assert reason in refused["reason"]
    assert reason in ran.err
    assert file.read_text() == text


def test_what_is_no_file_of_its_own_is_refused(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(tmp_path / "a.yaml", "a.yaml")
    for target, reason in (("-", "standard input"), ("a.tar", "archive")):
        answer = run("fix", target, "--format", "json", stdin=POD.encode(), cwd=tmp_path).answer
        assert answer["edits"] == []
        assert reason in answer["refused"][0]["reason"]


def test_read_only_files_are_shown_but_not_written(tmp_path: Path, run: Any) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(POD)
    file.chmod(0o444)
    assert run("fix", file, "--format", "json").answer["refused"] == []
    answer = run("fix", file, "--apply", "--format", "json").answer
    assert answer["edits"] == []
    assert {one["reason"] for one in answer["refused"]} == {"the file is read-only"}
    assert file.read_text() == POD


def test_links_lead_to_the_file_that_is_written(tmp_path: Path, run: Any) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.yaml").write_text(POD)
    (tmp_path / "b.yaml").symlink_to("real/a.yaml")
    answer = run("fix", ".", "--apply", "--format", "json", cwd=tmp_path).answer
    assert len(answer["edits"]) == len({(e["control"], e["line"]) for e in answer["edits"]})
    assert (tmp_path / "b.yaml").is_symlink()
    assert run("fix", ".", cwd=tmp_path).out == ""


def test_secrets_stay_hidden(tmp_path: Path, run: Any) -> None:
    file = tmp_path / "a.yaml"
    env = "    env:\n    - name: DB_PASSWORD\n      value: hunter2\n"
    file.write_text(POD + env)
    out = run("fix", "a.yaml", cwd=tmp_path).out
    assert "hunter2" not in out
    file.write_text(
        POD.replace("  - name: a\n", "  - {name: a, env: [{name: DB_PASSWORD, value: hunter2}]}\n").rsplit(
            "    image", 1
        )[0]
    )
    ran = run("fix", "a.yaml", "--apply", cwd=tmp_path)
    assert "hunter2" not in ran.out
    assert "is masked: it does not apply" in ran.out
    assert "hunter2" in file.read_text()


def test_what_a_fix_uncovers_is_fixed_too(tmp_path: Path, run: Any) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(POD + "    securityContext: {privileged: true}\n")
    answer = run("fix", "a.yaml", "--apply", "--format", "json", cwd=tmp_path).answer
    assert {"pod-privileged", "pod-capabilities-not-dropped"} <= {e["control"] for e in answer["edits"]}
    assert {e["line"] for e in answer["edits"]} <= set(range(1, 11))
    assert "    securityContext: {privileged: false, " in file.read_text()
    assert run("fix", "a.yaml", cwd=tmp_path).out == ""


def test_several_documents_and_values(tmp_path: Path, run: Any) -> None:
    second = POD.replace("name: a,", "name: b,")
    (tmp_path / "a.yaml").write_text(f"# top\n{POD}---\n# middle\n\n{second}--- # end\n")
    objects = [yaml.safe_load(POD), yaml.safe_load(second)]
    (tmp_path / "b.json").write_text("\n".join(json.dumps(item, indent=2) for item in objects))
    (tmp_path / "c.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    run("fix", "--apply", cwd=tmp_path)
    text = (tmp_path / "a.yaml").read_text()
    assert text.count("    securityContext:\n") == 2
    assert text.startswith("# top\n")
    assert text.endswith("--- # end\n")
    assert run("fix", cwd=tmp_path).out == ""
    assert run("scan", "--format", "json", cwd=tmp_path).answer["coverage"]["objects"] == 6


def test_what_was_not_read_shows_in_the_status(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text("a: [")
    ran = run("fix", cwd=tmp_path)
    assert ran.status == 3
    assert "1 input not read" in ran.err
    assert run("fix", "--allow-unreadable", cwd=tmp_path).status == 0


def test_patches_for_a_kustomization(shop: Path, run: Any) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl, which builds the kustomization, is not here")
    shutil.rmtree(shop / "shop" / "cluster")  # a kustomization takes no configuration of kubeadm
    (shop / "shop" / "casemate.yaml").unlink()  # nor settings
    ran = run("fix", "shop", "--patch", cwd=shop)
    assert ran.status == 0
    files = sorted(
        str(file.relative_to(shop / "shop"))
        for file in (shop / "shop").rglob("*.*")
        if file.suffix in {".yaml", ".json"}
    )
    (shop / "shop" / "kustomization.yaml").write_text(yaml.safe_dump({"resources": files}))
    (shop / "over").mkdir()
    (shop / "over" / "kustomization.yaml").write_text(f"resources: [../shop]\n{ran.out}")
    built = subprocess.run(["kubectl", "kustomize", "over"], cwd=shop, capture_output=True, check=True).stdout
    (shop / "built.yaml").write_bytes(built)
    assert run("fix", "built.yaml", cwd=shop).out == ""
    assert run("fix", "over", "--format", "json", cwd=shop).answer == {
        "schema": "casemate.fix/1",
        "edits": [],
        "refused": [],
    }


def test_charts_are_patched_and_not_edited(tmp_path: Path, run: Any) -> None:
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (chart / "templates" / "a.yaml").write_text(POD)
    (tmp_path / "bin").mkdir()
    helm = tmp_path / "bin" / "helm"
    helm.write_text(
        f"#!/bin/sh\necho '---'\necho '# Source: chart/templates/a.yaml'\ncat '{chart}/templates/a.yaml'\n"
    )
    helm.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    answer = run("fix", "chart", "--format", "json", cwd=tmp_path, env=environment).answer
    assert answer["edits"] == []
    assert all("--patch" in one["reason"] for one in answer["refused"])
    [patch] = yaml.safe_load(
        run("fix", "chart", "--patch", "--control", "pod-host-pid", cwd=tmp_path, env=environment).out
    )["patches"]
    assert patch["target"] == {"version": "v1", "kind": "Pod", "name": "a", "namespace": "shop"}
    assert yaml.safe_load(patch["patch"]) == [{"op": "remove", "path": "/spec/hostPID"}]


def test_what_holds_something_else_is_not_patched(tmp_path: Path, run: Any) -> None:
    """The word among the containers is left out where they are read, and stands in the way of a patch."""
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
        "  containers: [{name: c, image: a/b, securityContext: yes}, Pod]\n"
    )
    done = run("fix", tmp_path, "--patch")
    assert done.status == 0
    assert "holds something else than expected" in done.err


def test_an_object_without_a_name_has_no_patch(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(POD.replace("name: a,", "generateName: a,"))
    answer = run("fix", "--patch", "--format", "json", cwd=tmp_path).answer
    assert answer["edits"] == []
    assert "no name" in answer["refused"][0]["reason"]


def test_what_a_cluster_runs_on_keeps_the_network_of_its_node(tmp_path: Path) -> None:
    file = tmp_path / "kube-apiserver.yaml"
    file.write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver, namespace: kube-system}\n"
        "spec:\n  hostNetwork: true\n  containers:\n"
        "    - {name: kube-apiserver, image: 'registry.k8s.io/kube-apiserver:v1.37.0'}\n"
    )
    assert not fixed_by(file, Settings(), "pod-host-network").made
    assert not fixed_by(file, Settings(), "pod-runs-as-root").made
    file.write_text(file.read_text().replace("kube-apiserver", "web"))
    assert fixed_by(file, Settings(), "pod-host-network").made
