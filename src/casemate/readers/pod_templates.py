"""Where an object carries pod templates: by kind where Kubernetes defines it, else by shape.

Source: core/v1, apps/v1 and batch/v1 types.go for the built-in kinds. In any other kind a
map with a list of `containers` that have images is a pod's spec, whatever leads to it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.model.errors import ReadError
from casemate.model.place import Path

BUILT_IN: dict[tuple[str, str], Path] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("extensions", "ReplicaSet"): ("spec", "template"),
    ("extensions", "Deployment"): ("spec", "template"),
    ("extensions", "DaemonSet"): ("spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch", "ScheduledJob"): ("spec", "jobTemplate", "spec", "template"),
}
"""API group and kind, and the path of the pod template (the map that holds `spec`)."""

_BUILT_IN_GROUPS = frozenset(("", "apps", "batch", "extensions", "autoscaling", "policy", "events.k8s.io"))
_SPARK = ("driver", "executor")
_MOST_NODES = 200_000


class Found(msgspec.Struct):
    """A pod's spec in an object; single containers are spelled as one map in some kinds."""

    path: Path
    metadata_path: Path
    spec: Any
    metadata: Any
    container_paths: dict[str, Path]


def find(group: str, kind: str, tree: dict[str, Any]) -> Iterator[Found]:
    """The pod templates of an object, in the order they stand.

    Raises `ReadError` for a custom resource that is too large to be searched.
    """
    path = BUILT_IN.get((group, kind))
    if path is not None:
        found = _built_in(tree, path)
        if found is not None:
            yield found
    elif group not in _BUILT_IN_GROUPS and not group.endswith(".k8s.io"):
        yield from _by_shape(tree)


def _built_in(tree: dict[str, Any], path: Path) -> Found | None:
    here: Any = tree
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    if not isinstance(here, dict):
        return None
    return Found((*path, "spec"), (*path, "metadata"), here.get("spec"), here.get("metadata"), {})


def _by_shape(tree: dict[str, Any]) -> Iterator[Found]:
    todo: list[tuple[Any, Path, Any]] = [(tree, (), None)]
    seen = 0
    while todo and seen < _MOST_NODES:
        here, path, parent = todo.pop()
        seen += 1
        if isinstance(here, dict):
            single = _single_containers(here, path)
            if single is not None or _is_pod_spec(here):
                yield _found(here, path, parent, single)
                continue
            todo.extend(
                (v, (*path, k), here) for k, v in reversed(here.items()) if v.__class__ in {dict, list}
            )
        else:
            todo.extend(
                (v, (*path, i), here)
                for i, v in reversed(list(enumerate(here)))
                if v.__class__ in {dict, list}
            )
    if todo:
        raise ReadError(f"it holds more than {_MOST_NODES} maps and lists, too many to look for pods in")


def _is_pod_spec(here: dict[str, Any]) -> bool:
    containers = here.get("containers")
    return isinstance(containers, list) and any(
        isinstance(item, dict) and isinstance(item.get("image"), str) for item in containers
    )


def _single_containers(here: dict[str, Any], path: Path) -> dict[str, Path] | None:
    """A template whose one container is a map of its own: Argo Workflows, Spark."""
    for key in ("container", "script"):
        item = here.get(key)
        if isinstance(item, dict) and isinstance(item.get("image"), str):
            return {"containers": (*path, key)}
    if path and path[-1] in _SPARK and ("cores" in here or "coreLimit" in here or "memory" in here):
        return {"containers": path}
    return None


def _found(here: dict[str, Any], path: Path, parent: Any, single: dict[str, Path] | None) -> Found:
    spec = here
    if single is not None:
        item = here if single["containers"] == path else here[str(single["containers"][-1])]
        if "podSecurityContext" in here:
            spec = {**here, "securityContext": here["podSecurityContext"]}
        spec = {**spec, "containers": [item]}
    templated = bool(path) and path[-1] == "spec" and isinstance(parent, dict)
    metadata = parent.get("metadata") if templated else here.get("metadata")
    return Found(
        path, ((*path[:-1], "metadata") if templated else (*path, "metadata")), spec, metadata, single or {}
    )
