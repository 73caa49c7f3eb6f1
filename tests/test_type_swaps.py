"""Real manifests with values swapped for others: all is read, judged and located, in every form alike.

Works on parsed trees, so that the text stays valid and the reader gets as far as it can; broken text is
the matter of `test_fuzz.py`.
"""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from casemate.analysis.pod_security import evaluate
from casemate.analysis.pods import Pod
from casemate.controls.catalogue import all_controls
from casemate.engine.judge import judge
from casemate.model.estate import Coverage, Entity, Estate, Skipped, Unreadable, Workload
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion
from casemate.readers import manifests
from casemate.readers.files import on_disk
from casemate.readers.manifests import read_file, read_text
from casemate.readers.objects import Read
from casemate.readers.positions import locate
from casemate.writers.as_json import as_json

HUGE = str(10**40)
SHOP = Path(__file__).parents[1] / "examples" / "shop"
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**63, 10**40, 1.5, 1e300, "", "true", "--1", "0", "x" * 300, "\x1b[0m", "é", "a\nb",
    [], {}, [[]], [None], [{}], {"": None}, {"a": {"b": []}}, "ALL", "/", "..", "/proc", "a@sha256:x", "*", "${A}",
    "Always", "Localhost", "v1", "Pod", "List",
)  # fmt: skip


def documents() -> list[Any]:
    texts = [path.read_text() for path in sorted([*SHOP.rglob("*.yaml"), *SHOP.rglob("*.json")])]
    return [tree for text in texts for tree in yaml.safe_load_all(text) if tree]


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every container of the tree with each of its keys or indexes."""
    found = []
    todo = [tree]
    while todo:
        here = todo.pop()
        steps = list(here) if isinstance(here, dict) else range(len(here))
        found += [(here, step) for step in steps]
        todo += [here[step] for step in steps if isinstance(here[step], (dict, list))]
    return found


def swapped(tree: Any, chance: random.Random) -> Any:
    """The tree with a few values replaced, moved, doubled or taken out."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.choice((1, 1, 2, 4, 30))):
        all_places = places(tree)
        if not all_places:
            break
        here, step = chance.choice(all_places)
        other, other_step = chance.choice(all_places)
        match chance.randrange(6):
            case 0:
                here[step] = copy.deepcopy(other[other_step])
            case 1:
                del here[step]
            case 2 if isinstance(here, list):
                here += copy.deepcopy(here) if len(here) < 50 else []
            case 3 if isinstance(here, dict):
                here[str(chance.choice(ODD))] = here[step]
            case _:
                here[step] = copy.deepcopy(chance.choice(ODD))
    return tree


def said(found: list[Read]) -> list[Any]:
    return [
        (item.ref, len(item.problems), [template.packed for template in getattr(item, "templates", ())])
        if isinstance(item, Entity)
        else type(item).__name__
        for item in found
    ]


def check(tree: Any, folder: Path, chance: random.Random) -> None:
    text = json.dumps(tree)
    found = list(read_text("a.json", text.encode()))
    assert found, "a document is never lost"
    assert all(isinstance(item, (Entity, Skipped, Unreadable)) for item in found)
    if HUGE not in text:  # a tag that says it is a whole number would be a fault of the form
        dumped = "# c\n" + yaml.safe_dump(tree, default_style='"', width=10**9, sort_keys=False)
        assert said(list(read_text("a.yaml", dumped.encode()))) == said(found), "the form makes no difference"
    listed = {"apiVersion": "v1", "kind": "List", "items": [tree, tree]}
    file = folder / "list.json"
    file.write_text(json.dumps(listed))
    streamed = list(read_file(on_disk(str(file), file.name, 1)))
    assert said(streamed) == said(list(read_text("a.json", file.read_bytes())))
    entities = tuple(item for item in found if isinstance(item, Entity))
    world = Estate(entities=entities, coverage=Coverage(complete=frozenset(chance.choice(("*", "x")))))
    settings = Settings(kubernetes=KubernetesVersion(1, chance.randrange(40)))
    answers = judge(world, all_controls(), settings)
    assert answers.judged + sum(answers.passed_over.values()) == len(entities)
    for finding, position in locate(answers.findings):
        assert position.line == 1
        assert 1 <= position.column <= len(text)
        as_json([finding.id, finding.fault.message, finding.fault.why, finding.remedy, finding.container])
    for entity in entities:
        if isinstance(entity, Workload):
            evaluate([Pod(template, entity.ref) for template in entity.templates], settings.kubernetes)


def fuzz(rounds: int, folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "STREAMED", 1)
    chance = random.Random(seed)
    trees = documents()
    for number in range(rounds):
        tree = swapped(chance.choice(trees), chance)
        try:
            check(tree, folder, chance)
        except Exception as error:
            error.add_note(f"round {number} of seed {seed}: {json.dumps(tree)}")
            raise


def test_three_hundred_swaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fuzz(300, tmp_path, 11, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_many_swaps(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fuzz(5_000, tmp_path, seed, monkeypatch)
