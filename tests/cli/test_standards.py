"""`scan --standard`, `--platform` and `--by`, as users call them."""

import re
from pathlib import Path
from typing import Any

import pytest

POD = """apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, labels: {team: <b>web}}
spec:
  containers: [{name: "a", image: nginx, securityContext: {privileged: true}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(POD)
    return tmp_path


def items(run: Any, folder: Path, *words: str) -> dict[str, Any]:
    answer = run("scan", folder, "--format", "json", *words).answer
    return {item["id"]: item for item in answer["items"]}


def test_every_item_has_its_answer(run: Any, folder: Path) -> None:
    found = items(run, folder, "--standard", "cis-kubernetes@1.12")
    assert len(found) == 131
    assert found["5.2.2"]["verdict"] == "fail"
    assert "shop/a (Pod)" in found["5.2.2"]["because"][1]
    assert found["5.2.3"]["verdict"] == "pass"
    assert found["5.2.3"]["controls"] == ["pod-host-pid"]
    assert found["1.1.1"]["because"] == ["needs the host: modes and owners of files"]
    assert {found[f"1.2.{number}"]["verdict"] for number in range(1, 31)} == {"not-assessed"}


def test_a_waiver_keeps_an_item_from_failing(run: Any, folder: Path) -> None:
    (folder / "casemate.yaml").write_text(
        "waivers:\n- {control: pod-privileged, owner: x, reason: needed, until: 2999-01-01}\n"
    )
    found = items(run, folder, "--standard", "cis-kubernetes")
    assert found["5.2.2"]["verdict"] == "pass"
    assert found["5.2.2"]["because"] == ["pod-privileged: asked of 1, no fault, 1 waived"]


def test_an_edition_for_a_platform_is_judged_on_it(run: Any, folder: Path) -> None:
    answer = run("scan", folder, "--standard", "cis-gke", "--format", "json").answer
    assert answer["platform"]["name"] == "gke"
    answer = run("scan", folder, "--standard", "cis-gke", "--platform", "eks", "--format", "json").answer
    assert answer["platform"] == {"name": "eks", "because": []}


def test_nothing_to_read_passes_nothing(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    for name in ("pss", "owasp-kubernetes", "cis-kubernetes"):
        found = items(run, tmp_path, "--standard", name)
        pods = [item for key, item in found.items() if key in {"baseline", "K01", "5.2.2", "5.2.7"}]
        assert pods
        assert {item["verdict"] for item in pods} == {"not-assessed"}


def test_text_says_it_in_short_and_in_full(run: Any, folder: Path) -> None:
    ran = run("scan", folder, "--standard", "pss")
    assert ran.status == 1
    assert re.search(r"baseline +fail", ran.out)
    assert "pod-host-pid: asked of 1" in run("scan", folder, "--standard", "nsa-cisa", "--verbose").out
    (folder / "b.yaml").write_text("a: [")
    ran = run("scan", folder, "--standard", "pss")
    assert ran.status == 3
    assert "Some input was not read" in ran.out


def test_titles_are_wrapped(run: Any, folder: Path) -> None:
    for name in ("pss", "cis-gke", "mitre-attack-containers"):
        lines = run("scan", ".", "--standard", name, cwd=folder).out.splitlines()
        assert max(map(len, lines)) <= 80, max(lines, key=len)


def test_html_is_one_page_without_script(run: Any, folder: Path) -> None:
    (folder / "b.yaml").write_text("a: [")
    page = folder / "page.html"
    run("scan", folder, "--standard", "cis-kubernetes", "--format", "html", "--output", page)
    text = page.read_text()
    assert text.count("<tr>") == 132
    assert "<script" not in text
    assert "Some input was not read" in text
    assert '<span class="badge medium">not assessed</span>' in text
    assert '<td class="why"><ul>' in text, "narrow screens put the reason below its item"
    assert ".items .what, .items .why { flex-basis: 100%" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--standard", "cis-kubernets"], "did you mean cis-kubernetes?"),
        (["--standard", "pss@0"], "there is no pss 0"),
        (["--standard", "pss", "--format", "sarif"], "cannot be written as sarif"),
        (["--standard", "pss", "--by", "team"], "--by groups findings"),
        (["--by", "team", "--format", "sarif"], "--by groups text and json, not sarif"),
    ],
)
def test_slips_are_named(run: Any, folder: Path, words: list[str], message: str) -> None:
    ran = run("scan", folder, *words)
    assert ran.status == 2
    assert message in ran.err


def test_what_the_provider_must_do_does_not_fail_a_run(run: Any, folder: Path) -> None:
    ran = run("scan", folder, "--platform", "lambda")
    assert ran.status == 0
    assert "for the provider of lambda, which do not fail the run" in ran.out.replace("\n", " ")


def test_the_platform_is_recognised_and_said(run: Any, folder: Path) -> None:
    ran = run("scan", folder, "--platform", "auto", "--format", "json")
    assert ran.answer["platform"]["because"] == ["nothing read names a platform: self is assumed"]
    (folder / "b.yaml").write_text(
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: s}\nprovisioner: disk.csi.azure.com\n"
    )
    ran = run("scan", folder, "--platform", "auto", "--format", "json")
    assert ran.answer["platform"]["name"] == "aks"
    assert "provisioner disk.csi.azure.com" in ran.answer["platform"]["because"][0]
    assert "platform aks" in run("scan", folder, "--platform", "auto").out


def test_settings_name_the_platform_and_the_teams(run: Any, folder: Path) -> None:
    (folder / "casemate.yaml").write_text(
        "platform: {name: gke, autopilot: true}\nteams: {labels: [squad]}\n"
    )
    answer = run("scan", folder, "--by", "team", "--format", "json").answer
    assert answer["platform"]["name"] == "gke"
    assert [group["name"] for group in answer["groups"]] == ["no team"]
    assert run("scan", folder, "--platform", "self", "--format", "json").answer["platform"]["name"] == "self"
    for text, message in (
        ("platform: gks", "platform: there is no gks; did you mean gke?"),
        ("platform: nowhere at all", "it is one of self, eks"),
        ("platform: {name: gke, autopilots: true}", "there is no setting platform.autopilots; did you mean"),
        ("teams: {label: [a]}", "there is no setting teams.label; did you mean labels?"),
    ):
        (folder / "casemate.yaml").write_text(f"{text}\n")
        assert message in run("scan", folder).err


@pytest.mark.parametrize("by", ["party", "team", "namespace", "workload", "control", "standard"])
def test_groups_hold_every_finding(run: Any, folder: Path, by: str) -> None:
    answer = run("scan", folder, "--by", by, "--format", "json").answer
    assert answer["by"] == by
    inside = {name for group in answer["groups"] for name in group["findings"]}
    assert inside == {finding["id"] for finding in answer["findings"]}
    assert f"By {by}" in run("scan", folder, "--by", by, "--verbose").out
