"""`casemate rbac` and `casemate rbac from-abac`."""

import json
from pathlib import Path
from typing import Any

import pytest

from casemate.readers import yaml_text

ROOT = Path(__file__).parents[2]
EXAMPLE = "examples/abac/policy.jsonl"


def documents(text: str) -> list[Any]:
    return [
        tree.value
        for chunk in yaml_text.split(text.encode())
        for tree in yaml_text.read(chunk)
        if isinstance(tree, yaml_text.Tree)
    ]


def test_the_three_formats_hold_the_same_objects(run: Any) -> None:
    ran = run("rbac", "from-abac", EXAMPLE, "--format", "json", cwd=ROOT)
    assert ran.status == 0
    assert ran.err == (
        "casemate: line 8 is not expressible: user dana only while in group on-call: "
        "subjects of a binding are alternatives\n"
    )
    answer = ran.answer
    text = run("rbac", "from-abac", EXAMPLE, cwd=ROOT).out
    assert documents(text) == answer["objects"]
    plain = run("rbac", "from-abac", EXAMPLE, "--format", "yaml", "--quiet", cwd=ROOT)
    assert documents(plain.out) == answer["objects"]
    assert "#" not in plain.out
    assert not plain.err
    assert "# RBAC cannot say:" in text
    assert "  # line 4: {" in text
    assert answer["proof"]["differences"] == []
    assert answer["proof"]["requests"] > 10_000
    assert [item["line"] for item in answer["inexpressible"]] == [8]


def test_the_objects_decide_as_the_file(tmp_path: Path, run: Any) -> None:
    """Both are asked by `casemate can`."""
    objects = tmp_path / "objects.yaml"
    run("rbac", "from-abac", EXAMPLE, "--output", objects, cwd=ROOT)
    requests = tmp_path / "requests.jsonl"
    names = ("user", "verb", "apiGroup", "resource", "subresource", "namespace", "path")
    asked = [
        ("platform-admin", "delete", "", "nodes", "", "", ""),
        ("platform-admin", "post", "", "", "", "", "/debug"),
        ("ci", "patch", "apps", "deployments", "scale", "cart", ""),
        ("ci", "patch", "apps", "deployments", "scale", "shop", ""),
        ("anybody", "get", "", "", "", "", "/healthz/ping"),
        ("system:serviceaccount:platform:monitoring", "get", "", "nodes", "metrics", "", ""),
        ("system:serviceaccount:platform:monitoring", "list", "", "pods", "", "", ""),
    ]
    lines = [dict(zip(names, words, strict=True)) | {"groups": [], "name": ""} for words in asked]
    requests.write_text("".join(json.dumps(line) + "\n" for line in lines))
    by_rbac = run("can", objects, "--requests", requests).out.splitlines()
    by_abac = run("can", "--abac", ROOT / EXAMPLE, "--requests", requests).out.splitlines()
    allowed = [json.loads(line)["allowed"] for line in by_rbac]
    assert allowed == [json.loads(line)["allowed"] for line in by_abac]
    assert allowed == [True, True, True, False, True, True, False]


def test_resources_of_the_cluster(tmp_path: Path, run: Any) -> None:
    policy, served = tmp_path / "policy", tmp_path / "served"
    head = {"apiVersion": "abac.authorization.kubernetes.io/v1beta1", "kind": "Policy"}
    policy.write_text(
        json.dumps({**head, "spec": {"user": "bob", "resource": "certs", "apiGroup": "x.example"}})
    )
    assert len(run("rbac", "from-abac", policy, "--format", "json").answer["inexpressible"]) == 1
    served.write_text(
        "NAME    SHORTNAMES   APIVERSION     NAMESPACED   KIND\ncerts                x.example/v1   false        Cert\n"
        "pods                 v1             true         Pod\n"
    )
    answer = run("rbac", "from-abac", policy, "--api-resources", served, "--format", "json").answer
    assert not answer["inexpressible"]
    assert answer["objects"][0]["rules"][0]["resources"] == [
        "certs",
        "certs/finalizers",
        "certs/scale",
        "certs/status",
    ]


def test_a_file_that_grants_nothing(tmp_path: Path, run: Any) -> None:
    (tmp_path / "policy").write_text("# nothing\n")
    ran = run("rbac", "from-abac", tmp_path / "policy", "--kubernetes", "1.99")
    assert ran.status == 0
    assert "there is no object" in ran.out
    assert ran.err == "casemate: the resources of Kubernetes 1.99 are not known; took 1.37\n"
    assert documents(ran.out) == []


def test_bad_input(tmp_path: Path, run: Any) -> None:
    (tmp_path / "policy").write_text('{"user":"bob"}\n{"user":\n')
    ran = run("rbac", "from-abac", tmp_path / "policy")
    assert ran.status == 3
    assert "line 2: no JSON" in ran.err
    assert not ran.out
    assert run("rbac", "from-abac", tmp_path / "none").status == 2
    assert run("rbac", "from-abac", "-", "--api-resources", "-").status == 2


@pytest.mark.parametrize(
    ("words", "told"), [(["from-abc"], "did you mean from-abac?"), (["zzz"], "commands are ")]
)
def test_slips(words: list[str], told: str, run: Any) -> None:
    ran = run("rbac", *words)
    assert ran.status == 2
    assert told in ran.err


def test_help_fits_a_screen(run: Any) -> None:
    for words in (["rbac", "--help"], ["rbac", "from-abac", "--help"]):
        ran = run(*words)
        assert "Example: casemate rbac from-abac" in ran.out
        assert len(ran.out.splitlines()) < 40
