"""YAML text becomes the trees that Kubernetes sees, document by document."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from casemate.model.errors import ReadError
from casemate.readers.yaml_scalars import resolve
from casemate.readers.yaml_text import (
    _REMEMBERED,
    Chunk,
    Definition,
    Tree,
    _allowed_share,
    _Builder,
    _is_definition,
    as_utf8,
    read,
    split,
)
from tests.trees import LAW, ODD_TEXT, TEXT, trees

TAG = "tag:yaml.org,2002:"


def documents(text: str | bytes) -> list[Tree]:
    """Every document of a text; a CustomResourceDefinition among them would be an error of the test."""
    data = text if isinstance(text, bytes) else text.encode()
    found = [tree for chunk in split(as_utf8(data)) for tree in read(chunk)]
    assert all(isinstance(tree, Tree) for tree in found)
    return [tree for tree in found if isinstance(tree, Tree)]


def values(text: str | bytes) -> list[Any]:
    return [tree.value for tree in documents(text)]


def refusal(text: str | bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        documents(text)
    return caught.value


# Scalars in place


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: yes", {"a": True}),
        ("a: 'yes'", {"a": "yes"}),
        ('a: "yes"', {"a": "yes"}),
        ("a: |-\n  yes", {"a": "yes"}),
        ("a: >-\n  1", {"a": "1"}),
        ("a: 0777", {"a": 511}),
        ("a: 1e3", {"a": 1000}),
        ("a: 1.0", {"a": 1}),
        ("a: 08", {"a": 8}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: ''", {"a": ""}),
        ("a: ! yes", {"a": "yes"}),
        ("a: ! 1", {"a": "1"}),
        ("a: ! '1'", {"a": "1"}),
        ("a: !!str 1", {"a": "1"}),
        ("a: !!str", {"a": ""}),
        ("a: !!int '0777'", {"a": 511}),
        ("a: !!float 1", {"a": 1}),
        ("a: !!bool 'off'", {"a": False}),
        ("a: !!null ''", {"a": None}),
        ("a: !!binary aGVsbG8=", {"a": "hello"}),
        ("a: !Custom 1", {"a": "1"}),
        ("a: !<tag:yaml.org,2002:int> 1", {"a": 1}),
        ("a: !x {b: 1}", {"a": {"b": 1}}),
        ("a: !!set {b, c}", {"a": {"b": None, "c": None}}),
        ("%TAG ! tag:x,2000:\n---\na: !b 1", {"a": "1"}),
        ("a: 2020-01-01", {"a": "2020-01-01"}),
        ("- [1, [2]]\n- {a: 1}", [[1, [2]], {"a": 1}]),
        ("12", 12),
    ],
)
def test_scalars(text: str, value: object) -> None:
    assert values(text) == [value]
    assert values(text) == [value], "the second reading takes what the first one remembered"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("on: 1", ["true"]),
        ("'on': 1", ["on"]),
        ("010: 1", ["8"]),
        ("0x10: 1", ["16"]),
        ("1.0: 1", ["1"]),
        ("1e6: 1", ["1e+06"]),
        ("2020-01-01: 1", ["2020-01-01"]),
        ("! on: 1", ["on"]),
        ("!!str on: 1", ["on"]),
        ("!!int '010': 1", ["8"]),
        ("'': 1", [""]),
        ("? |\n  x\n: 1", ["x\n"]),
        ("? a\n? b\n: 1", ["a", "b"]),
    ],
)
def test_keys(text: str, keys: list[str]) -> None:
    assert [list(value) for value in values(text)] == [keys]
    assert [list(value) for value in values(text)] == [keys], "remembered"


def test_more_words_than_are_remembered() -> None:
    text = "".join(f"k{n}: v{n}\n" for n in range(_REMEMBERED + 10))
    (first,), (second,) = values(text), values(text)
    assert first == second == {f"k{n}": f"v{n}" for n in range(_REMEMBERED + 10)}


@pytest.mark.parametrize(
    ("text", "place", "about"),
    [
        ("a: 1\n~: 2", (2, 1), "null"),
        ("a: 1\n? [a]\n: 1", (2, 3), "braces"),
        ("a: 1\n{{ x }}: 1", (2, 1), "braces"),
        ("a: {{ x }}", (1, 5), "braces"),
        ("a: !!int x", (1, 4), "!!int"),
        ("a: !!binary é", (1, 4), "!!binary"),
        ("!!int x: 1", (1, 1), "!!int"),
        ("a: b: c", (1, 5), "not allowed"),
        ("a: 1\n\tb: 2", (2, 1), "tab"),
        ("a: [1\nb: 2", (2, 2), "expected"),
        ("a: 'x", (1, 6), "quoted"),
        ("a: @x", (1, 4), "token"),
        ("a: 1\n----b\n", (3, 1), "expected ':'"),
        ("a: b {{ x }}: c", (1, 13), "helm template"),
    ],
)
def test_what_is_refused_and_where(text: str, place: tuple[int, int], about: str) -> None:
    error = refusal(text)
    assert about in str(error)
    assert (error.line, error.column) == place


def test_nesting_without_end_is_refused() -> None:
    assert "nesting" in str(refusal("a: " + "[" * 100_000))


# Merge keys


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{<<: *x, k: 3}", {"k": 3, "j": 2}),
        ("{k: 3, <<: *x}", {"k": 1, "j": 2}),
        ("{k: 3, <<: *x, k: 4}", {"k": 4, "j": 2}),
        ("{<<: [*x, *y]}", {"k": 1, "j": 2, "m": 3}),
        ("{<<: [*y, *x]}", {"k": 9, "j": 2, "m": 3}),
        ("{<<: *x, <<: *y}", {"k": 9, "j": 2, "m": 3}),
        ("{<<: {k: 5, l: {o: 1}}}", {"k": 5, "l": {"o": 1}}),
        ("{<<: []}", {}),
        ("{!!merge <<: *x}", {"k": 1, "j": 2}),
        ("{'<<': *x}", {"<<": {"k": 1, "j": 2}}),
        ("{! <<: *x}", {"<<": {"k": 1, "j": 2}}),
        ("{'<<': 1}", {"<<": 1}),
        ("{!!merge z: 1}", {"z": 1}),
    ],
)
def test_merge_keys(text: str, value: object) -> None:
    ((document),) = values(f"x: &x {{k: 1, j: 2}}\ny: &y {{k: 9, m: 3}}\nz: {text}\n")
    assert document["z"] == value
    assert document["x"] == {"k": 1, "j": 2}, "what is merged stays as it is"


@pytest.mark.parametrize("value", ["1", "", "[1]", "[{a: 1}, 1]", "text"])
def test_only_maps_can_be_merged(value: str) -> None:
    error = refusal(f"a: 1\n<<: {value}\n")
    assert "<< takes a map or a list of maps" in str(error)
    assert error.line == 2


# Anchors


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
        ("a: &x\nb: *x", {"a": None, "b": None}),
        ("a: &x yes\n*x : 2", {"a": True, "true": 2}),
        ("&k a: 1\nb: *k", {"a": 1, "b": "a"}),
        ("&k 010: 1\nb: *k", {"8": 1, "b": 8}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ("a: &x [1, &y 2]\nb: [*x, *y]", {"a": [1, 2], "b": [[1, 2], 2]}),
        ("a: &x\n  b: &x 1\n  c: *x\nd: *x", {"a": {"b": 1, "c": 1}, "d": 1}),
        ("a: &x [&x [1], *x]\nb: *x", {"a": [[1], [1]], "b": [1]}),
        ("a: &x !!str 1\nb: *x", {"a": "1", "b": "1"}),
        ("- &a b\n- *a : c", ["b", {"b": "c"}]),
    ],
)
def test_aliases(text: str, value: object) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "about", "column"),
    [
        ("a: *x", "names no anchor before it", 4),
        ("a: *x\nb: &x 1", "names no anchor before it", 4),
        ("a: &x [*x]", "contains itself", 8),
        ("a: &x {b: {c: *x}}", "contains itself", 15),
        ("a: &x {<<: *x}", "contains itself", 12),
        ("? &x [1]\n: 1", "where a key is expected", 3),
        ("{a: &x [1], *x : 2}", "an alias of a map or list stands where a key is expected", 13),
    ],
)
def test_aliases_that_cannot_be_followed(text: str, about: str, column: int) -> None:
    error = refusal(text)
    assert about in str(error)
    assert (error.line, error.column) == (1, column)


def test_an_anchor_does_not_outlive_its_document() -> None:
    assert "names no anchor" in str(refusal("a: &x 1\n---\nb: *x\n"))
    assert "names no anchor" in str(refusal("a: &x 1\n...\n---\nb: *x\n"))


def bomb(levels: int, width: int) -> str:
    lines = [f"l0: &l0 [{', '.join(['x'] * width)}]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_an_alias_bomb_is_refused_before_it_unfolds() -> None:
    error = refusal(bomb(9, 9))
    assert "alias bomb" in str(error)
    assert error.line == 4, "a thousand nodes are too many, 387 million are never counted"


def test_a_bomb_of_merge_keys_is_refused() -> None:
    lines = ["l0: &l0 {a: {b: {c: [1, 2, 3, 4, 5, 6, 7, 8, 9]}}}"]
    lines += [f"l{n}: &l{n} {{<<: *l{n - 1}, k{n}: *l{n - 1}}}" for n in range(1, 30)]
    assert "alias bomb" in str(refusal("\n".join(lines)))


def test_a_few_thousand_aliases_are_fine() -> None:
    ((value),) = values(bomb(3, 9) + "\n" + "".join(f"k{n}: *l0\n" for n in range(50)))
    assert value["l2"] == [[["x"] * 9] * 9] * 9


def test_the_share_of_aliases_falls_as_documents_grow() -> None:
    shares = [_allowed_share(nodes) for nodes in (1, 400_000, 2_200_000, 4_000_000, 10**9)]
    assert shares == [0.99, 0.99, pytest.approx(0.545), 0.10, 0.10]


# Keys given twice


@pytest.mark.parametrize(
    ("text", "value", "paths"),
    [
        ("a: 1\na: 2", {"a": 2}, [("a",)]),
        ("a: 1\na: 2\na: 3", {"a": 3}, [("a",), ("a",)]),
        ("a: {b: 1, b: 2}", {"a": {"b": 2}}, [("a", "b")]),
        ("a: [{b: 1}, {b: 1, b: 2}]", {"a": [{"b": 1}, {"b": 2}]}, [("a", 1, "b")]),
        ("a: [[1, {b: 1, b: 2}]]", {"a": [[1, {"b": 2}]]}, [("a", 0, 1, "b")]),
        ("- a: 1\n  a: 2", [{"a": 2}], [(0, "a")]),
        ("yes: 1\non: 2", {"true": 2}, [("true",)]),
        ("a: &x {k: 1}\nb: {<<: *x, k: 2}", {"a": {"k": 1}, "b": {"k": 2}}, []),
        ("a: &x {k: 1}\nb: {<<: *x, k: 2, k: 3}", {"a": {"k": 1}, "b": {"k": 3}}, [("b", "k")]),
        ("a: {<<: {k: 1, k: 2}}", {"a": {"k": 2}}, [("a", "<<", "k")]),
        ("a: {b: {c: 1}, b: {c: 2}}", {"a": {"b": {"c": 2}}}, [("a", "b")]),
    ],
)
def test_keys_given_twice(text: str, value: object, paths: list[tuple[str | int, ...]]) -> None:
    ((tree),) = documents(text)
    assert tree.value == value
    assert list(tree.duplicates) == paths


# Documents


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\n\n", []),
        ("# only a comment\n", []),
        ("---\n", []),
        ("---\n---\n---", []),
        ("a: 1", [(1, {"a": 1})]),
        ("---\na: 1", [(1, {"a": 1})]),
        ("a: 1\n---\nb: 2\n", [(1, {"a": 1}), (2, {"b": 2})]),
        ("a: 1\n--- # comment\nb: 2", [(1, {"a": 1}), (2, {"b": 2})]),
        ("a: 1\n--- {b: 2}\n", [(1, {"a": 1}), (2, {"b": 2})]),
        ("a: 1\n---\tb\n", [(1, {"a": 1}), (2, "b")]),
        ("a: 1\n--- |\n  text\n", [(1, {"a": 1}), (2, "text\n")]),
        ("a: 1\n---", [(1, {"a": 1})]),
        ("a: |\n  ---\n  b\n", [(1, {"a": "---\nb\n"})]),
        ("a: |\n   ---\n\n\nb: 2\n---\nc: 3", [(1, {"a": "---\n", "b": 2}), (6, {"c": 3})]),
        ("a: 1\n...\n---\nb: 2", [(1, {"a": 1}), (3, {"b": 2})]),
        ("a: 1\n...\n", [(1, {"a": 1})]),
        ("%YAML 1.1\n---\na: 1\n", [(1, {"a": 1})]),
        ("%YAML 1.2\n%TAG ! !x\n---\na: 1\n---\nb: 2", [(1, {"a": 1}), (5, {"b": 2})]),
        ("a: 1\n...\n%YAML 1.1\n---\nb: 2\n", [(1, {"a": 1}), (3, {"b": 2})]),
        ("a: 1\r\n---\r\nb: 2\r\n", [(1, {"a": 1}), (2, {"b": 2})]),
        ("a: |\r\n  x\r\n  y\r\n", [(1, {"a": "x\ny\n"})]),
        ("\n\n---\n\n\na: 1\n", [(3, {"a": 1})]),
    ],
)
def test_documents_and_their_lines(text: str, found: list[tuple[int, object]]) -> None:
    assert [(tree.line, tree.value) for tree in documents(text)] == found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks(encoding: str) -> None:
    mark = "" if encoding in {"utf-8-sig", "utf-16"} else "\ufeff"
    assert values(f"{mark}a: é😀\n---\nb: 2\n".encode(encoding)) == [{"a": "é😀"}, {"b": 2}]


@pytest.mark.parametrize("data", [b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\xff\xfe\x00\xdc"])
def test_utf_16_that_is_none(data: bytes) -> None:
    assert "UTF-16" in str(refusal(data))


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"a: \xff", 1, 4),
        (b"a: 1\nb: \xed\xa0\x80", 2, 4),
        (b"a: 1\n---\nb: 2\nc: x\x00", 4, 5),
        ("a: é\nb: ".encode() + b"\xc3", 2, 4),
    ],
)
def test_bytes_that_are_no_text(data: bytes, line: int, column: int) -> None:
    error = refusal(data)
    assert "no readable text" in str(error)
    assert (error.line, error.column) == (line, column)


def test_a_broken_document_costs_only_itself_and_says_its_line() -> None:
    text = b"a: 1\n---\nb: [\n---\nc: 3\n---\nd: 4\ne: f: g\n---\nh: 8\n"
    found: list[object] = []
    for chunk in split(text):
        try:
            found += [tree.value for tree in read(chunk) if isinstance(tree, Tree)]
        except ReadError as error:
            found.append((error.line, error.column))
    assert found == [{"a": 1}, (4, 1), {"c": 3}, (8, 5), {"h": 8}]


def test_documents_before_a_fault_in_the_same_chunk_are_kept() -> None:
    (chunk,) = split(b"a: 1\n...\nb: [\n")
    reading = read(chunk)
    first = next(reading)
    assert isinstance(first, Tree)
    assert first.value == {"a": 1}
    with pytest.raises(ReadError):
        next(reading)


@LAW
@given(st.text(st.sampled_from("a:-# \n\r\t%.{}|"), max_size=60))
@example("%A\n---\n%B\n---\n")
@example("%A\n")
def test_chunks_are_the_whole_text_in_order_with_their_lines(text: str) -> None:
    data = text.encode()
    chunks = list(split(data))
    assert b"".join(chunk.text for chunk in chunks) == data
    before = 0
    for chunk in chunks:
        assert chunk.line == 1 + data.count(b"\n", 0, before)
        before += len(chunk.text)


# Laws


@LAW
@given(
    trees(keys=(TEXT | ODD_TEXT).filter(lambda text: isinstance(resolve(text or "~"), str))), st.booleans()
)
def test_a_dumped_tree_reads_as_safe_load_reads_it(tree: Any, flow: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, sort_keys=False)
    if all(isinstance(resolve(event.value or "~"), str) for event in plain_text(text)):
        assert values(text) == [yaml.safe_load(text)] == [tree]


@LAW
@given(trees())
def test_quoted_text_is_text_and_tags_give_the_rest(tree: Any) -> None:
    text = yaml.safe_dump(tree, default_style='"', sort_keys=False)
    assert values(text) == [tree]


@LAW
@given(st.lists(trees(), max_size=4))
def test_documents_are_read_each_by_itself(some: list[Any]) -> None:
    text = yaml.safe_dump_all(some, default_style='"', sort_keys=False, explicit_start=True)
    assert values(text) == some


def plain_text(text: str) -> list[Any]:
    """Plain scalars that PyYAML takes for text; Kubernetes may take them for something else."""
    node = yaml.compose(text, yaml.SafeLoader)
    found, todo = [], [node]
    while todo:
        here: Any = todo.pop()
        if isinstance(here, yaml.ScalarNode):
            if here.style is None and here.tag == f"{TAG}str":
                found.append(here)
        elif isinstance(here, yaml.MappingNode):
            todo.extend(item for pair in here.value for item in pair)
        else:
            todo.extend(here.value)
    return found


# CustomResourceDefinitions

DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  names: {kind: Widget}
"""


@pytest.mark.parametrize(
    "text",
    [
        DEFINITION,
        f"---\n{DEFINITION}",
        f"# made by a generator\n\n{DEFINITION}status:\n  conditions: []\n",
        DEFINITION.replace("\n", "\r\n"),
        DEFINITION.replace("names", "# é \u2019 names"),
    ],
)
def test_definitions_are_recognised_without_being_built(text: str) -> None:
    assert list(read(Chunk(text.encode(), 1))) == [Definition(1)]


def test_a_definition_knows_its_line() -> None:
    chunks = list(split(f"a: 1\n---\n{DEFINITION}".encode()))
    (found,) = read(chunks[1])
    assert isinstance(found, Definition)
    assert found.line == 2


def test_a_broken_definition_is_refused_with_its_line() -> None:
    chunks = list(split(f"a: 1\n---\n{DEFINITION}  x: y: z\n".encode()))
    with pytest.raises(ReadError) as caught:
        list(read(chunks[1]))
    assert (caught.value.line, caught.value.column) == (9, 7)


BREAKS = ("\n", "\r\n", "\r", "\x85", "\u2028", "\u2029")
LINES = (
    "apiVersion: apiextensions.k8s.io/v1",
    "apiVersion: v1",
    'apiVersion: "v1',
    "apiVersion: 'v1",
    "apiVersion: {a: 1",
    "kind: CustomResourceDefinition",
    "kind: CustomResourceDefinition ",
    "kind: CustomResourceDefinition # c",
    "kind: Pod",
    "kind:",
    "  kind: Pod",
    '"kind": Pod',
    "'kind': Pod",
    "? kind",
    ": Pod",
    "!!str kind: Pod",
    "&a kind: Pod",
    "<<: {kind: Pod}",
    "metadata:",
    "metadata: |",
    "metadata: {name: a}",
    "  name: a",
    '  name: "a',
    "  name: 'a",
    '  b"',
    "  b'",
    '"',
    "'",
    "}",
    "spec:",
    "spec: >",
    "spec: '",
    "  a",
    "  - b",
    "- c",
    "# comment",
    "---",
    "...",
    "",
    "\tx",
    "{kind: Pod}",
)


@LAW
@given(
    st.lists(st.tuples(st.sampled_from(LINES), st.sampled_from(BREAKS)), max_size=8),
    st.sampled_from(
        ("", "apiVersion: apiextensions.k8s.io/v1\n", "---\n# c\napiVersion: apiextensions.k8s.io/v1\n")
    ),
    st.sampled_from(("", "kind: CustomResourceDefinition\n")),
)
@example([("  a", "\n")], "apiVersion: apiextensions.k8s.io/v1\n", "kind: CustomResourceDefinition\n")
@example([("  a: b", "\r"), ("kind: Pod", "\n")], "apiVersion: v1\n", "kind: CustomResourceDefinition\n")
@example([("  a: b", "\u2028"), ("kind: Pod", "\n")], "apiVersion: v1\n", "kind: CustomResourceDefinition\n")
@example([("", "\r"), ("kind: Pod", "\n")], "apiVersion: v1\n", "kind: CustomResourceDefinition\n")
@example([('  a: "', "\n"), ("metadata:", "\n"), ('  "', "\n")], "apiVersion: v1\nspec:\n", DEFINITION)
def test_nothing_else_is_taken_for_a_definition(
    lines: list[tuple[str, str]], first: str, second: str
) -> None:
    text = (first + second + "".join(map("".join, lines))).encode()
    if not _is_definition(text):
        return
    try:
        kinds = [tree["kind"] for tree in built(text) if isinstance(tree, dict) and "kind" in tree]
    except (ReadError, yaml.YAMLError):
        return
    assert kinds in ([], ["CustomResourceDefinition"])


def built(text: bytes) -> list[Any]:
    """Every document of a text, never by the shorter way."""
    from yaml._yaml import CParser  # noqa: PLC0415 # the parser of the reader itself

    get = CParser(text).get_event
    found = []
    while not isinstance(event := get(), yaml.StreamEndEvent):
        if isinstance(event, yaml.DocumentStartEvent):
            found.append(_Builder(get).document().value)
    return found


def test_a_definition_is_what_the_longer_way_finds_too() -> None:
    assert _is_definition(DEFINITION.encode())
    assert built(DEFINITION.encode()) == [yaml.safe_load(DEFINITION)]
    assert list(read(Chunk(DEFINITION.encode(), 7))) == [Definition(7)]
