"""Plain trees become entities: Lists are opened, identities read, pod templates found."""

import re
from collections.abc import Iterator
from sys import intern
from typing import Any

import msgspec

from casemate.model.errors import ReadError
from casemate.model.estate import (
    Entity,
    Owner,
    Problem,
    Ref,
    ServiceAccount,
    Skipped,
    Template,
    Unreadable,
    Workload,
    pack,
)
from casemate.model.place import Document, Origin, Path, path_text
from casemate.model.pods import PodSpec
from casemate.readers.kinds import VERSIONS, fields_of, type_of
from casemate.readers.pod_templates import BUILT_IN, Found, find
from casemate.readers.typed import type_words, typed, within_64_bits

Read = Entity | Skipped | Unreadable
_DEEPEST_LIST = 20
_CONTROL_PLANE = re.compile(
    rb"kube-apiserver|kube-controller-manager|kube-scheduler|kube-proxy|kubelet|etcd|hyperkube"
)
_KUBEADM = "kubeadm.k8s.io"


def entities(
    tree: Any, document: Document, duplicates: tuple[Path, ...] = (), default: tuple[str, str] | None = None
) -> Iterator[Read]:
    """What a document holds: entities, or the reason why there are none.

    `default` is the API version and kind of an item of a List that does not say its own.
    """
    yield from _read(tree, Origin(document), duplicates, default, 0)


def item_of(api_version: Any, kind: Any) -> tuple[str, str]:
    """The API version and kind that a List gives to items without their own; empty where it gives none."""
    if not isinstance(api_version, str) or not isinstance(kind, str) or kind == "List":
        return "", ""
    return api_version, kind.removesuffix("List")


def _read(
    tree: Any, origin: Origin, duplicates: tuple[Path, ...], default: tuple[str, str] | None, depth: int
) -> Iterator[Read]:
    file, line = origin.document.file, origin.document.line
    if isinstance(tree, list) and any(isinstance(item, dict) and "apiVersion" in item for item in tree):
        yield from _items(tree, origin, duplicates, None, depth, ())
        return
    if not isinstance(tree, dict):
        if default is not None:
            where = path_text(origin.path) or "an item"
            error = f"{where} of the {default[1]}List must be an object, not {type_words(tree)}"
            yield Unreadable(file, line, origin.document.column, error)
        else:
            yield Skipped(file, line, f"not a Kubernetes object: {type_words(tree)}")
        return
    api_version, kind = tree.get("apiVersion"), tree.get("kind")
    if not api_version and not kind and default is None and _is_compose(tree, file):
        from casemate.readers import compose  # noqa: PLC0415 # start-up: most manifests are Kubernetes'

        yield from compose.services(tree, origin, duplicates)
        return
    if default is not None:
        api_version, kind = api_version or default[0], kind or default[1]
    if not isinstance(api_version, str) or not isinstance(kind, str) or not api_version or not kind:
        from casemate.readers import distributions  # noqa: PLC0415 # start-up: most documents are objects

        distribution = None if api_version or kind else distributions.distribution_of(tree, file)
        if distribution is not None:
            yield distributions.settings(tree, distribution, origin, duplicates)
            return
        yield Skipped(file, line, _why_no_object(api_version, kind))
        return
    items = tree.get("items", tree.get("objects") if kind == "Template" else None)
    if kind.endswith("List") and "spec" not in tree and (items is None or isinstance(items, list)):
        yield from _items(items or [], origin, duplicates, item_of(api_version, kind), depth, ("items",))
    elif kind == "Template" and isinstance(items, list):
        yield from _items(items, origin, duplicates, ("", ""), depth, ("objects",))
    else:
        try:
            yield _entity(tree, api_version, kind, origin, duplicates)
        except ReadError as error:
            yield Unreadable(file, line, origin.document.column, str(error))


def _is_compose(tree: dict[str, Any], file: str) -> bool:
    if "services" not in tree and "compose" not in file.lower():
        return False
    from casemate.readers import compose  # noqa: PLC0415 # start-up: most manifests are Kubernetes'

    return compose.is_compose(tree, file)


def _items(
    items: list[Any],
    origin: Origin,
    duplicates: tuple[Path, ...],
    default: tuple[str, str] | None,
    depth: int,
    steps: Path,
) -> Iterator[Read]:
    document = origin.document
    if not items:
        yield Skipped(document.file, document.line, "a List without items")
        return
    if depth == _DEEPEST_LIST:
        error = f"Lists are nested more than {_DEEPEST_LIST} deep"
        yield Unreadable(document.file, document.line, document.column, error)
        return
    for index, item in enumerate(items):
        here = (*steps, index)
        inside = tuple(path[len(here) :] for path in duplicates if path[: len(here)] == here)
        place = msgspec.structs.replace(origin, path=(*origin.path, *here))
        yield from _read(item, place, inside, default, depth + 1)


def _why_no_object(api_version: Any, kind: Any) -> str:
    missing = [key for key, value in (("apiVersion", api_version), ("kind", kind)) if not value]
    if missing:
        return f"not a Kubernetes object: no {' and no '.join(missing)}"
    return "not a Kubernetes object: apiVersion and kind must be text"


def _entity(
    tree: dict[str, Any], api_version: str, kind: str, origin: Origin, duplicates: tuple[Path, ...]
) -> Entity:
    problems = [
        Problem("duplicate-key", path, f"the key {path[-1]} is given twice; only the last one counts")
        for path in duplicates
    ]
    metadata = tree.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        problems.append(_wrong(("metadata",), "a map", metadata))
    metadata = metadata if isinstance(metadata, dict) else {}
    namespace = _text(metadata, "namespace", problems)
    ref = Ref(
        intern(api_version), intern(kind), intern(namespace) if namespace else None, _name(metadata, problems)
    )
    common: dict[str, Any] = {
        "ref": ref,
        "origin": origin,
        "labels": _texts(metadata, ("metadata",), "labels", problems),
        "annotations": _texts(metadata, ("metadata",), "annotations", problems),
    }
    key = (ref.group, kind)
    if key == ("", "ServiceAccount"):
        automount = tree.get("automountServiceAccountToken")
        if automount is not None and not isinstance(automount, bool):
            problems.append(_wrong(("automountServiceAccountToken",), "true or false", automount))
            automount = None
        return ServiceAccount(**common, problems=tuple(problems), automount_token=automount)
    if ref.group == _KUBEADM:
        from casemate.readers import kubeadm  # noqa: PLC0415 # start-up: few files are kubeadm's

        if kind in kubeadm.KINDS:
            return kubeadm.settings(tree, common, problems)
    entity_type = type_of(*key)
    versions = VERSIONS.get(ref.group)
    if versions is not None and api_version.rpartition("/")[2] not in versions:
        message = f"{api_version} is no known version: {ref.group} has {', '.join(versions)}"
        problems.append(Problem("wrong-type", ("apiVersion",), message))
        entity_type = None
    if entity_type is not None and not issubclass(entity_type, Workload):
        fields = fields_of(entity_type, tree, problems)
        return entity_type(**common, **fields, problems=tuple(problems))
    templates = tuple(_template(found, key in BUILT_IN, problems) for found in find(*key, tree))
    if not templates and key not in BUILT_IN and entity_type is None:
        return Entity(**common, problems=tuple(problems))
    if not templates and key in BUILT_IN:
        path = (*BUILT_IN[key], "spec")
        problems.append(Problem("wrong-type", path, f"this {kind} has no pod: {path_text(path)} is missing"))
    own = {} if entity_type is None else fields_of(entity_type, tree, problems)
    if any(_CONTROL_PLANE.search(template.packed) for template in templates):
        from casemate.readers import components  # noqa: PLC0415 # start-up: few pods run Kubernetes itself

        entity_type, found = components.typed_as(entity_type, templates, kind)
        own |= found
    return (entity_type or Workload)(
        **common,
        **own,
        problems=tuple(problems),
        templates=templates,
        owners=_owners(metadata.get("ownerReferences")),
    )


def _template(found: Found, built_in: bool, problems: list[Problem]) -> Template:
    """A typed template; wrong types are the API server's to refuse only in its own kinds."""
    if found.spec is None and built_in:
        problems.append(Problem("wrong-type", found.path, "the pod has no spec"))
        found.spec = {}
    spec, wrong = typed(found.spec, PodSpec, found.path)
    try:
        packed = pack(spec)
    except OverflowError:
        spec, more = typed(within_64_bits(found.spec), PodSpec, found.path)
        wrong += more
        packed = pack(spec)
    if built_in:
        problems.extend(wrong)
        told = {found.path, (*found.path, "containers")}
        if not spec.containers and not any(problem.path in told for problem in problems):
            message = "the pod has no containers; the API server refuses it"
            problems.append(Problem("wrong-type", (*found.path, "containers"), message))
    metadata = found.metadata if isinstance(found.metadata, dict) else {}
    ignored: list[Problem] = []
    return Template(
        path=found.path,
        metadata_path=found.metadata_path,
        packed=packed,
        annotations=_texts(metadata, found.metadata_path, "annotations", ignored),
        labels=_texts(metadata, found.metadata_path, "labels", ignored),
        container_paths=found.container_paths,
    )


def _name(metadata: dict[str, Any], problems: list[Problem]) -> str | None:
    return _text(metadata, "name", problems) or _text(metadata, "generateName", problems) or None


def _text(metadata: dict[str, Any], key: str, problems: list[Problem]) -> str | None:
    value = metadata.get(key)
    if value is None or isinstance(value, str):
        return value
    problems.append(_wrong(("metadata", key), "text", value))
    if isinstance(value, (dict, list)):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(metadata: dict[str, Any], base: Path, key: str, problems: list[Problem]) -> dict[str, str]:
    value = metadata.get(key)
    if not value:
        return {}
    if not isinstance(value, dict):
        problems.append(_wrong((*base, key), "a map", value))
        return {}
    if all(item.__class__ is str for item in value.values()):
        return value
    kept = {}
    for name, item in value.items():
        if isinstance(item, str):
            kept[name] = item
        elif item is not None:
            problems.append(_wrong((*base, key, name), "text", item))
    return kept


def _owners(value: Any) -> tuple[Owner, ...]:
    if not isinstance(value, list):
        return ()
    try:
        return msgspec.convert(value, tuple[Owner, ...])
    except msgspec.ValidationError:
        return ()


def _wrong(path: Path, wanted: str, found: Any) -> Problem:
    return Problem("wrong-type", path, f"{path[-1]} must be {wanted}, not {type_words(found)}")
