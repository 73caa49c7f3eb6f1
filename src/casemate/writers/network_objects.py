"""Network policies as YAML that `kubectl apply` takes; the same objects give the same bytes.

Source: YAML 1.1 as sigs.k8s.io/yaml reads it (what must be quoted).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from casemate.model.place import Path
from casemate.writers.rbac_objects import WIDTH, comment, scalar

Tree = Mapping[str, Any]


class Noted(msgspec.Struct, frozen=True, eq=False):
    """An object with what is said of it: above it, and above the entries of its lists by their place."""

    tree: Tree
    above: tuple[str, ...] = ()
    notes: Mapping[Path, tuple[str, ...]] = {}


def yaml_text(objects: Iterable[Noted]) -> Iterator[str]:
    """The objects as YAML documents, line by line, without what ends a line."""
    for number, item in enumerate(objects):
        if number:
            yield "---"
        yield from comment(item.above)
        yield from _map(item.tree, "", (), item.notes)


def _map(tree: Tree, indent: str, at: Path, notes: Mapping[Path, tuple[str, ...]]) -> Iterator[str]:
    for key, value in tree.items():
        yield from _entry(f"{indent}{scalar(key)}:", value, indent, (*at, key), notes)


def _entry(
    head: str, value: Any, indent: str, at: Path, notes: Mapping[Path, tuple[str, ...]]
) -> Iterator[str]:
    if isinstance(value, dict):
        if not value:
            yield f"{head} {{}}"
            return
        yield head
        yield from _map(value, f"{indent}  ", at, notes)
    elif isinstance(value, list):
        yield from _list(head, value, indent, at, notes)
    else:
        yield f"{head} {_scalar(value)}"


def _list(
    head: str, items: list[Any], indent: str, at: Path, notes: Mapping[Path, tuple[str, ...]]
) -> Iterator[str]:
    if not any(isinstance(item, (dict, list)) for item in items):
        line = f"{head} [{', '.join(map(_scalar, items))}]"
        if len(line) <= WIDTH:
            yield line
            return
    yield head
    for index, item in enumerate(items):
        here = (*at, index)
        yield from comment(notes.get(here, ()), f"{indent}  ")
        if not isinstance(item, dict) or not item:
            yield f"{indent}  - {'{}' if item == {} else _scalar(item)}"
            continue
        lines = list(_map(item, f"{indent}    ", here, notes))
        yield f"{indent}  - {lines[0].lstrip(' ')}"
        yield from lines[1:]


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else scalar(str(value))
