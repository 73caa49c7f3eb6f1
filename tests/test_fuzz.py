"""Mutated real manifests: nothing is raised, nothing hangs, and no document vanishes."""

import random
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casemate.analysis.pod_security import evaluate
from casemate.analysis.pods import Pod
from casemate.controls.catalogue import all_controls
from casemate.engine.judge import judge
from casemate.engine.report import Report
from casemate.model.estate import Coverage, Entity, Estate, Skipped, Unreadable, Workload
from casemate.model.settings import Settings
from casemate.model.version import NEWEST
from casemate.readers.manifests import read_text
from casemate.readers.positions import locate
from tests.conftest import CORPORA

SHOP = Path(__file__).parents[1] / "examples" / "shop"
SEED = 7
TOKENS = (
    b"null", b"[]", b"{}", b"true", b"-1", b'"', b"'", b"&a", b"*a", b"<<: *a", b"!!binary x", b": ", b"- ", b"? ",
    b"\t", b"\x00", b"\xff", b"---\n", b"...\n", b"%YAML 1.1\n", b"{{ x }}", b"|", b">", b"#", b"9" * 40, b"0x", b"~",
)  # fmt: skip


def manifests() -> list[bytes]:
    texts = [path.read_bytes() for path in sorted(SHOP.rglob("*.yaml")) + sorted(SHOP.rglob("*.json"))]
    archive = CORPORA / "pods" / "manifests" / "microservices-demo.tar.gz"
    if archive.exists():
        with tarfile.open(archive) as members:
            for member in members:
                file = members.extractfile(member)
                if file is not None and member.name.endswith((".yaml", ".json")):
                    texts.append(file.read())
    return [text for text in texts if len(text) < 20_000]


def mutated(text: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        lines = text.split(b"\n")
        at = chance.randrange(len(lines))
        match chance.randrange(8):
            case 0:
                byte = chance.randrange(len(text) or 1)
                text = text[:byte] + bytes((chance.randrange(256),)) + text[byte + 1 :]
                continue
            case 1:
                del lines[at]
            case 2:
                lines[at] = b" " * chance.randrange(9) + lines[at].lstrip()
            case 3:
                key, colon, _ = lines[at].partition(b":")
                lines[at] = key + colon + b" " + chance.choice(TOKENS)
            case 4:
                lines.insert(at, chance.choice(TOKENS))
            case 5:
                lines[at] += chance.choice(TOKENS)
            case 6:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                return text[: chance.randrange(len(text) or 1)]
        text = b"\n".join(lines)
    return text


def asked(text: bytes) -> Iterator[Any]:
    """Read, judge and locate; every result is looked at."""
    read = list(read_text("a.yaml", text))
    assert all(isinstance(item, (Entity, Skipped, Unreadable)) for item in read)
    entities = tuple(item for item in read if isinstance(item, Entity))
    unreadable = tuple(item for item in read if isinstance(item, Unreadable))
    skipped = tuple(item for item in read if isinstance(item, Skipped))
    lines = text.count(b"\n") + text.count(b"\r") + 1
    assert all(1 <= item.line <= lines + 1 and item.column >= 1 for item in unreadable)
    estate = Estate(
        entities=entities,
        coverage=Coverage(documents=len(read), complete=frozenset("*")),
        unreadable=unreadable,
        skipped=skipped,
    )
    answers = judge(estate, all_controls(), Settings())
    report = Report(("a",), Settings(), estate, answers)
    assert answers.judged + sum(report.skipped.values()) + len(unreadable) == len(read)
    for finding, position in locate(answers.findings):
        assert 1 <= position.line <= lines
        assert len(finding.id) == 16
        yield finding
    for entity in entities:
        if isinstance(entity, Workload):
            yield evaluate([Pod(template, entity.ref) for template in entity.templates], NEWEST)


def fuzz(rounds: int, seed: int = SEED) -> None:
    chance = random.Random(seed)
    texts = manifests()
    results = 0
    for _ in range(rounds):
        text = mutated(chance.choice(texts), chance)
        try:
            results += sum(1 for _ in asked(text))
        except Exception:
            Path("fuzz-failure.yaml").write_bytes(text)
            raise
    assert results > rounds, "most mutated manifests still hold something to judge"


def test_three_hundred_mutations() -> None:
    fuzz(300)


@pytest.mark.slow
def test_many_mutations() -> None:
    fuzz(6_000)
