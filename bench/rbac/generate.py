"""Write an estate of roles, bindings and service accounts, and requests to it, from a fixed seed."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

API = "rbac.authorization.k8s.io/v1"
VERBS = ("get", "list", "watch", "create", "update", "patch", "delete")
RESOURCES = (
    ("", "pods"), ("", "secrets"), ("", "configmaps"), ("", "services"), ("", "pods/exec"), ("", "pods/log"),
    ("apps", "deployments"), ("apps", "statefulsets"), ("apps", "deployments/scale"), ("batch", "jobs"),
    ("networking.k8s.io", "ingresses"), ("rbac.authorization.k8s.io", "roles"),
    *((f"g{number}.example.com", f"kinds{number}") for number in range(200)),
)  # fmt: skip
TEAMS, USERS = 500, 5_000


class Sizes:
    """How many objects of each kind an estate with so many bindings has."""

    def __init__(self, bindings: int) -> None:
        self.bindings = bindings
        self.roles = max(bindings // 5, 8)
        self.cluster_roles = self.roles // 4
        self.accounts = max(bindings * 6 // 10, 4)
        self.namespaces = max(bindings // 20, 2)


def write_estate(path: Path, sizes: Sizes, seed: int = 7) -> None:
    """Write a JSON List: a fifth as many roles as bindings, three fifths as many service accounts."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"apiVersion":"v1","kind":"List","items":[\n')
        for number, item in enumerate(_objects(sizes, rng)):
            file.write((",\n" if number else "") + json.dumps(item, separators=(",", ":")))
        file.write("\n]}\n")


def write_requests(path: Path, sizes: Sizes, count: int, seed: int = 11) -> None:
    """Write requests as JSON Lines: most of service accounts in their own namespace."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(count):
            file.write(json.dumps(_request(sizes, rng), separators=(",", ":")) + "\n")


def _objects(sizes: Sizes, rng: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(sizes.accounts):
        metadata = {"name": f"sa-{number}", "namespace": f"ns-{number % sizes.namespaces}"}
        yield {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
    for number in range(sizes.roles):
        metadata = {"name": f"r-{number}"}
        kind = "ClusterRole"
        if number >= sizes.cluster_roles:
            kind, metadata["namespace"] = "Role", f"ns-{number % sizes.namespaces}"
        rules = [_rule(rng) for _ in range(rng.randint(1, 6))]
        yield {"apiVersion": API, "kind": kind, "metadata": metadata, "rules": rules}
    for number in range(sizes.bindings):
        subjects = [_subject(sizes, rng) for _ in range(rng.randint(1, 3))]
        if number % 50 == 0:
            kind, metadata = "ClusterRoleBinding", {"name": f"b-{number}"}
        else:
            kind = "RoleBinding"
            metadata = {"name": f"b-{number}", "namespace": f"ns-{number % sizes.namespaces}"}
        reference = _reference(sizes, rng, metadata.get("namespace"))
        yield {
            "apiVersion": API,
            "kind": kind,
            "metadata": metadata,
            "roleRef": reference,
            "subjects": subjects,
        }


def _rule(rng: random.Random) -> dict[str, Any]:
    chosen = rng.sample(RESOURCES, rng.randint(1, 3))
    rule: dict[str, Any] = {
        "apiGroups": sorted({group for group, _ in chosen}),
        "resources": [name for _, name in chosen],
        "verbs": ["*"] if rng.random() < 0.01 else rng.sample(VERBS, rng.randint(1, 5)),
    }
    if rng.random() < 0.1:
        rule["resourceNames"] = ["a", "b"]
    return rule


def _reference(sizes: Sizes, rng: random.Random, namespace: str | None) -> dict[str, str]:
    kind, number = "ClusterRole", rng.randrange(sizes.cluster_roles)
    if namespace is not None and rng.random() < 0.5:
        inside = int(namespace.removeprefix("ns-"))
        steps = max((sizes.roles - inside) // sizes.namespaces, 1)
        kind, number = "Role", inside + rng.randrange(steps) * sizes.namespaces
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": f"r-{number}"}


def _subject(sizes: Sizes, rng: random.Random) -> dict[str, str]:
    draw = rng.random()
    if draw < 0.7:
        number = rng.randrange(sizes.accounts)
        namespace = f"ns-{number % sizes.namespaces}"
        return {"kind": "ServiceAccount", "name": f"sa-{number}", "namespace": namespace}
    if draw < 0.85:
        return {"kind": "Group", "name": f"team-{rng.randrange(TEAMS)}"}
    return {"kind": "User", "name": f"user-{rng.randrange(USERS)}"}


def _request(sizes: Sizes, rng: random.Random) -> dict[str, Any]:
    number = rng.randrange(sizes.accounts)
    namespace = f"ns-{number % sizes.namespaces}"
    user, groups = f"system:serviceaccount:{namespace}:sa-{number}", []
    if rng.random() < 0.2:
        user = f"user-{rng.randrange(USERS)}"
        groups = [f"team-{rng.randrange(TEAMS)}" for _ in range(rng.randrange(4))]
    group, resource = rng.choice(RESOURCES)
    resource, _, subresource = resource.partition("/")
    where = rng.random()
    return {
        "user": user,
        "groups": groups,
        "verb": rng.choice(VERBS),
        "apiGroup": group,
        "resource": resource,
        "subresource": subresource,
        "name": rng.choice(["", "a", "web"]),
        "namespace": ""
        if where < 0.1
        else namespace
        if where < 0.7
        else f"ns-{rng.randrange(sizes.namespaces)}",
        "path": "",
    }
