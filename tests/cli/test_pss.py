"""`casemate pss` answers for each workload once, in the fixed form."""

from pathlib import Path
from typing import Any

import pytest

BAD = "{hostPID: true, volumes: [{name: v, hostPath: {path: /}}], containers: [{name: a}]}"
GOOD = """
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
  - {name: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
"""


def objects(run: Any, *words: object, **options: Any) -> list[dict[str, Any]]:
    answer = run("pss", *words, "--format", "json", **options).answer
    assert answer["schema"] == "casemate.pss/1"
    found: list[dict[str, Any]] = answer["objects"]
    return found


def test_levels_and_checks(tmp_path: Path, run: Any) -> None:
    (tmp_path / "bad.yaml").write_text(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: b, namespace: m}}\nspec: {BAD}\n"
    )
    (tmp_path / "good.yaml").write_text(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{generateName: g-}}\nspec:{GOOD}"
    )
    bad, good = objects(run, tmp_path)
    assert (bad["file"], bad["kind"], bad["namespace"], bad["name"]) == (
        str(tmp_path / "bad.yaml"),
        "Pod",
        "m",
        "b",
    )
    assert bad["level"] == "privileged"
    checks = [(item["level"], item["check"]) for item in bad["violations"]]
    assert ("baseline", "hostPathVolumes") in checks, "listed although a restricted check replaces it"
    assert ("restricted", "restrictedVolumes") in checks
    assert checks == sorted(checks)
    assert (good["level"], good["namespace"], good["name"], good["violations"]) == (
        "restricted",
        None,
        "g-",
        [],
    )
    assert [item["paths"] for item in bad["violations"] if item["check"] == "hostNamespaces"] == [
        ["spec.hostPID"]
    ]


def test_the_release_decides(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n")
    now, then = (
        {item["check"] for item in objects(run, tmp_path, *words)[0]["violations"]}
        for words in ([], ["--kubernetes", "1.0"])
    )
    assert "capabilities_restricted" in now - then
    assert then


def test_several_files_and_what_holds_no_pod(tmp_path: Path, run: Any) -> None:
    names = []
    for number in range(5):
        file = tmp_path / f"{number}.yaml"
        file.write_text(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}}}\nspec: {BAD}\n---\na: 1\n")
        names.append(file)
    assert [item["name"] for item in objects(run, *names)] == [f"p{number}" for number in range(5)]
    assert objects(run, "-", stdin=b"apiVersion: v1\nkind: ConfigMap\n") == []


def test_a_workload_of_several_templates_is_one_object(run: Any) -> None:
    text = (
        "apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nmetadata: {name: j}\nspec:\n"
        f"  a: {{template: {{spec: {BAD.replace('{name: a}', '{name: a, image: x}')}}}}}\n"
        "  b: {template: {spec: {hostIPC: true, containers: [{name: b, image: z}]}}}\n"
    )
    (item,) = objects(run, "-", stdin=text.encode())
    paths = [path for violation in item["violations"] for path in violation["paths"]]
    assert "spec.a.template.spec.hostPID" in paths
    assert "spec.b.template.spec.hostIPC" in paths


def test_text_for_people(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: b}}\nspec: {BAD}\n---\na: [\n"
    )
    ran = run("pss", tmp_path)
    assert ran.status == 3
    lines = ran.out.splitlines()
    assert lines[0] == f"privileged b (Pod)  {tmp_path}/a.yaml"
    assert lines[-2] == "1 workloads by the rules of Kubernetes 1.37: 1 privileged"
    assert lines[-1].startswith(f"not read: {tmp_path}/a.yaml:7:1  ")
    assert run("pss", "-").out == "0 workloads by the rules of Kubernetes 1.37: none\n"


@pytest.mark.parametrize(
    ("words", "status"), [(["--kubernetes", "x"], 2), (["--format", "html"], 2), (["nowhere"], 2), ([], 0)]
)
def test_statuses(words: list[str], status: int, tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(f"apiVersion: v1\nkind: Pod\nspec: {BAD}\n")
    assert run("pss", *words, cwd=tmp_path).status == status


def test_compose_services_have_no_level(tmp_path: Path, run: Any) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: a, privileged: true}}\n")
    answer = run("pss", tmp_path, "--format", "json").answer
    assert answer["objects"] == []
    assert [item["name"] for item in answer["skipped"]] == ["web"]
    text = run("pss", tmp_path).out
    assert "no level: web (ComposeService)" in text
