"""The naive way, as a program: every binding, every role, every rule, for each request.

    python bench/rbac/naive.py ESTATE REQUESTS > ANSWERS

It reads with the standard library and says only whether a request is allowed.
"""

import json
import sys
from pathlib import Path
from typing import Any

Item = dict[str, Any]


def main() -> None:
    """Answer each request of a file."""
    items = json.loads(Path(sys.argv[1]).read_bytes())["items"]
    roles = {_place(item): item for item in items if item["kind"].endswith("Role")}
    bindings = [item for item in items if item["kind"].endswith("Binding")]
    for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
        print(json.dumps({"allowed": _allowed(json.loads(line), roles, bindings)}))


def _place(item: Item) -> tuple[str, str, str]:
    return item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]


def _allowed(request: Item, roles: dict[tuple[str, str, str], Item], bindings: list[Item]) -> bool:
    for binding in bindings:
        namespace = binding["metadata"].get("namespace", "")
        if namespace not in {"", request["namespace"]}:
            continue
        if not any(_is(subject, request) for subject in binding["subjects"]):
            continue
        reference = binding["roleRef"]
        place = "" if reference["kind"] == "ClusterRole" else namespace
        role = roles.get((reference["kind"], place, reference["name"]))
        if role is not None and any(_matches(rule, request) for rule in role["rules"]):
            return True
    return False


def _is(subject: Item, request: Item) -> bool:
    if subject["kind"] == "Group":
        return subject["name"] in request["groups"]
    name = subject["name"]
    if subject["kind"] == "ServiceAccount":
        name = f"system:serviceaccount:{subject['namespace']}:{name}"
    return bool(request["user"] == name)


def _matches(rule: Item, request: Item) -> bool:
    resource = request["resource"] + (f"/{request['subresource']}" if request["subresource"] else "")
    if request["verb"] not in rule["verbs"] and "*" not in rule["verbs"]:
        return False
    if request["apiGroup"] not in rule["apiGroups"] or resource not in rule["resources"]:
        return False
    return "resourceNames" not in rule or request["name"] in rule["resourceNames"]


if __name__ == "__main__":
    main()
