"""Edits as patches of a kustomization, for manifests that one does not own.

Format: the `patches` field of sigs.k8s.io/kustomize/api/types.Kustomization with JSON patches
(RFC 6902). They name list items by index; `test` operations make a patch fail where another item
has come to stand there.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from casemate.engine.edits import EditTree, plain
from casemate.engine.spans import Layout
from casemate.model.estate import Ref
from casemate.writers.insertion import block

_LAYOUT = Layout()
_Operation = dict[str, Any]


def patches(objects: Iterable[tuple[Ref, Any, EditTree]]) -> Iterator[str]:
    """The lines of a `patches` field: one patch for each object, given with its content and edits."""
    yield "patches:\n"
    for ref, content, tree in objects:
        lines = list(block([{"target": _target(ref)}], _LAYOUT))
        yield from (f"{line}\n" for line in lines)
        yield "  patch: |-\n"
        yield from (f"    {line}\n" for line in block(operations(content, tree), _LAYOUT))


def operations(content: Any, tree: EditTree) -> list[_Operation]:
    """The operations that make the edits in an object; what goes from lists goes last, from the end."""
    found = list(_operations(content, tree, ""))
    tests = [one for one in found if one["op"] == "test"]
    changes = [one for one in found if one["op"] not in {"test", "remove"}]
    removals = [one for one in found if one["op"] == "remove"]
    return [*tests, *changes, *reversed(removals)]


def _target(ref: Ref) -> dict[str, str]:
    parts = {
        "group": ref.group,
        "version": ref.api_version.rpartition("/")[2],
        "kind": ref.kind,
        "name": ref.name or "",
        "namespace": ref.namespace or "",
    }
    return {key: value for key, value in parts.items() if value}


def _operations(here: Any, tree: EditTree, path: str) -> Iterator[_Operation]:
    items = dict(enumerate(here)) if isinstance(here, list) else here
    if not isinstance(items, dict):
        return
    there = {step for step, item in items.items() if item is not None or isinstance(step, int)}
    for step in sorted(tree.children, key=_place):
        child = tree.children[step]
        below = f"{path}/{_escaped(step)}"
        if step in there:
            yield from _tested(items[step], step, below)
            if child.removes:
                yield {"op": "remove", "path": below}
            elif child.edit is not None:
                yield {"op": "replace", "path": below, "value": plain(child.edit.value)}
            else:
                yield from _operations(items[step], child, below)
    for step, value in tree.additions(there).items():
        last = "-" if isinstance(here, list) else _escaped(step)
        yield {"op": "add", "path": f"{path}/{last}", "value": value}


def _tested(item: Any, step: str | int, path: str) -> Iterator[_Operation]:
    """That a list's item is the one that was judged, by its name where it has one."""
    if not isinstance(step, int):
        return
    if not isinstance(item, dict):
        yield {"op": "test", "path": path, "value": item}
    elif isinstance(item.get("name"), str):
        yield {"op": "test", "path": f"{path}/name", "value": item["name"]}


def _place(step: str | int) -> tuple[int, str]:
    return (step, "") if isinstance(step, int) else (-1, step)


def _escaped(step: str | int) -> str:
    """A step of a JSON pointer (RFC 6901)."""
    return str(step).replace("~", "~0").replace("/", "~1")
