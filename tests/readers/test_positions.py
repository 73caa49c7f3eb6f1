"""Every path of an object stands at the line and column where a person finds it in the file."""

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path as File
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.control import Consequence, Control, Fault, Finding, control
from casemate.model.estate import Entity
from casemate.model.place import Document, Origin, Path, Position
from casemate.model.severity import Severity
from casemate.readers import manifests
from casemate.readers.files import on_disk
from casemate.readers.manifests import read_file, read_text
from casemate.readers.positions import Locator, locate
from casemate.readers.yaml_text import as_utf8
from tests.trees import LAW, ODD_TEXT, TEXT, trees


@control("test", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
def asked(entity: Entity) -> Iterator[Fault]:
    yield Fault(message=str(entity.ref), at=())


ASKED: Control = asked


def place(entity: Entity, *paths: Path) -> list[Position]:
    """Where paths of an entity stand."""
    findings = [Finding(ASKED, entity, Fault(message="m", at=path)) for path in paths]
    located = list(locate(findings))
    assert [finding for finding, _ in located] == findings, "in the order given"
    return [position for _, position in located]


def entities(text: str | bytes, name: str = "a.yaml") -> list[Entity]:
    data = text if isinstance(text, bytes) else text.encode()
    found = list(read_text(name, as_utf8(data)))
    assert all(isinstance(item, Entity) for item in found), found
    return [item for item in found if isinstance(item, Entity)]


def shown(text: str, position: Position) -> str:
    """What the text says from a position on."""
    line = text.replace("\r\n", "\n").split("\n")[position.line - 1]
    return line[position.column - 1 :]


def paths_of(tree: Any, path: Path = ()) -> Iterator[Path]:
    """Every path into a tree but the empty one."""
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in steps:
        yield (*path, step)
        yield from paths_of(value, (*path, step))


def follow(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def held(tree: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": tree}


# JSON


WRITERS: dict[str, Callable[[Any], str]] = {
    "compact": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
    "spaced": json.dumps,
    "indented": lambda value: json.dumps(value, indent=2, ensure_ascii=False),
    "windows": lambda value: "\r\n " + json.dumps(value, indent="\t").replace("\n", "\r\n"),
}


def check_json(text: str, found: list[Position], paths: list[Path], tree: Any) -> None:
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    for path, position in zip(paths, found, strict=True):
        at = starts[position.line - 1] + position.column - 1
        decode = json.JSONDecoder(strict=False).raw_decode
        value, end = decode(text, at)
        if isinstance(path[-1], str):
            assert value == path[-1]
            value, _ = decode(text[end:].lstrip().removeprefix(":").lstrip())
        assert value == follow(tree, path)
        assert not position.missing
    assert len({(position.line, position.column) for position in found}) == len(found)


@LAW
@given(trees(), st.sampled_from(sorted(WRITERS)), st.booleans())
def test_each_path_of_a_json_object_stands_at_its_key_or_item(tree: Any, writer: str, marked: bool) -> None:
    text = WRITERS[writer](held(tree))
    paths = [("data", *path) for path in paths_of(tree)]
    (entity,) = entities(text.encode("utf-8-sig" if marked else "utf-8"), "a.json")
    check_json(text, place(entity, *paths), paths, held(tree))


@LAW
@given(st.lists(trees(), min_size=2, max_size=3), st.sampled_from(sorted(WRITERS)))
def test_values_one_after_the_other_have_places_of_their_own(some: list[Any], writer: str) -> None:
    text = "\n".join(WRITERS[writer](held(tree)) for tree in some)
    found = entities(text, "a.json")
    paths = [[("data", *path) for path in paths_of(tree)] for tree in some]
    wanted = [(entity, path) for entity, inner in zip(found, paths, strict=True) for path in inner]
    findings = [Finding(ASKED, entity, Fault(message="m", at=path)) for entity, path in wanted]
    positions = [position for _, position in locate(findings)]
    for tree, inner in zip(some, paths, strict=True):
        check_json(text, positions[: len(inner)], inner, held(tree))
        del positions[: len(inner)]


def test_a_key_given_twice_stands_where_it_counts() -> None:
    text = '{"apiVersion": "v1", "kind": "ConfigMap",\n "data": {"a": 1,\n  "a": 2}}'
    (entity,) = entities(text, "a.json")
    assert place(entity, ("data", "a")) == [Position(3, 3)]


# YAML


def composed(text: str) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Every path with its line and column by PyYAML's own composer."""
    todo: list[tuple[Any, Path]] = [(yaml.compose(text, yaml.SafeLoader), ())]
    while todo:
        node, path = todo.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield (*path, key.value), (key.start_mark.line + 1, key.start_mark.column + 1)
                todo.append((value, (*path, key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                yield (*path, index), (value.start_mark.line + 1, value.start_mark.column + 1)
                todo.append((value, (*path, index)))


@LAW
@given(trees(), st.sampled_from((None, True, False)), st.sampled_from(('"', "'")), st.booleans())
def test_each_path_of_a_yaml_object_stands_where_the_composer_sees_it(
    tree: Any, flow: bool | None, style: str, marked: bool
) -> None:
    text = yaml.safe_dump(held(tree), default_flow_style=flow, default_style=style, sort_keys=False, width=40)
    (entity,) = entities(
        f"# a comment, so that no reader takes it for JSON\n{text}".encode("utf-8-sig" if marked else "utf-8")
    )
    wanted = dict(composed(text))
    assert set(wanted) == set(paths_of(held(tree)))
    found = place(entity, *wanted)
    assert [(p.line - 1, p.column, p.missing) for p in found] == [(*at, ()) for at in wanted.values()]


@LAW
@given(
    trees(
        keys=st.from_regex(r"[a-z][a-z0-9./-]{0,8}", fullmatch=True).filter(
            lambda key: key not in "yn onnooff"
        )
    )
)
def test_a_plain_key_is_what_the_line_shows_there(tree: Any) -> None:
    text = yaml.safe_dump(held(tree), sort_keys=False)
    (entity,) = entities(text.replace("\n", "\r\n"))
    paths = list(paths_of(held(tree)))
    for path, position in zip(paths, place(entity, *paths), strict=True):
        if isinstance(path[-1], str) and path[-1] in text:
            assert shown(text, position).lstrip("'").startswith(path[-1])


@LAW
@given(trees(), TEXT | ODD_TEXT | st.integers(100, 200), st.data())
def test_what_is_missing_stands_at_its_nearest_parent(
    tree: Any, step: str | int, data: st.DataObject
) -> None:
    whole = held(tree)
    parent = data.draw(st.sampled_from([(), *paths_of(whole)]))
    if isinstance(follow(whole, parent), dict) and step in follow(whole, parent):
        return
    dumped = "#\n" + yaml.safe_dump(whole, default_style='"')
    for text, name in ((json.dumps(whole), "a.json"), (dumped, "a.yaml")):
        (entity,) = entities(text, name)
        there, missing = place(entity, parent, (*parent, step, "deeper", 0))
        assert (missing.line, missing.column) == (there.line, there.column)
        assert missing.missing == (step, "deeper", 0)


POD = """\
# comment
apiVersion: v1
kind: Pod
metadata: {name: a, labels: &labels {app: x, "on": y}}
spec: &spec
  containers:
    - &first
      name: main
      securityContext: &context {privileged: true}
    -   <<: *first
        name: side
    - {<<: [*context, {image: b}], name: last}
    - *first
  initContainers:
  - *first
  nodeSelector: *labels
  010: eight
  yes: true
  ? long
  : value
  *key : 1
"""


@pytest.mark.parametrize(
    ("path", "place_", "missing"),
    [
        ((), (2, 1), ()),
        (("spec",), (5, 1), ()),
        (("metadata", "labels", "on"), (4, 46), ()),
        (("spec", "containers"), (6, 3), ()),
        (("spec", "containers", 0), (7, 7), ()),
        (("spec", "containers", 0, "name"), (8, 7), ()),
        (("spec", "containers", 0, "securityContext", "privileged"), (9, 34), ()),
        (("spec", "containers", 1), (10, 9), ()),
        (("spec", "containers", 1, "name"), (11, 9), ()),
        (("spec", "containers", 1, "securityContext"), (9, 7), ()),
        (("spec", "containers", 1, "securityContext", "privileged"), (9, 34), ()),
        (("spec", "containers", 2, "privileged"), (9, 34), ()),
        (("spec", "containers", 2, "image"), (12, 24), ()),
        (("spec", "containers", 2, "name"), (12, 36), ()),
        (("spec", "containers", 3), (13, 7), ()),
        (("spec", "containers", 3, "name"), (8, 7), ()),
        (("spec", "containers", 4), (6, 3), (4,)),
        (("spec", "initContainers", 0, "securityContext"), (9, 7), ()),
        (("spec", "nodeSelector", "app"), (4, 38), ()),
        (("spec", "8"), (17, 3), ()),
        (("spec", "true"), (18, 3), ()),
        (("spec", "long"), (19, 5), ()),
        (("spec", "hostPID"), (5, 1), ("hostPID",)),
        (("spec", "containers", 0, "name", "deeper"), (8, 7), ("deeper",)),
    ],
)
def test_places_in_a_pod(path: Path, place_: tuple[int, int], missing: Path) -> None:
    (entity,) = entities(POD.replace("  *key : 1\n", ""))
    assert place(entity, path) == [Position(*place_, missing)]


@pytest.mark.parametrize(
    ("text", "path", "column"),
    [
        ("{a: &k yes, *k : 1}", ("true",), 13),
        ("{a: &k on, *k : {b: 1}}", ("true", "b"), 18),
        ("{&k a: 1, b: {*k : 2}}", ("b", "a"), 15),
        ("{&k a: 1, b: *k}", ("b",), 11),
        ("{a: &k b, c: *k}", ("c",), 11),
        ("{'<<': {a: 1}}", ("<<", "a"), 9),
        ("{! <<: {a: 1}}", ("<<", "a"), 9),
        ("{!!merge <<: {a: 1}}", ("a",), 15),
        ("{<<: {a: 1}, a: 2}", ("a",), 14),
        ("{a: 2, <<: {a: 1}}", ("a",), 13),
        ("{!!int '010': 1}", ("8",), 2),
        ("{1.0: 1}", ("1",), 2),
        ("{a: [[1], [2, [3]]]}", ("a", 1, 1, 0), 16),
    ],
)
def test_places_of_odd_keys(text: str, path: Path, column: int) -> None:
    (entity,) = entities(f"kind: ConfigMap\napiVersion: v1\n{text.join(('data: ', ''))}")
    assert place(entity, ("data", *path)) == [Position(3, column + len("data: "))]


def test_places_count_from_the_start_of_the_file() -> None:
    first = "---\napiVersion: v1\nkind: ConfigMap\n"
    found = entities(f"# c\n{first}...\n{first}data: {{a: 1}}\n--- # c\n\n{first[4:]}data:\n  b: 1\n")
    assert len(found) == 3
    assert place(found[1], ("data", "a")) == [Position(9, 8)]
    assert place(found[2], ("data", "b"), ("kind",)) == [Position(15, 3), Position(13, 1)]


def test_of_several_documents_in_a_chunk_the_one_that_has_most_of_the_path_is_shown() -> None:
    lines = (
        "apiVersion: v1",
        "kind: ConfigMap",
        "data: {}",
        "---",
        "apiVersion: v1",
        "kind: Pod",
        "spec: {a: 1}",
    )
    config, pod = entities("\r".join(lines))
    assert config.origin.document.text == pod.origin.document.text, "a lone carriage return cuts no chunk"
    assert place(config, ("data",)) == [Position(3, 1)]
    assert place(pod, ("spec", "a"), ("spec", "b")) == [Position(7, 8), Position(7, 1, ("b",))]
    assert place(pod, ("kind",)) == [Position(2, 1)], "both have it: the first one is shown"


def test_places_in_a_document_whose_neighbour_is_broken() -> None:
    text = b"apiVersion: v1\nkind: ConfigMap\ndata: {a: 1}\n...\n%YAML 1.1\n%YAML 1.1\n"
    entity = next(item for item in read_text("a.yaml", text) if isinstance(item, Entity))
    assert place(entity, ("data", "a")) == [Position(3, 8)]
    text = b"apiVersion: v1\nkind: ConfigMap\ndata: {a: 1}\n...\n- *x : 1\n"
    entity = next(item for item in read_text("a.yaml", text) if isinstance(item, Entity))
    assert place(entity, ("data", "a")) == [Position(3, 8)]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  data:\n    a: 1\n",
        '{"apiVersion": "v1", "kind": "List", "items": [\n\n\n{"apiVersion": "v1", "kind": "ConfigMap",\n\n'
        ' "data": {\n    "a": 1}}]}',
    ],
)
def test_items_of_a_list_stand_in_the_text_of_the_list(text: str) -> None:
    (entity,) = entities(text)
    assert place(entity, ("data", "a")) == [Position(7, 5)]
    assert place(entity, ("data", "b"))[0].missing == ("b",)


def test_equal_documents_are_looked_into_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = entities("\n".join(json.dumps(held({"a": n})) for n in range(3)), "a.json")
    opened = []

    def open_noted(document: Document) -> Document:
        opened.append(document)
        return document

    monkeypatch.setattr("casemate.readers.positions.reopened", open_noted)
    locator = Locator()
    for _ in range(3):
        findings = [Finding(ASKED, entity, Fault(message="m", at=("data", "a"))) for entity in found]
        assert [position.line for _, position in locator.locate(findings)] == [1, 2, 3]
    assert len(opened) == 1


# Large files


@LAW
@given(st.lists(trees(), min_size=1, max_size=4), st.sampled_from(sorted(WRITERS)), st.booleans())
def test_streamed_objects_stand_where_those_of_a_whole_file_stand(
    some: list[Any], writer: str, early: bool
) -> None:
    items = [held(tree) for tree in some]
    head = {"apiVersion": "v1", "kind": "List"}
    text = WRITERS[writer]({**head, "items": items} if early else {"items": items, **head})
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = File(folder, "list.json")
        file.write_bytes(text.encode())
        patch.setattr(manifests, "STREAMED", 1)
        streamed = [
            item
            for item in read_file(on_disk(str(file), file.name, file.stat().st_size))
            if isinstance(item, Entity)
        ]
        whole = entities(text, str(file))
        assert [entity.ref for entity in streamed] == [entity.ref for entity in whole]
        for parts, at_once, tree in zip(streamed, whole, items, strict=True):
            assert parts.origin.document.text is None
            assert at_once.origin.document.text is not None
            paths = [(), ("spec", "containers", 0), *paths_of(tree)]
            assert place(parts, *paths) == place(at_once, *paths)


def test_a_file_that_changed_meanwhile_gives_the_start_of_the_object(
    tmp_path: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "list.json"
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": [held({"a": 1})]}, indent=1)
    file.write_text(text)
    monkeypatch.setattr(manifests, "STREAMED", 1)
    (entity,) = (
        item
        for item in read_file(on_disk(str(file), file.name, file.stat().st_size))
        if isinstance(item, Entity)
    )
    start = Position(5, 3, ("data", "a"))
    assert place(entity, ("data", "a")) == [Position(12, 5)]
    for other in ("x" * len(text), text.replace(":", " "), text.replace('"', "'"), text[: len(text) // 2]):
        file.write_text(other)
        (position,) = place(entity, ("data", "a"))
        assert (position.line, position.missing) == (start.line, start.missing)
    file.unlink()
    assert place(entity, ("data", "a")) == [Position(5, 3, ("data", "a"))]


def test_objects_without_a_text_stand_at_the_start_of_their_file() -> None:
    (entity,) = entities(POD.replace("  *key : 1\n", ""))
    rendered = msgspec.structs.replace(
        entity, origin=Origin(Document("chart/templates/a.yaml"), (), "as rendered")
    )
    assert place(rendered, ("spec", "containers"))[0] == Position(1, 1, ("spec", "containers"))
