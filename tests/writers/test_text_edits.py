"""Edited texts say what the edits mean, and what was not edited stays as it was, to the byte."""

import json
import textwrap
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casemate.engine.edits import EditTree, applied
from casemate.engine.spans import obstacle
from casemate.model.control import Edit
from casemate.model.errors import ReadError
from casemate.model.place import Path
from casemate.readers.sheets import Part, values
from casemate.writers.text_edits import changed, text_changes
from tests.trees import LAW

MERGED: Path = ("spec",)


def edited(text: str, *edits: Edit, is_json: bool = False) -> str:
    """The text with edits made in its only document."""
    part = Part(1, text, is_json)
    root = part.root(0)
    tree = EditTree()
    for edit in edits:
        assert obstacle(root, edit) is None
        assert tree.add([edit]) is None
    result = changed(text, text_changes(text, root, tree, part.layout))
    [(_, before)] = values(part, text)
    assert [value for _, value in values(part, result)] == [applied(before, tree)]
    return result


def put(path: str, value: object = True) -> Edit:
    return Edit("set", steps(path), value)


def drop(path: str) -> Edit:
    return Edit("remove", steps(path))


def steps(path: str) -> Path:
    return tuple(int(step) if step.isdigit() else step for step in path.split("."))


CASES: dict[str, tuple[str, list[Edit], str]] = {
    "a value": ("a: false # why\nb: 1\n", [put("a")], "a: true # why\nb: 1\n"),
    "a quoted value": ("a: 'x'\nb: 1\n", [put("a", "w")], "a: w\nb: 1\n"),
    "a value that is not there": ("a:\nb: ~\n", [put("a"), put("b")], "a: true\nb: true\n"),
    "text that needs quotes": (
        "a: 1\n",
        [put("b", "no"), put("c", "1.0"), put("d", "a: b"), put("e", "a:1")],
        'a: 1\nb: "no"\nc: "1.0"\nd: "a: b"\ne: a:1\n',
    ),
    "a text block": ("a: |\n  x\n  y\n\nb: 1\n", [put("a", "z")], "a: z\n\nb: 1\n"),
    "a field more": ("a:\n  b: 1\nc: 2\n", [put("a.x")], "a:\n  b: 1\n  x: true\nc: 2\n"),
    "fields more, in one block": (
        "a:\n    b: 1\nc: 2\n",
        [put("s.cap.drop", ("ALL",)), put("s.x", value=False)],
        "a:\n    b: 1\nc: 2\ns:\n    cap:\n        drop: [ALL]\n    x: false\n",
    ),
    "behind a comment": ("a: # x\n  b: 1 # y\n  # z\n", [put("a.x")], "a: # x\n  b: 1 # y\n  x: true\n  # z\n"),
    "in an item": ("l:\n- a: 1\n- b: 2\n", [put("l.0.x")], "l:\n- a: 1\n  x: true\n- b: 2\n"),
    "in an indented item": ("l:\n  -   a: 1\n", [put("l.0.x")], "l:\n  -   a: 1\n      x: true\n"),
    "below deep values": (
        "l:\n- a:\n    b:\n    - c\n- d: 1\n",
        [put("l.0.x"), put("l.0.a.w"), put("z")],
        "l:\n- a:\n    b:\n    - c\n    w: true\n  x: true\n- d: 1\nz: true\n",
    ),
    "without a last line end": ("a: 1", [put("b.c")], "a: 1\nb:\n  c: true"),
    "with windows line ends": ("a: 1\r\nb:\r\n  c: 2\r\n", [put("b.x")], "a: 1\r\nb:\r\n  c: 2\r\n  x: true\r\n"),
    "behind a text that keeps its end": ("a:\n  b: |+\n    x\n\nc: 1\n", [put("a.x")], "a:\n  b: |+\n    x\n\n  x: true\nc: 1\n"),
    "behind a text block": ("a:\n  b: |\n    x\n\nc: 1\n", [put("a.x")], "a:\n  b: |\n    x\n  x: true\n\nc: 1\n"),
    "under nothing": ("a: # x\nb: 1\n", [put("a.c.d", ("x",))], "a: # x\n  c:\n    d: [x]\nb: 1\n"),
    "under null": ("a: null # x\nb: 1\n", [put("a.c.d")], "a: {c: {d: true}} # x\nb: 1\n"),
    "under braces": ("a: {} # x\n", [put("a.c.d")], "a: {c: {d: true}} # x\n"),
    "behind a comment in braces": ("{a: 1, # x\n b: 2}\n", [drop("b")], "{a: 1, # x\n }\n"),
    "before a comment in braces": ("{\n a: 1, # x\n # y\n b: 2}\n", [drop("a")], "{\n # y\n b: 2}\n"),
    "first before a comment in braces": ("{a: 1, # x\n # y\n b: 2}\n", [drop("a")], "{\n # y\n b: 2}\n"),
    "its own comment in braces": ("{b: 1, a: 1, # x\n c: 2}\n", [drop("a")], "{b: 1, c: 2}\n"),
    "instead, behind a comment": ("{a: 1, # x\n b: 2}\n", [drop("b"), put("c")], "{a: 1, c: true, # x\n }\n"),
    "in braces": ("a: {b: 1, c: {d: 2}} # x\n", [put("a.c.x"), put("a.w")], "a: {b: 1, c: {d: 2, x: true}, w: true} # x\n"),
    "in braces over lines": ("a: {\n    b: 1,\n    c: 2\n  }\n", [put("a.x")], "a: {\n    b: 1,\n    c: 2,\n    x: true\n  }\n"),
    "in quoted braces": ('a: {"b":1,"c":"x"}\n', [put("a.x.y")], 'a: {"b":1,"c":"x","x":{"y":true}}\n'),
    "behind a last comma": ("a: [{b: 1,},]\n", [put("a.0.x")], "a: [{b: 1, x: true,},]\n"),
    "a list of its own": ("a:\n- b\nc: 1\n", [Edit("set", ("d", 0, "x"), "w")], "a:\n- b\nc: 1\nd:\n- x: w\n"),
    "an item more": ("a:\n  - b\n", [put("a.1", "c")], "a:\n  - b\n  - c\n"),
    "an item more in brackets": ("a: [b]\n", [put("a.1", "c")], "a: [b, c]\n"),
    "a list instead": ("a:\n  drop:\n  - X\n  - Y # z\nb: 1\n", [put("a.drop", ("ALL",))], "a:\n  drop:\n  - ALL\nb: 1\n"),
    "a list instead in brackets": ("a: [X, Y]\n", [put("a", ("ALL",))], "a: [ALL]\n"),
    "a scalar instead of a block": ("a:\n  b: 1\nc: 2\n", [put("a", "x")], "a: x\nc: 2\n"),
    "a field less": ("a: 1 # x\n# y\nb: 2\n", [drop("a")], "# y\nb: 2\n"),
    "the last field less": ("a: 1\nb:\n  c: 1\n  d: 2\n", [drop("b.d")], "a: 1\nb:\n  c: 1\n"),
    "a deep field less": ("a:\n  b:\n    - c: 1\n# x\nd: 1\n", [drop("a")], "# x\nd: 1\n"),
    "the only field": ("a: # x\n  # y\n  b: 1 # z\nc: 2\n", [drop("a.b")], "a: {} # x\n  # y\nc: 2\n"),
    "the only item": ("a:\n- b\nc: 2\n", [drop("a.0")], "a: []\nc: 2\n"),
    "the only field of an item": ("- a: 1\n- b: 2\n", [drop("0.a")], "- {}\n- b: 2\n"),
    "all of a map, and others come": ("a:\n  b: 1 # x\nc: 2\n", [drop("a.b"), put("a.d")], "a:\n  d: true\nc: 2\n"),
    "all of a map, and one comes below": (
        "a:\n  b:\n    c: 1\nd: 1\n",
        [drop("a.b.c"), put("a.x")],
        "a:\n  b: {}\n  x: true\nd: 1\n",
    ),
    "all of a map below a comment, and one comes below": (
        "a:\n  b: # x\n    # y\n    c: 1\nd: 1\n",
        [drop("a.b.c"), put("a.x")],
        "a:\n  b: {} # x\n    # y\n  x: true\nd: 1\n",
    ),
    "the first field of an item": ("- a: 1 # x\n  b: 2\n", [drop("0.a")], "- b: 2\n"),
    "the first two fields of an item": ("- a: 1\n  b: 2\n  c: 3\n", [drop("0.a"), drop("0.b")], "- c: 3\n"),
    "the first field before a comment": ("- a: 1\n  # x\n  b: 2\n", [drop("0.a")], "-\n  # x\n  b: 2\n"),
    "an item less": ("a:\n  - b: 1\n    c: 2\n  - d: 3\n", [drop("a.0")], "a:\n  - d: 3\n"),
    "an item in an item": ("- - a\n  - b\n- c\n", [drop("0.0")], "- - b\n- c\n"),
    "behind an odd comment": ("a:\n- b: 1\n# - not one\n  # - nor this\n- c: 2\n", [drop("a.1")], "a:\n- b: 1\n# - not one\n  # - nor this\n"),
    "the last line, without its end": ("a: 1\nb: 2", [drop("b")], "a: 1"),
    "the last lines, without an end": ("a: 1\nb: 2\nc: 3", [drop("b"), drop("c")], "a: 1\n"),
    "the last line with a carriage return": ("a: 1\r\nb: 2", [drop("b")], "a: 1"),
    "a text that keeps its end less": ("a: |+\n  x\n\nb: 1\n", [drop("a")], "b: 1\n"),
    "out of braces": ("a: {b: 1, c: 2, d: 3}\n", [drop("a.b"), drop("a.d")], "a: {c: 2}\n"),
    "all out of braces": ("a: {b: 1}\n", [drop("a.b")], "a: {}\n"),
    "all out of brackets": ("a: [ b, ]\n", [drop("a.0")], "a: []\n"),
    "all out of braces, and others in": ("a: {b: 1}\n", [drop("a.b"), put("a.c")], "a: {c: true}\n"),
    "two items less": ("a: [b, c, d]\n", [drop("a.0"), drop("a.1")], "a: [d]\n"),
    "what is not there": ("a: {b: 1}\nc:\n", [drop("a.x"), drop("c.d.e"), drop("y.z")], "a: {b: 1}\nc:\n"),
    "an explicit document": ("--- # x\na: 1\n...\n", [put("b")], "--- # x\na: 1\nb: true\n...\n"),
    "odd letters": ("ä: ü # 😀\nb:\n  c: 1\n", [put("b.x"), put("ä", "é")], 'ä: "é" # 😀\nb:\n  c: 1\n  x: true\n'),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_edited(case: str) -> None:
    text, edits, wanted = CASES[case]
    assert edited(text, *edits) == wanted


JSON_CASES = {
    "in lines": (
        '{\n  "a": {\n    "b": 1\n  }\n}\n',
        [put("a.x.y", ("z",))],
        '{\n  "a": {\n    "b": 1,\n    "x": {\n      "y": [\n        "z"\n      ]\n    }\n  }\n}\n',
    ),
    "with tabs": ('{\n\t"a": {\n\t\t"b": 1\n\t}\n}', [put("a.x.y")], '{\n\t"a": {\n\t\t"b": 1,\n\t\t"x": {\n\t\t\t"y": true\n\t\t}\n\t}\n}'),
    "on one line": ('{"a":{"b":1}}', [put("a.x.y", ("z", "w"))], '{"a":{"b":1,"x":{"y":["z","w"]}}}'),
    "on one line with spaces": ('{"a": {"b": 1}}', [put("a.x.y")], '{"a": {"b": 1, "x": {"y": true}}}'),
    "nothing in it": ('{\n  "a": {},\n  "b": null\n}', [put("a.x"), put("b.x")], '{\n  "a": {\n    "x": true\n  },\n  "b": {\n    "x": true\n  }\n}'),
    "less": ('{\n  "a": 1,\n  "b": [1, 2],\n  "c": 3\n}', [drop("a"), drop("b.1"), drop("c")], '{\n  "b": [1]\n}'),
    "less and more": ('{\n  "a": 1,\n  "b": 2\n}', [drop("b"), put("c")], '{\n  "a": 1,\n  "c": true\n}'),
    "all out of it": ('{"a": {"b": 1}}', [drop("a.b")], '{"a": {}}'),
    "a value": ('{"a": "\\u00e9", "b": [1]}', [put("a", "ü"), put("b", ("x",))], '{"a": "ü", "b": ["x"]}'),
}  # fmt: skip


@pytest.mark.parametrize("case", JSON_CASES)
def test_edited_json(case: str) -> None:
    text, edits, wanted = JSON_CASES[case]
    assert edited(text, *edits, is_json=True) == wanted


KEYS = st.sampled_from("a b c name spec x-y".split())
SCALARS = (
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["x", "no", "a b", "l1\nl2\n", "", "# c"])
)
TREES = st.recursive(
    SCALARS,
    lambda child: st.lists(child, max_size=3) | st.dictionaries(KEYS, child, max_size=3),
    max_leaves=12,
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, bool]:
    """A document in one of many styles."""
    tree = draw(st.dictionaries(KEYS, TREES, min_size=1, max_size=3))
    style = draw(st.sampled_from(("block", "indented", "flow", "json", "pretty")))
    if style == "json":
        return json.dumps(tree), True
    if style == "pretty":
        indent: Any = draw(st.sampled_from((1, 2, 4, "\t")))
        return json.dumps(tree, indent=indent), True
    dumper: Any = type("Dumper", (yaml.SafeDumper,), {})
    dumper.ignore_aliases = lambda *_: True
    if style == "indented":
        dumper.increase_indent = lambda self, flow=False, indentless=False: yaml.SafeDumper.increase_indent(
            self, flow
        )
    flow = True if style == "flow" else draw(st.sampled_from((False, None)))
    text = yaml.dump(
        tree,
        Dumper=dumper,
        default_flow_style=flow,
        indent=draw(st.sampled_from((2, 4))),
        default_style=draw(st.sampled_from((None, None, "|", '"'))),
    )
    lines = text.split("\n")
    if style != "flow" and draw(st.booleans()):
        lines = [f"{line} # note" if line.endswith(":") else line for line in lines]
    text = draw(st.sampled_from(("\n", "\r\n"))).join(lines)
    return draw(
        st.sampled_from((text, text.rstrip("\n"), f"---\n{text}", f"# top\n\n{text}\n# end\n"))
    ), False


@st.composite
def edits_of(draw: st.DrawFn, content: Any) -> list[Edit]:
    """Edits at paths that lead somewhere, or on from there."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        path: list[str | int] = []
        here = content
        while isinstance(here, (dict, list)) and here and draw(st.integers(0, 3)):
            step = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
            path.append(step)
            here = here[step]
        if not isinstance(here, list) and draw(st.booleans()):
            path += draw(st.lists(KEYS, min_size=1, max_size=2))
        if path:
            value = draw(SCALARS | st.lists(st.sampled_from(["ALL", "no"]), max_size=2).map(tuple))
            found.append(
                draw(st.sampled_from((Edit("set", tuple(path), value), Edit("remove", tuple(path)))))
            )
    return found


@LAW
@given(texts(), st.data())
def test_what_is_edited_is_said_and_the_rest_stays(written: tuple[str, bool], data: st.DataObject) -> None:
    text, is_json = written
    part = Part(1, text, is_json)
    try:
        root = part.root(0)
        [(_, before)] = values(part, text)
    except (ReadError, ValueError):
        return
    tree = EditTree()
    for edit in data.draw(edits_of(before)):
        if obstacle(root, edit) is None:
            tree.add([edit])
    changes = text_changes(text, root, tree, part.layout)
    assert all(one.end <= two.start for one, two in pairwise(changes))
    result = changed(text, changes)
    wanted = applied(before, tree)
    assert json.dumps([value for _, value in values(part, result)], sort_keys=True) == json.dumps(
        [wanted], sort_keys=True
    ), textwrap.indent(result, "| ")
