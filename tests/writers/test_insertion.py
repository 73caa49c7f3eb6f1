"""The text to insert is YAML that says what the fix sets, for what is missing only."""

import textwrap
from typing import Any

import pytest
import yaml

from casemate.engine.edits import EditTree
from casemate.model.control import Edit, Fix
from casemate.model.place import Path, Position
from casemate.readers.sheets import Part
from casemate.writers.insertion import insertion, quoted, scalar
from casemate.writers.text_edits import text_changes

AT: Path = ("spec", "containers", 0, "securityContext", "capabilities", "drop")


def fixed(value: object, path: Path = AT, op: str = "set") -> Fix:
    return Fix(safe=True, edits=(Edit("remove", ("spec", "x")), Edit(op, path, value)))


@pytest.mark.parametrize(
    ("missing", "text"),
    [
        (("drop",), "drop: [ALL]"),
        (("capabilities", "drop"), "capabilities:\n  drop: [ALL]"),
        (("securityContext", "capabilities", "drop"), "securityContext:\n  capabilities:\n    drop: [ALL]"),
        (
            (0, "securityContext", "capabilities", "drop"),
            "- securityContext:\n    capabilities:\n      drop: [ALL]",
        ),
        (
            ("containers", 0, "securityContext", "capabilities", "drop"),
            "containers:\n  - securityContext:\n      capabilities:\n        drop: [ALL]",
        ),
    ],
)
def test_only_what_is_missing_is_written(missing: Path, text: str) -> None:
    assert insertion(fixed(("ALL",)), AT, Position(1, 1, missing)) == text
    wanted: Any = ["ALL"]
    for step in reversed(missing):
        wanted = [wanted] if isinstance(step, int) else {step: wanted}
    assert yaml.safe_load(text) == wanted


@pytest.mark.parametrize(
    ("fix", "missing"),
    [
        (None, ("drop",)),
        (fixed(("ALL",)), ()),
        (fixed(None, op="remove"), ("drop",)),
        (fixed(("ALL",), ("spec", "other")), ("drop",)),
        (Fix(safe=False, edits=()), ("drop",)),
    ],
    ids=["no fix", "nothing missing", "removed", "elsewhere", "no edit"],
)
def test_otherwise_there_is_nothing_to_insert(fix: Fix | None, missing: Path) -> None:
    assert insertion(fix, AT, Position(1, 1, missing)) is None


def test_what_a_scan_shows_is_what_a_fix_inserts() -> None:
    text = "a:\n  l:\n    - n: 1\n"
    part = Part(1, text, is_json=False)
    for edit in (
        Edit("set", ("a", "l", 0, "s", "x"), ("ALL",)),
        Edit("set", ("a", "l", 0, "s"), "no"),
        Edit("set", ("b", 0, "c"), value=True),
    ):
        tree = EditTree()
        assert tree.add([edit]) is None
        [change] = text_changes(text, part.root(0), tree, part.layout)
        missing = edit.path[3:] if edit.path[0] == "a" else edit.path
        shown = insertion(Fix(safe=True, edits=(edit,)), edit.path, Position(1, 1, missing))
        assert shown == textwrap.dedent(change.text.removeprefix("\n"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (None, "null"),
        (1000, "1000"),
        ("RuntimeDefault", "RuntimeDefault"),
        ((), "[]"),
        (("ALL", "NET_RAW"), "[ALL, NET_RAW]"),
        ((True, None), "[true, null]"),
        ("no", '"no"'),
        ("1.0", '"1.0"'),
        ("a: b", '"a: b"'),
        ("registry.example/a:1", "registry.example/a:1"),
        ("", '""'),
        ({"a": ["x"], "b": {}}, "{a: [x], b: {}}"),
    ],
)
def test_values_on_one_line(value: object, text: str) -> None:
    assert scalar(value) == text
    assert yaml.safe_load(text) == (list(value) if isinstance(value, tuple) else value)


def test_values_as_json() -> None:
    value = {"a": ["x"], "b": None}
    assert quoted(value) == '{"a": ["x"], "b": null}'
    assert quoted(value, ":", ",") == '{"a":["x"],"b":null}'
    assert quoted(value, lines=("\n\t", "\t")) == '{\n\t\t"a": [\n\t\t\t"x"\n\t\t],\n\t\t"b": null\n\t}'
