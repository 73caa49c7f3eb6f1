"""One fault has one place: containers that one setting decides are named together."""

from collections.abc import Iterable

from casemate.analysis.pods.view import Container, Setting
from casemate.model.place import Path


def by_place(settings: Iterable[tuple[Container, Setting]]) -> dict[Path, tuple[Setting, list[Container]]]:
    """The settings by the field that decided them, each with the containers it holds for."""
    found: dict[Path, tuple[Setting, list[Container]]] = {}
    for container, setting in settings:
        found.setdefault(setting.path, (setting, []))[1].append(container)
    return found


def named(containers: Iterable[Container]) -> str:
    """`container a`, or `containers a, b and c`."""
    names = [container.name for container in containers]
    if len(names) == 1:
        return f"container {names[0]}"
    return f"containers {', '.join(names[:-1])} and {names[-1]}"


def told(containers: list[Container], one: str, many: str) -> str:
    """What is so of the containers, in the singular or the plural: `container a runs as root`."""
    return f"{named(containers)} {one if len(containers) == 1 else many}"
