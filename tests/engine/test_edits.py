"""Edits of many findings become one tree; paths and values come out as the edits mean."""

from typing import Any

import pytest

from casemate.engine.edits import EditTree, applied
from casemate.model.control import Edit
from casemate.model.place import Path


def put(*path: str | int, to: object = True) -> Edit:
    return Edit("set", path, to)


def drop(*path: str | int) -> Edit:
    return Edit("remove", path)


def tree_of(*edits: Edit) -> EditTree:
    tree = EditTree()
    for edit in edits:
        assert tree.add([edit]) is None
    return tree


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        ({"a": 1}, [put("a"), put("b", to=("x",))], {"a": True, "b": ["x"]}),
        ({"a": 1, "b": 2}, [drop("a"), drop("z"), drop("y", "x")], {"b": 2}),
        ({"a": None}, [put("a", "b", "c")], {"a": {"b": {"c": True}}}),
        ({"a": None}, [drop("a", "b")], {"a": None}),
        (
            {"a": [1, 2, {"b": 3}]},
            [drop("a", 0), put("a", 2, "b"), put("a", 3, to="x")],
            {"a": [2, {"b": True}, "x"]},
        ),
        ({}, [put("a", 1, "c"), put("a", 0, "b")], {"a": [{"b": True}, {"c": True}]}),
        ({"a": {"b": 1}}, [put("a", to=None)], {"a": None}),
        ({"a": {"b": 1}}, [drop("a", "b")], {"a": {}}),
        ({"a": 1}, [], {"a": 1}),
    ],
)
def test_applied(before: Any, edits: list[Edit], after: Any) -> None:
    assert applied(before, tree_of(*edits)) == after


def test_what_is_removed_takes_edits_below_along() -> None:
    for edits in ([put("a", "b"), drop("a")], [drop("a"), put("a", "b"), drop("a", "c")]):
        assert applied({"a": {"c": 1}, "d": 1}, tree_of(*edits)) == {"d": 1}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (put("a"), put("a", to=False)),
        (put("a"), drop("a")),
        (drop("a"), put("a")),
        (put("a"), put("a", "b")),
        (put("a", "b"), put("a")),
        (put("a", to=()), drop("a", "b")),
    ],
)
def test_contradictions_are_refused_as_a_whole(first: Edit, second: Edit) -> None:
    tree = tree_of(first)
    assert (
        tree.add([put("z"), second])
        == f"another edit changes {'.'.join(map(str, second.path))} in another way: make one, then run it again"
    )
    assert "z" not in tree.children


def test_contradictions_are_named_without_positions() -> None:
    assert (
        tree_of(put("l", 0)).add([drop("l", 0)])
        == "another edit changes l in another way: make one, then run it again"
    )
    assert (
        tree_of(put(0)).add([drop(0)])
        == "another edit changes the document in another way: make one, then run it again"
    )


def test_equal_edits_are_one() -> None:
    assert applied({}, tree_of(put("a"), put("a"), drop("b"), drop("b"))) == {"a": True}


@pytest.mark.parametrize(
    ("edits", "path", "before"),
    [
        ([], ("a", 1), ("a", 1)),
        ([drop("a", 0)], ("a", 0, "b"), ("a", 1, "b")),
        ([drop("a", 0), drop("a", 1), put("a", 2, "x")], ("a", 0), ("a", 2)),
        ([drop("a", 1)], ("a", 0), ("a", 0)),
        ([drop("a", 3), drop("a", 1)], ("a", 2), ("a", 4)),
        ([drop("a", 0, "l", 0)], ("a", 0, "l", 0), ("a", 0, "l", 1)),
        ([put("a", "b")], ("a", "c"), ("a", "c")),
    ],
)  # fmt: skip
def test_paths_lead_back_through_what_went(edits: list[Edit], path: Path, before: Path) -> None:
    assert tree_of(*edits).before(path) == before


def test_a_copy_is_its_own() -> None:
    tree = tree_of(put("a", "b"))
    copy = tree.copy()
    copy.add([put("a", "c")])
    assert applied({}, tree) == {"a": {"b": True}}
    assert applied({}, copy) == {"a": {"b": True, "c": True}}
