"""The resources that a cluster serves, from a file that kubectl wrote.

Taken are JSON of discovery (`APIResourceList` of /api/v1 and /apis/GROUP/VERSION, `APIGroupDiscoveryList` of
/apis, one or several documents behind each other) and the table of `kubectl api-resources`, with `-o wide` or
without. The table holds no subresources: those of custom resources are added.

Source: apimachinery meta/v1 types.go, k8s.io/api apidiscovery/v2 types.go, kubectl pkg/cmd/apiresources.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

from casemate.analysis.rbac.api_resources import USUAL, ApiResource
from casemate.model.errors import ReadError, UsageError
from casemate.readers import json_text
from casemate.readers.files import STDIN, on_disk, reason, standard_input

_SUBRESOURCES = (("status", ("get", "patch", "update")), ("scale", ("get", "patch", "update")))
_COLUMNS = ("NAME", "APIVERSION", "NAMESPACED", "KIND")


def read_api_resources(path: str) -> tuple[ApiResource, ...]:
    """The resources that a file names, once each.

    Raises `UsageError` where there is no such file, and `ReadError` where it is neither of the two forms.
    """
    if path != STDIN and not os.path.isfile(path):
        raise UsageError(f"{path}: no such file; name the output of kubectl api-resources -o wide")
    try:
        file = standard_input() if path == STDIN else on_disk(path, path, os.stat(path).st_size)
        data = file.load()
        text = data.decode("utf-8-sig", "replace")
        found = list(_from_json(text.encode()) if text.lstrip()[:1] in {"{", "["} else _from_table(text))
    except OSError as error:
        raise ReadError(f"{path}: {reason(error)}") from error
    except ReadError as error:
        raise ReadError(f"{path}:{error.line}: {error}", error.line) from error
    if not found:
        raise ReadError(f"{path}: names no resource; kubectl api-resources -o wide writes such a file")
    return _merged(found)


def _merged(items: list[ApiResource]) -> tuple[ApiResource, ...]:
    """Each once: what several versions of a group serve is taken together."""
    found: dict[tuple[str, str], ApiResource] = {}
    for item in items:
        known = found.get((item.group, item.name))
        verbs = dict.fromkeys((*(known.verbs if known else ()), *item.verbs))
        found[item.group, item.name] = ApiResource(item.group, item.name, item.namespaced, tuple(verbs))
    return tuple(found[key] for key in sorted(found))


def _from_json(data: bytes) -> Iterator[ApiResource]:
    for value in json_text.read(data):
        for document in value.value if isinstance(value.value, list) else [value.value]:
            try:
                yield from _from_document(document)
            except (AttributeError, KeyError, TypeError) as error:
                raise ReadError(
                    f"no list of API resources: {json.dumps(document)[:60]}", value.line
                ) from error


def _from_document(document: dict[str, Any]) -> Iterator[ApiResource]:
    kind = document.get("kind")
    if kind == "APIResourceList":
        group = _group(document["groupVersion"])
        for item in document.get("resources") or ():
            yield _made(item.get("group") or group, item["name"], bool(item["namespaced"]), item.get("verbs"))
    elif kind == "APIGroupDiscoveryList":
        for listed in document.get("items") or ():
            group = (listed.get("metadata") or {}).get("name", "")
            for version in listed.get("versions") or ():
                for item in version.get("resources") or ():
                    namespaced = item["scope"] == "Namespaced"
                    yield _made(group, item["resource"], namespaced, item.get("verbs"))
                    for inner in item.get("subresources") or ():
                        name = f"{item['resource']}/{inner['subresource']}"
                        yield _made(group, name, namespaced, inner.get("verbs"))
    else:
        raise TypeError(kind)


def _made(group: str, name: str, namespaced: bool, verbs: list[str] | None) -> ApiResource:
    return ApiResource(group + "", name + "", namespaced, tuple(verb + "" for verb in verbs or USUAL))


def _from_table(text: str) -> Iterator[ApiResource]:
    head, *rows = text.splitlines() or [""]
    starts = {title: head.find(title) for title in (*_COLUMNS, "VERBS", "CATEGORIES")}
    if any(starts[title] < 0 for title in _COLUMNS):
        raise ReadError("neither JSON nor the table of kubectl api-resources with its headings")
    for number, row in enumerate(rows, 2):
        if not row.strip():
            continue
        words = {title: row[start:].split(None, 1) for title, start in starts.items() if start >= 0}
        if any(not words[title] for title in _COLUMNS) or words["NAMESPACED"][0] not in {"true", "false"}:
            raise ReadError("this row does not stand under the headings", number)
        name, group = words["NAME"][0], _group(words["APIVERSION"][0])
        verbs = tuple(words["VERBS"][0].split(",")) if words.get("VERBS") else USUAL
        namespaced = words["NAMESPACED"][0] == "true"
        yield ApiResource(group, name, namespaced, verbs)
        for subresource, asked in _SUBRESOURCES:
            yield ApiResource(group, f"{name}/{subresource}", namespaced, asked)


def _group(version: str) -> str:
    group, slash, _ = version.partition("/")
    return group if slash else ""
