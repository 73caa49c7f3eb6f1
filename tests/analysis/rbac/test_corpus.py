"""The family on whole estates: what Kubernetes brings is no fault, and no estate breaks a control."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from casemate.controls.catalogue import family
from casemate.engine.judge import judge
from casemate.model.estate import Coverage, Entity, Estate
from casemate.model.place import Document
from casemate.model.settings import Settings
from casemate.readers.objects import entities


def _estate(trees: list[Any], *, complete: bool = False) -> Estate:
    read = (item for tree in trees for item in entities(tree, Document("a.json")))
    return Estate(
        entities=tuple(item for item in read if isinstance(item, Entity)),
        coverage=Coverage(complete=frozenset({"*"} if complete else ())),
    )


def test_the_default_roles_and_bindings_are_no_faults(corpora: Path) -> None:
    files = sorted((corpora / "rbac" / "default-roles" / "v1.20").glob("*.yaml"))
    trees = [tree for file in files for tree in yaml.safe_load_all(file.read_text())]
    estate = _estate(trees)
    assert len(estate.entities) > 100
    found = judge(estate, family("rbac"), Settings()).findings
    assert [(finding.control.id, finding.entity.title) for finding in found] == []


@pytest.mark.parametrize("number", [101, 102, 103, 104])
def test_dense_estates_are_judged_alike_twice(corpora: Path, number: int) -> None:
    found = json.loads((corpora / "rbac" / "random" / f"{number}.objects.json").read_text())
    trees = found["items"] if isinstance(found, dict) else found
    answers = [
        [
            (f.id, f.severity)
            for f in judge(_estate(trees, complete=True), family("rbac"), Settings()).findings
        ]
        for _ in range(2)
    ]
    assert answers[0]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("attack", "control"),
    [
        ("POD_EXEC", "rbac-enter-pods"),
        ("POD_CREATE", "rbac-create-pods"),
        ("TOKEN_LIST", "rbac-secrets"),
        ("TOKEN_BRUTEFORCE", "rbac-secrets"),
        ("ROLE_BIND_CRB_CR", "rbac-escalation"),
        ("ROLE_BIND_RB_R-SA", "rbac-escalation"),
        ("ROLE_BIND_ALL", "rbac-full-access"),
    ],
)
def test_attacks_of_a_vulnerable_cluster_are_seen(corpora: Path, attack: str, control: str) -> None:
    file = corpora / "rbac" / "kubehound" / "attacks" / f"{attack}.yaml"
    estate = _estate(list(yaml.safe_load_all(file.read_text())))
    assert control in {f.control.id for f in judge(estate, family("rbac"), Settings()).findings}
