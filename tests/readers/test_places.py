"""The lines that a report shows around a finding are those of the file."""

import json
from pathlib import Path

import msgspec
import pytest

from casemate.model.control import Fault, Finding
from casemate.model.estate import Entity
from casemate.model.place import Document, Origin, Position
from casemate.readers import manifests
from casemate.readers.files import on_disk
from casemate.readers.manifests import read_file, read_text
from casemate.readers.masking import MASK
from casemate.readers.places import Sources
from tests.readers.test_positions import ASKED

TEXT = "# first\n---\napiVersion: v1\nkind: ConfigMap\ndata:\n  a: 1\n  password: x\n"


def findings(text: str, name: str = "a.yaml") -> list[Finding]:
    found = [item for item in read_text(name, text.encode()) if isinstance(item, Entity)]
    return [Finding(ASKED, entity, Fault(message="m", at=("data", "a"))) for entity in found]


@pytest.mark.parametrize(
    ("line", "around", "first", "shown"),
    [
        (6, 0, 6, ["  a: 1"]),
        (6, 1, 5, ["data:", "  a: 1", f"  password: {MASK}"]),
        (6, 2, 4, ["kind: ConfigMap", "data:", "  a: 1", f"  password: {MASK}"]),
        (3, 1, 2, ["---", "apiVersion: v1", "kind: ConfigMap"]),
        (2, 1, 2, ["---", "apiVersion: v1"]),
        (1, 1, 1, []),
        (8, 1, 8, []),
        (99, 1, 99, []),
    ],
)
def test_lines_around_a_place(line: int, around: int, first: int, shown: list[str]) -> None:
    (finding,) = findings(TEXT)
    assert Sources().excerpt(finding, Position(line, 1), around) == (first, shown)


def test_the_place_of_a_finding_and_its_lines_belong_together() -> None:
    sources = Sources()
    second = "apiVersion: v1\nkind: ConfigMap\ndata: {a: 2}\n"
    for text, name, line in (
        (f"{TEXT}---\n{second}", "a.yaml", "data: {a: 2}"),
        ('{"apiVersion": "v1", "kind": "A"}\n{"apiVersion": "v1",\n "kind": "A",\n "data": {"a": 2}}', "a.json",
         ' "data": {"a": 2}}'),
    ):  # fmt: skip
        found = findings(text, name)
        for finding, position in sources.locate(reversed(found)):
            first, shown = sources.excerpt(finding, position, 0)
            assert first == position.line
            if finding is found[-1]:
                assert shown == [line]


def test_values_of_one_file_share_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    found = findings(
        "\n".join('{"apiVersion": "v1", "kind": "A", "data": {"a": 1}}' for _ in range(3)), "a.json"
    )
    opened = []

    def open_noted(document: Document) -> Document:
        opened.append(document)
        return document

    monkeypatch.setattr("casemate.readers.places.reopened", open_noted)
    sources = Sources()
    assert [len(sources.excerpt(finding, Position(2, 1), 5)[1]) for finding in found] == [3, 3, 3]
    assert len(opened) == 1


def test_lines_of_a_streamed_file_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [{"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": n}} for n in range(2)]
    file = tmp_path / "list.json"
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1))
    monkeypatch.setattr(manifests, "STREAMED", 1)
    found = [item for item in read_file(on_disk(str(file), file.name, 1)) if isinstance(item, Entity)]
    sources = Sources()
    for entity, (finding, position) in zip(
        found,
        sources.locate([Finding(ASKED, entity, Fault(message="m", at=("data", "a"))) for entity in found]),
        strict=True,
    ):
        assert finding.entity is entity
        assert sources.excerpt(finding, position, 0) == (
            position.line,
            [file.read_text().splitlines()[position.line - 1]],
        )
    file.unlink()
    assert Sources().excerpt(finding, position, 0) == (position.line, [])


def test_what_has_no_text_has_no_lines() -> None:
    (finding,) = findings(TEXT)
    entity = msgspec.structs.replace(finding.entity, origin=Origin(Document("chart/a.yaml")))
    sources = Sources()
    assert sources.excerpt(finding, Position(6, 1), 0)[1]
    assert sources.excerpt(msgspec.structs.replace(finding, entity=entity), Position(1, 1), 3) == (1, [])
