"""Which manifests of a tree are deployed through a kustomization, and which stand alone.

Source: the Kustomization fields of sigs.k8s.io/kustomize/api/types. A kustomization that only
lists resources deploys them as they are; one that changes them must be built to be judged.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

import msgspec

from casemate.model.errors import ReadError
from casemate.readers import yaml_text
from casemate.readers.files import File

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_NEUTRAL = frozenset(
    ("apiVersion", "kind", "metadata", "resources", "bases", "openapi", "buildMetadata", "sortOptions")
)
_TESTS = frozenset(("test", "tests", "testdata"))
_REMOTE = ("://", "github.com", "git@", "?ref=")


class Kustomization(msgspec.Struct, eq=False):
    """One kustomization: its folder in the target, what it lists and whether it changes it.

    `leaves` says that it lists something outside the target, `remote` what it would fetch.
    """

    file: File
    folder: str
    is_component: bool
    changes: bool
    resources: list[str]
    fragments: list[str]
    remote: str | None
    leaves: bool
    users: int = 0


class Plan(msgspec.Struct):
    """Files that are not judged as they stand with the reason, and folders to build."""

    reasons: dict[str, str]
    builds: list[Kustomization]


def plan(files: list[File]) -> Plan:
    """Decide for every file of a target, from its kustomizations."""
    found = {k.folder: k for k in map(_read, files) if k is not None}
    result = Plan({}, [])
    for kustomization in found.values():
        folder = kustomization.folder
        result.reasons[kustomization.file.inside] = "a kustomization; what it deploys is judged"
        for name in kustomization.fragments:
            result.reasons[name] = f"a part that the kustomization in {folder or '.'} applies to others"
    real = {folder: k for folder, k in found.items() if not _TESTS & set(folder.split("/"))}
    for kustomization in real.values():
        for name in kustomization.resources:
            if name in real:
                real[name].users += 1
    for folder, kustomization in found.items():
        if folder not in real:
            reason = "a kustomization in a folder of tests; name it as the target to judge it"
            result.reasons[kustomization.file.inside] = reason
        elif not kustomization.users and not kustomization.is_component:
            reached = list(_reached(kustomization, real))
            if any(item.changes or item.leaves for item in reached):
                result.builds.append(kustomization)
                kustomization.remote = next((item.remote for item in reached if item.remote), None)
                for item in reached:
                    for name in item.resources:
                        if name not in real:
                            where = folder or "."
                            result.reasons[name] = (
                                f"deployed through the kustomization in {where}, judged as built"
                            )
    for kustomization in real.values():
        as_is = not kustomization.users and not kustomization.is_component
        reached = list(_reached(kustomization, real)) if as_is else []
        if reached and not any(item.changes or item.leaves for item in reached):
            for item in reached:
                for name in item.resources:
                    result.reasons.pop(name, None)
    return result


def _reached(root: Kustomization, found: dict[str, Kustomization]) -> Iterator[Kustomization]:
    todo, seen = [root], {root.folder}
    while todo:
        here = todo.pop()
        yield here
        for name in here.resources:
            if name in found and name not in seen:
                seen.add(name)
                todo.append(found[name])


def _read(file: File) -> Kustomization | None:
    if posixpath.basename(file.inside) not in NAMES:
        return None
    try:
        trees = [tree for chunk in yaml_text.split(file.load()) for tree in yaml_text.read(chunk)]
    except ReadError:
        return None  # the reader of the file itself reports why
    content = next((tree.value for tree in trees if isinstance(tree, yaml_text.Tree)), None)
    if not isinstance(content, dict):
        return None
    folder = posixpath.dirname(file.inside)
    listed = [*_strings(content, "resources"), *_strings(content, "bases"), *_strings(content, "components")]
    return Kustomization(
        file=file,
        folder=folder,
        is_component=content.get("kind") == "Component",
        changes=any(value and key not in _NEUTRAL for key, value in content.items()),
        resources=[_join(folder, name) for name in listed],
        fragments=[_join(folder, name) for name in _fragments(content)],
        leaves=any(_join(folder, name).startswith("..") for name in listed),
        remote=next((name for name in listed if any(sign in name for sign in _REMOTE)), None),
    )


def _fragments(content: dict[str, Any]) -> Iterator[str]:
    """Files that are patches or sources of generators, never objects of their own."""
    yield from (name for name in _strings(content, "patchesStrategicMerge") if "\n" not in name)
    yield from (
        name
        for key in ("configurations", "crds", "transformers", "generators")
        for name in _strings(content, key)
    )
    for key in ("patches", "patchesJson6902", "replacements"):
        for item in _list(content, key):
            if isinstance(item, dict) and isinstance(item.get("path"), str):
                yield item["path"]
    for key in ("configMapGenerator", "secretGenerator"):
        for item in _list(content, key):
            if isinstance(item, dict):
                yield from (name.partition("=")[2] or name for name in _strings(item, "files"))


def _strings(content: dict[str, Any], key: str) -> list[str]:
    return [item for item in _list(content, key) if isinstance(item, str)]


def _list(content: dict[str, Any], key: str) -> list[Any]:
    value = content.get(key)
    return value if isinstance(value, list) else []


def _join(folder: str, name: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, name))
    return "" if joined == "." else joined
