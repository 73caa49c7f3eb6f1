"""Files become objects: YAML or JSON by what they hold, large JSON item by item with the same result."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from casemate.model.errors import ReadError
from casemate.model.estate import Entity, Skipped, Unreadable
from casemate.model.place import Document
from casemate.readers import manifests
from casemate.readers.files import File, on_disk
from casemate.readers.manifests import DEFINITION, read_file, read_text, reopened
from casemate.readers.objects import Read

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a"},
    "spec": {"containers": [{"name": "main"}]},
}


def file(folder: Path, data: bytes, name: str = "a.json") -> File:
    path = folder / name
    path.write_bytes(data)
    return on_disk(str(path), name, len(data))


def told(found: list[Read]) -> list[Any]:
    """What was read, without its texts and places."""
    return [
        (item.ref, item.problems, [template.packed for template in getattr(item, "templates", ())])
        if isinstance(item, Entity)
        else item.error
        if isinstance(item, Unreadable)
        else item.reason
        for item in found
    ]


def kinds(found: list[Read]) -> list[str]:
    return [type(item).__name__ for item in found]


# Text


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_what_a_text_is_decides_not_its_name(name: str) -> None:
    for text in (
        json.dumps(POD),
        f" \n{json.dumps(POD)}",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{}]}\n",
    ):
        assert kinds(list(read_text(name, text.encode()))) == ["RunningPod"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{apiVersion: v1, kind: Event}", ["Entity"]),
        ("{apiVersion: v1, kind: Event}\n---\n{apiVersion: v1, kind: Event}", ["Entity", "Entity"]),
        (
            '{"apiVersion": "v1", "kind": "Event"}\n---\napiVersion: v1\nkind: Event\n',
            ["Entity", "Entity"],
        ),
        ("[{apiVersion: v1, kind: Event,}]", ["Entity"]),
        ('{"apiVersion": "v1", # why\n "kind": "Event"}', ["Entity"]),
        ("{a: b", ["Unreadable"]),
        ("", []),
        ("\n\n# nothing\n", []),
    ],
)
def test_json_that_is_none_is_tried_as_yaml(text: str, found: list[str]) -> None:
    assert kinds(list(read_text("a.yaml", text.encode()))) == found


def test_a_broken_json_file_is_told_as_json() -> None:
    (item,) = read_text("a.json", b'{"a": 1,\n"b" 2}')
    assert isinstance(item, Unreadable)
    assert (item.line, item.error.partition(":")[0]) == (2, "no JSON")
    (item,) = read_text("a.yaml", b'{"a": 1,\n"b" 2}')
    assert isinstance(item, Unreadable)
    assert "JSON" not in item.error


def test_values_before_a_fault_are_kept_and_the_fault_is_told() -> None:
    first, second = read_text("a.json", json.dumps(POD).encode() + b"\n{oops")
    assert isinstance(first, Entity)
    assert second == Unreadable("a.json", 2, 2, "no JSON: Expecting property name enclosed in double quotes")


def test_definitions_are_passed_over_with_their_line() -> None:
    text = b"a: 1\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  a: 1\n"
    assert list(read_text("a.yaml", text))[1:] == [Skipped("a.yaml", 2, DEFINITION)]


def test_a_broken_document_does_not_hide_its_neighbours() -> None:
    text = b"apiVersion: v1\nkind: A\n---\na: [\n---\napiVersion: v1\nkind: B\n"
    first, second, third = read_text("a.yaml", text)
    assert isinstance(first, Entity)
    assert isinstance(second, Unreadable)
    assert second.line == 5
    assert isinstance(third, Entity)
    assert (first.origin.document.line, third.origin.document.line) == (1, 5)


# Files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_encodings(encoding: str, name: str, tmp_path: Path) -> None:
    (item,) = read_file(
        file(tmp_path, json.dumps({**POD, "x": "é"}, ensure_ascii=False).encode(encoding), name)
    )
    assert isinstance(item, Entity)


def test_a_file_that_cannot_be_loaded_is_unreadable(tmp_path: Path) -> None:
    there = file(tmp_path, b"")
    (tmp_path / "a.json").unlink()
    assert list(read_file(there)) == [Unreadable(there.name, 1, 1, "no such file or directory")]
    assert told(list(read_file(file(tmp_path, b"\xff\xfea")))) == [
        "the byte order mark says UTF-16, the text is not: "
        "'utf-16-le' codec can't decode byte 0x61 in position 0: truncated data"
    ]


# Large files

LISTS: dict[str, Any] = {
    "plain": {"apiVersion": "v1", "kind": "List", "items": [POD, POD]},
    "kind behind its items": {"items": [POD, {"apiVersion": "v1", "kind": "A"}], "kind": "List", "apiVersion": "v1"},
    "typed": {"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}, "spec": POD["spec"]}, POD]},
    "typed behind its items": {"items": [{"metadata": {"name": "a"}}, {"kind": "B"}], "kind": "PodList", "apiVersion": "v1"},
    "kinds that are null": {"apiVersion": "v1", "kind": "PodList", "items": [{**POD, "kind": None, "apiVersion": ""}]},
    "odd items": {"apiVersion": "v1", "kind": "PodList", "items": [{}, {"apiVersion": "v1"}]},
    "items of no kind": {"apiVersion": "v1", "kind": "List", "items": [{"metadata": {}}]},
    "lists in lists": {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "List", "items": [POD]}]},
    "no items": {"apiVersion": "v1", "kind": "List", "items": []},
    "items are null": {"apiVersion": "v1", "kind": "PodList", "items": None},
    "one object": POD,
    "no object": {"a": 1},
    "a list": [POD, POD],
    "items are a map": {"apiVersion": "v1", "kind": "X", "items": {"a": 1}},
}  # fmt: skip


@pytest.mark.parametrize("shape", LISTS)
def test_streaming_reads_what_reading_at_once_reads(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = json.dumps(LISTS[shape], indent=1).encode()
    here = file(tmp_path, data)
    whole = list(read_file(here))
    monkeypatch.setattr(manifests, "STREAMED", 1)
    assert told(list(read_file(here))) == told(whole)
    assert whole


def test_items_that_are_no_objects_are_unreadable_at_their_own_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "STREAMED", 1)
    found = list(read_file(file(tmp_path, b'{"apiVersion": "v1",\n"kind": "PodList",\n"items": [1,\n [2]]}')))
    assert [(item.line, item.column, item.error) for item in found if isinstance(item, Unreadable)] == [
        (3, 11, "an item of the PodList must be an object, not a whole number"),
        (4, 2, "an item of the PodList must be an object, not a list"),
    ]


def test_a_stream_that_breaks_keeps_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps({"apiVersion": "v1", "kind": "List", "items": [POD, POD]}, indent=1).encode()
    monkeypatch.setattr(manifests, "STREAMED", 1)
    for cut in range(data.index(b"items") + 8, len(data) - 1, 7):
        found = list(read_file(file(tmp_path, data[:cut])))
        assert kinds(found)[-1:] == ["Unreadable"]
        assert kinds(found)[:-1] == ["RunningPod"] * min(2, data[:cut].count(b"\n  }"))


def test_the_kind_of_a_list_whose_end_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "STREAMED", 1)
    found = list(
        read_file(
            file(tmp_path, b'{"items": [{"metadata": {}}], "apiVersion": "v1", "kind": "PodList", oops')
        )
    )
    assert kinds(found) == ["RunningPod", "Unreadable"], "the kind stands before the fault"
    assert kinds(list(read_file(file(tmp_path, b'{"items": [{"metadata": {}}], oops')))) == [
        "Skipped",
        "Unreadable",
    ]


def test_large_yaml_is_not_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "STREAMED", 1)
    (item,) = read_file(file(tmp_path, b"apiVersion: v1\nkind: ConfigMap\n"))
    assert isinstance(item, Entity)
    assert item.origin.document.text is not None


def test_a_large_file_that_vanishes_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "STREAMED", 1)
    here = file(tmp_path, json.dumps(POD).encode())
    (tmp_path / "a.json").unlink()
    assert list(read_file(here)) == [Unreadable(here.name, 1, 1, "no such file or directory")]
    monkeypatch.setattr(manifests, "_starts_as_json", lambda path: True)
    assert list(read_file(here)) == [Unreadable(here.name, 1, 1, "no such file or directory")]


def test_a_large_file_beyond_memory_that_is_no_list_is_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifests, "STREAMED", 1)
    monkeypatch.setattr("casemate.readers.files.LARGEST", 10)
    (item,) = read_file(file(tmp_path, json.dumps(POD).encode()))
    assert isinstance(item, Unreadable)
    assert "larger than" in item.error
    (item,) = read_file(file(tmp_path, json.dumps(LISTS["typed"] | {"items": [POD]}).encode()))
    assert isinstance(item, Entity), "a list is read however long it is"


def test_a_document_is_opened_again(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"0123456789")
    document = Document(str(tmp_path / "a.json"), 5, 7, None, 2, 4, is_json=True)
    again = reopened(document)
    assert (again.text, again.offset, again.line, again.column) == (b"2345", 0, 5, 7)
    assert reopened(again) is again
    by_path = msgspec.structs.replace(document, file="-", path=str(tmp_path / "a.json"))
    assert reopened(by_path).text == b"2345"
    with pytest.raises(ReadError, match="was changed while it was judged"):
        reopened(msgspec.structs.replace(document, offset=8))
    with pytest.raises(ReadError, match="cannot be read again: No such file"):
        reopened(msgspec.structs.replace(document, file=str(tmp_path / "none")))


def test_one_json_object_may_be_followed_by_yaml() -> None:
    pod = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"},"spec":{"containers":[{"name":"c"}]}}\n'
    found = list(read_text("a.yaml", f"{pod % 'a'}---\n{pod % 'b'}".encode()))
    assert kinds(found) == ["RunningPod", "RunningPod"]
    found = list(read_text("a.yaml", f"{pod % 'a'}{pod % 'b'}---\n{pod % 'c'}".encode()))
    assert kinds(found) == ["RunningPod", "RunningPod", "Unreadable"]
