"""Roles and bindings as YAML and JSON that `kubectl apply` takes; the same objects give the same bytes.

Source: k8s.io/api rbac/v1 types.go (fields), YAML 1.1 as sigs.k8s.io/yaml reads it (what must be quoted).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from casemate.model.rbac import RBAC, SERVICE_ACCOUNT, Binding, PolicyRule, Role, Subject

WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@-]*(?::[A-Za-z0-9_./@-]+)*\Z")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_HIDDEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")


class Commented(msgspec.Struct, frozen=True, eq=False):
    """An object with what is said of it: above it, and above each rule or subject by its index."""

    entity: Role | Binding
    above: tuple[str, ...] = ()
    items: Mapping[int, tuple[str, ...]] = {}


def to_plain(entity: Role | Binding) -> dict[str, Any]:
    """The object as the API has it; fields that are empty are left out."""
    ref = entity.ref
    metadata: dict[str, Any] = {"name": ref.name or ""}
    if ref.namespace is not None:
        metadata["namespace"] = ref.namespace
    if entity.labels:
        metadata["labels"] = dict(sorted(entity.labels.items()))
    if entity.annotations:
        metadata["annotations"] = dict(sorted(entity.annotations.items()))
    head = {"apiVersion": f"{RBAC}/v1", "kind": ref.kind, "metadata": metadata}
    if isinstance(entity, Role):
        return {**head, "rules": [_rule(rule) for rule in entity.rules]}
    role = {"apiGroup": RBAC, "kind": entity.role_kind, "name": entity.role_name}
    return {**head, "roleRef": role, "subjects": [_subject(subject) for subject in entity.subjects]}


def to_list(entities: Iterable[Role | Binding]) -> dict[str, Any]:
    """The objects as one `List`, which `kubectl apply -f` takes as JSON."""
    return {"apiVersion": "v1", "kind": "List", "items": [to_plain(entity) for entity in entities]}


def yaml_text(objects: Iterable[Commented | Role | Binding], *, comments: bool = True) -> Iterator[str]:
    """The objects as YAML documents, line by line, without what ends a line.

    Comments stand above what they are about.
    """
    for number, given in enumerate(objects):
        commented = given if isinstance(given, Commented) else Commented(given)
        if number:
            yield "---"
        if comments:
            yield from comment(commented.above)
        yield from _document(to_plain(commented.entity), commented.items if comments else {})


def comment(lines: Iterable[str], indent: str = "") -> Iterator[str]:
    """Lines as comments; what could end a comment is left out."""
    for line in lines:
        text = _CONTROL.sub(" ", line).rstrip()
        yield f"{indent}# {text}" if text else f"{indent}#"


def scalar(text: str) -> str:
    """A text as YAML reads it back: plain where it can be, else in double quotes."""
    if _PLAIN.match(text) and text.lower() not in _WORDS:
        return text
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _document(plain: dict[str, Any], notes: Mapping[int, tuple[str, ...]]) -> Iterator[str]:
    for key, value in plain.items():
        if isinstance(value, str):
            yield f"{key}: {scalar(value)}"
        elif isinstance(value, dict):
            yield f"{key}:"
            yield from _fields(value, "  ")
        elif not value:
            yield f"{key}: []"
        else:
            yield f"{key}:"
            for index, item in enumerate(value):
                yield from comment(notes.get(index, ()), "  ")
                fields = list(_fields(item, "    "))
                yield f"  - {fields[0].removeprefix('    ')}"
                yield from fields[1:]


def _fields(value: dict[str, Any], indent: str) -> Iterator[str]:
    for key, inner in value.items():
        if isinstance(inner, str):
            yield f"{indent}{scalar(key)}: {scalar(inner)}"
        elif isinstance(inner, dict):
            yield f"{indent}{scalar(key)}:"
            yield from _fields(inner, f"{indent}  ")
        else:
            items = [scalar(item) for item in inner]
            line = f"{indent}{key}: [{', '.join(items)}]"
            if len(line) <= WIDTH:
                yield line
            else:
                yield f"{indent}{key}:"
                yield from (f"{indent}  - {item}" for item in items)


def _rule(rule: PolicyRule) -> dict[str, Any]:
    lists = {
        "apiGroups": rule.api_groups,
        "resources": rule.resources,
        "resourceNames": rule.resource_names,
        "nonResourceURLs": rule.non_resource_urls,
        "verbs": rule.verbs,
    }
    return {key: list(items) for key, items in lists.items() if items or key == "verbs"}


def _subject(subject: Subject) -> dict[str, Any]:
    found = {"kind": subject.kind or ""}
    if subject.kind != SERVICE_ACCOUNT:
        found["apiGroup"] = RBAC
    elif subject.namespace:
        return {**found, "namespace": subject.namespace, "name": subject.name or ""}
    return {**found, "name": subject.name or ""}
