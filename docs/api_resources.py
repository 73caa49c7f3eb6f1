"""Writes what Kubernetes' own API serves, release by release, into the package.

Read are the OpenAPI descriptions and the kubelet's authorizer attributes of the modules
`k8s.io/kubernetes` that are named, as the Go module cache keeps them: python docs/api_resources.py ZIP...
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/casemate/analysis/rbac/api_resources_data.py"
_ACTIONS = {
    "get": "get",
    "list": "list",
    "watch": "watch",
    "watchlist": "watch",
    "post": "create",
    "put": "update",
    "patch": "patch",
    "delete": "delete",
    "deletecollection": "deletecollection",
}
_METHODS = {"get": "get", "post": "create", "put": "update", "patch": "patch", "delete": "delete"}
_PATH = re.compile(
    r"/(?:api|apis/([^/]+))/[^/]+/(?:watch/)?(namespaces/\{namespace\}/)?([a-z]+)(?:/\{name\}/?([a-z]*))?"
)
_KUBELET = re.compile(r'ubresource = "([a-z]+)"|append\(subresources, "([a-z]+)"|Subresource: *"([a-z]+)"')
_STANDARD = "create,delete,deletecollection,get,list,patch,update,watch"

Key = tuple[str, str, bool, str]
HEAD = '''"""What Kubernetes' own API serves: written by docs/api_resources.py from its releases.

Each line: group (- is the core group), resource, whether it is in a namespace, its verbs (* are the eight
usual ones), and the minor releases that serve it. Alpha and beta APIs are included.

Releases read: {releases}.
"""

FIRST, LAST = {first}, {last}
ROWS = """\\
'''


def main(archives: list[str]) -> None:
    """Write the data from the archives of one patch release for each minor one."""
    found: dict[Key, set[int]] = {}
    names = []
    for archive in archives:
        version = re.search(r"v(1\.(\d+)\.\d+)\.zip$", archive)
        if version is None:
            raise SystemExit(f"{archive}: the archive of a release is expected, v1.X.Y.zip")
        names.append((int(version[2]), version[1]))
        with zipfile.ZipFile(archive) as module:
            for key in (*_served(module), *_kubelet(module)):
                found.setdefault(key, set()).add(int(version[2]))
    names.sort()
    first, last = names[0][0], names[-1][0]
    if [minor for minor, _ in names] != list(range(first, last + 1)):
        raise SystemExit("one archive of each minor release is expected, without a gap")
    rows = "".join(_row(key, minors, last) for key, minors in sorted(found.items()))
    releases = f"{names[0][1]} to {names[-1][1]}, one of each minor"
    TARGET.write_text(HEAD.format(releases=releases, first=first, last=last) + rows + '"""\n')


def _row(key: Key, minors: set[int], last: int) -> str:
    group, resource, namespaced, verbs = key
    spans: list[list[int]] = []
    for minor in sorted(minors):
        if spans and spans[-1][1] == minor - 1:
            spans[-1][1] = minor
        else:
            spans.append([minor, minor])
    shown = ",".join(f"{start}-{'' if end == last else end}" for start, end in spans)
    scope = "namespaced" if namespaced else "cluster"
    return f"{group or '-'} {resource} {scope} {'*' if verbs == _STANDARD else verbs} {shown}\n"


def _served(module: zipfile.ZipFile) -> Iterator[Key]:
    paths: dict[str, dict[str, Any]] = json.loads(_text(module, "api/openapi-spec/swagger.json"))["paths"]
    verbs: dict[tuple[str, str], set[str]] = {}
    scopes: set[tuple[str, str]] = set()
    for path, operations in paths.items():
        match = _PATH.fullmatch(path.rstrip("/"))
        if match is None:
            continue
        group, namespaced, resource, subresource = match.groups()
        key = (group or "", f"{resource}/{subresource}" if subresource else resource)
        if namespaced:
            scopes.add(key)
        known = verbs.setdefault(key, set())
        for method, operation in operations.items():
            action = operation.get("x-kubernetes-action") if isinstance(operation, dict) else None
            if action is not None:
                known.add(_METHODS.get(method, "") if action == "connect" else _ACTIONS[action])
    for key, known in verbs.items():
        yield *key, key in scopes, ",".join(sorted(known - {""}))


def _kubelet(module: zipfile.ZipFile) -> Iterator[Key]:
    """What a kubelet asks the authorizer about, and no API serves."""
    for match in _KUBELET.finditer(_text(module, "pkg/kubelet/server/auth.go")):
        name = match[1] or match[2] or match[3]
        if name != "proxy":
            yield "", f"nodes/{name}", False, "create,delete,get,patch,update"


def _text(module: zipfile.ZipFile, path: str) -> str:
    (name,) = (name for name in module.namelist() if name.endswith(f"/{path}") and "/vendor/" not in name)
    return module.read(name).decode()


if __name__ == "__main__":
    main(sys.argv[1:])
