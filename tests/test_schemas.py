"""Every JSON answer is what its published schema says, and every schema has an answer."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "docs" / "schemas"

ANSWERS = {
    "scan": [
        ["scan", "examples/shop", "--by", "team", "--platform", "auto"],
        ["scan", "examples/shop"],
        ["scan", "examples/shop-repaired", "--kubernetes", "1.99"],
    ],
    "pss": [["pss", "examples/shop"], ["pss", "examples/shop", "--kubernetes", "1.99"]],
    "fix": [
        ["fix", "examples/shop"],
        ["fix", "examples/shop", "--patch"],
    ],
    "standard": [
        ["scan", "examples/shop", "--standard", "cis-kubernetes"],
        ["scan", "examples/shop", "--standard", "owasp-kubernetes@2022", "--platform", "lambda"],
    ],
    "tighten": [
        ["rbac", "tighten", "examples/shop", "--audit-log", "examples/audit/shop-audit.jsonl"],
        ["rbac", "tighten", "docs", "--audit-log", "examples/audit/shop-audit.jsonl", "--complete-reads"],
    ],
    "reach": [
        ["reach", "examples/shop"],
        ["reach", "examples/shop-repaired", "--to", "data/postgres", "--cni", "weave"],
    ],
    "reach-answer": [
        ["reach", "examples/shop", "--from", "shop/cart", "--to", "data/postgres", "--port", "5432"],
        ["reach", "examples/shop-repaired", "--from", "shop/cart", "--to", "data/postgres", "--port", "5432"],
    ],
    "network-chains": [
        ["network", "chains", "examples/shop"],
        ["network", "chains", "examples/shop-repaired", "--of", "shop/cart"],
    ],
    "network-tighten": [
        ["network", "tighten", "examples/shop", "--flows", "examples/flows/shop-hubble.jsonl"],
        ["network", "tighten", "examples/shop", "--form", "cilium"],
    ],
    "from-abac": [["rbac", "from-abac", "examples/abac/policy.jsonl"]],
    "can": [
        ["can", "examples/shop", "--as", "sa/platform/ci-deployer", "create", "pods", "-n", "payments"],
        ["can", "examples/shop", "--as", "mia", "--as-group", "system:masters", "get", "/metrics"],
    ],
    "can-write": [["can", "examples/shop", "--as", "mia", "--write", "examples/shop/platform/rbac.yaml"]],
    "who-can": [["who-can", "examples/shop", "get", "secrets"]],
    "rights": [["rights", "examples/shop", "shop-developers"]],
    "controls": [["controls"], ["controls", "--family", "images"]],
}


def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(name: str, run: Any) -> None:
    for words in ANSWERS[name]:
        _validator(name).validate(run(*words, "--format", "json", cwd=ROOT).answer)


def test_answers_about_broken_input(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a\n---\nkind: [x]\n---\n- 1\n"
    )
    for name in ("scan", "pss", "fix"):
        ran = run(name, tmp_path, "--format", "json")
        _validator(name).validate(ran.answer)
        assert ran.status == 3


def test_answers_about_waivers_baselines_and_differences(tmp_path: Path, run: Any) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
        '  hostPID: true  # casemate: waive pod-host-pid until=2999-01-01 reason="why"\n'
        "  containers: [{name: a, image: a}]\n"
    )
    (tmp_path / "rules").mkdir()
    (tmp_path / "casemate.yaml").write_text("rules: rules\n")
    base = tmp_path / "casemate-baseline.json"
    assert run("baseline", "write", tmp_path, "--output", base).status == 0
    _validator("baseline").validate(json.loads(base.read_text()))
    (tmp_path / "b.yaml").write_text("a: [\n")
    ran = run("scan", tmp_path, "--baseline", base, "--format", "json")
    _validator("scan").validate(ran.answer)
    assert ran.answer["waived"]
    assert ran.answer["notes"]
    assert ran.answer["baseline"]["known"]
    _validator("diff").validate(run("diff", base, tmp_path, "--format", "json").answer)


def test_answers_about_connections(tmp_path: Path, run: Any) -> None:
    for target in ("examples/shop", "examples/shop-repaired"):
        ran = run("reach", target, "--format", "classes", cwd=ROOT)
        _validator("reach-classes").validate(ran.answer)
    ran = run("diff", "examples/shop", "examples/shop-repaired", "--format", "json", cwd=ROOT)
    assert ran.answer["connections"]["closed"]
    _validator("diff").validate(ran.answer)
    (tmp_path / "a.yaml").write_text(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"
        "spec: {podSelector: {}, ingress: [{ports: [{port: 0}]}]}\n---\n[\n"
    )
    ran = run("reach", tmp_path, "--format", "json")
    _validator("reach").validate(ran.answer)
    assert ran.answer["notices"]
    assert ran.status == 3
    ran = run("reach", tmp_path, "--queries", "-", stdin=b"{}\n[]\n")
    for line in ran.out.splitlines():
        _validator("reach-answer").validate(json.loads(line))


def test_a_finding_has_one_form() -> None:
    scan, diff = (json.loads((SCHEMAS / f"{name}.json").read_text())["$defs"] for name in ("scan", "diff"))
    assert diff["finding"] == scan["finding"]
    waived = scan["waived"]
    assert waived.pop("properties") == scan["finding"].pop("properties") | {"waiver": ANY}
    assert waived.pop("required") == [*scan["finding"].pop("required"), "waiver"]
    assert waived == scan["finding"]


def test_every_schema_is_tested() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == {*ANSWERS, "baseline", "diff", "reach-classes"}


def test_a_wrong_answer_is_noticed() -> None:
    assert not _validator("pss").is_valid({"schema": "casemate.pss/1", "kubernetes": "1.37"})
