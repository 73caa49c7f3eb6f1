"""Patches hold operations in an order that works, and name the items that they mean."""

from typing import Any

import yaml

from casemate.engine.edits import EditTree
from casemate.model.control import Edit
from casemate.model.estate import Ref
from casemate.writers.kustomize_patches import operations, patches

CONTENT: Any = {
    "spec": {
        "containers": [{"name": "a", "env": None, "caps": ["X", "Y"]}, {"image": "b"}, None],
        "labels": {"a/b": 1, "c~d": 2},
        "text": "x",
    }
}


def tree_of(*edits: Edit) -> EditTree:
    tree = EditTree()
    assert tree.add(edits) is None
    return tree


def test_operations() -> None:
    tree = tree_of(
        Edit("remove", ("spec", "containers", 0, "caps", 0)),
        Edit("remove", ("spec", "containers", 0, "caps", 1)),
        Edit("set", ("spec", "containers", 0, "env", "x"), ("y",)),
        Edit("set", ("spec", "containers", 1, "image"), "c"),
        Edit("set", ("spec", "containers", 1, "s", "t"), value=True),
        Edit("remove", ("spec", "labels", "a/b")),
        Edit("set", ("spec", "labels", "c~d"), 3),
        Edit("remove", ("spec", "absent")),
        Edit("remove", ("spec", "text", "below")),
    )
    assert operations(CONTENT, tree) == [
        {"op": "test", "path": "/spec/containers/0/name", "value": "a"},
        {"op": "test", "path": "/spec/containers/0/caps/0", "value": "X"},
        {"op": "test", "path": "/spec/containers/0/caps/1", "value": "Y"},
        {"op": "add", "path": "/spec/containers/0/env", "value": {"x": ["y"]}},
        {"op": "replace", "path": "/spec/containers/1/image", "value": "c"},
        {"op": "add", "path": "/spec/containers/1/s", "value": {"t": True}},
        {"op": "replace", "path": "/spec/labels/c~0d", "value": 3},
        {"op": "remove", "path": "/spec/labels/a~1b"},
        {"op": "remove", "path": "/spec/containers/0/caps/1"},
        {"op": "remove", "path": "/spec/containers/0/caps/0"},
    ]


def test_new_items_go_behind_the_last_one() -> None:
    tree = tree_of(
        Edit("set", ("spec", "containers", 0, "caps", 7), "Z"),
        Edit("set", ("spec", "containers", 0, "caps", 9), "W"),
    )
    assert operations(CONTENT, tree)[1:] == [
        {"op": "add", "path": "/spec/containers/0/caps/-", "value": "Z"},
        {"op": "add", "path": "/spec/containers/0/caps/-", "value": "W"},
    ]


def test_the_field_of_a_kustomization() -> None:
    tree = tree_of(Edit("set", ("spec", "text"), "no"))
    refs = [Ref("apps/v1", "Deployment", "shop", "a"), Ref("v1", "Pod", None, "b")]
    written = yaml.safe_load("".join(patches((ref, CONTENT, tree) for ref in refs)))
    assert [patch["target"] for patch in written["patches"]] == [
        {"group": "apps", "version": "v1", "kind": "Deployment", "name": "a", "namespace": "shop"},
        {"version": "v1", "kind": "Pod", "name": "b"},
    ]
    assert yaml.safe_load(written["patches"][0]["patch"]) == [
        {"op": "replace", "path": "/spec/text", "value": "no"}
    ]
