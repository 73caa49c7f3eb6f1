"""Docker Compose files become services, each judged as the container that Docker makes of it.

A file is one by its name (`compose.yaml`, `docker-compose.prod.yml`) or by its shape: a map of
`services` that have images, and no other top-level keys than Compose's. Override files are judged
on their own: what is absent there is not known, and nothing is concluded from it.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from casemate.model.compose import API_VERSION, KIND, ComposeService
from casemate.model.estate import Problem, Ref, Skipped, Unreadable
from casemate.model.place import Origin, Path
from casemate.readers.compose_ports import published
from casemate.readers.compose_template import build_arguments, devices, host_namespaces, started, template
from casemate.readers.compose_values import known, layered
from casemate.readers.typed import type_words

_NAMED = re.compile(r"(?:docker-)?compose(?:[._-][\w.-]*)?\.ya?ml\Z", re.IGNORECASE)
_TOP = frozenset("version name services networks volumes secrets configs include models".split())
_TELLING = ("image", "build", "extends", "provider")


def is_compose(tree: dict[str, Any], name: str) -> bool:
    """Whether a document without apiVersion and kind is a Compose file."""
    if _NAMED.match(posixpath.basename(name)):
        return True
    services = tree.get("services")
    if not isinstance(services, dict) or not services:
        return False
    if not all(key in _TOP or key.startswith("x-") for key in tree):
        return False
    return all(isinstance(item, dict) and any(key in item for key in _TELLING) for item in services.values())


def services(
    tree: dict[str, Any], origin: Origin, duplicates: tuple[Path, ...]
) -> Iterator[ComposeService | Skipped | Unreadable]:
    """The services of a Compose file; one that is no map is named and the others are read."""
    document = origin.document
    found = tree.get("services")
    if found is None:
        yield Skipped(document.file, document.line, "a Compose file without services")
        return
    if not isinstance(found, dict):
        error = f"services of a Compose file must be a map, not {type_words(found)}"
        yield Unreadable(document.file, document.line, document.column, error)
        return
    if not found:
        yield Skipped(document.file, document.line, "a Compose file without services")
    project = tree.get("name")
    namespace = known(project) if isinstance(project, str) and project else None
    for name, body in found.items():
        if not isinstance(body, dict):
            error = f"service {name} of a Compose file must be a map, not {type_words(body)}"
            yield Unreadable(document.file, document.line, document.column, error)
        else:
            yield _service(tree, name, namespace, origin, duplicates)


def _service(
    tree: dict[str, Any], name: str, namespace: str | None, origin: Origin, duplicates: tuple[Path, ...]
) -> ComposeService:
    service = layered(tree["services"], name)
    volumes = tree.get("volumes")
    own = ("services", name)
    problems = [
        Problem("duplicate-key", path, f"the key {path[-1]} is given twice, and Compose refuses the file")
        for path in duplicates
        if path[:2] == own
    ]
    labels = {key: value for key, (value, _) in service.pairs("labels").items() if value is not None}
    return ComposeService(
        ref=Ref(API_VERSION, KIND, namespace, name),
        origin=origin,
        labels=labels,
        problems=tuple(problems),
        templates=(template(service, name, volumes if isinstance(volumes, dict) else {}),),
        image=service.text("image")[0],
        published=tuple(published(service)),
        devices=tuple(devices(service)),
        host_namespaces=tuple(host_namespaces(service)),
        build_arguments=tuple(build_arguments(service)),
        command=tuple(started(service)),
    )
