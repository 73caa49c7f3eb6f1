"""The configuration file that a flag names, among what was read.

The program's path is carried to the host by its mounts, and looked for as the end of the path
of a file that was read: `/etc/kubernetes/enc.yaml` is `node1/etc/kubernetes/enc.yaml`. Where no
file has more in common than its name, one of that name is enough when it is the only one.
"""

from collections.abc import Iterable
from typing import TypeVar, cast

from casemate.model.components import Component
from casemate.model.estate import Entity, Estate

T = TypeVar("T", bound=Entity)


def file_named(path: str, component: Component, kind: type[T], estate: Estate) -> T | None:
    """The configuration of a kind that stands in the file at a path which a component sees.

    None where it was not read, or where several may be meant.
    """
    found = cast("Iterable[T]", estate.of(kind))
    steps = on_host(path, component).strip("/").split("/")
    best: list[T] = []
    longest = 0
    for entity in found:
        common = _common_end(steps, entity.origin.document.file.replace("\\", "/").split("/"))
        if common > longest:
            longest, best = common, []
        if common == longest and common:
            best.append(entity)
    return best[0] if len(best) == 1 else None


def on_host(path: str, component: Component) -> str:
    """The host's path for one that the component sees, as its mounts lead there."""
    for inside, host in sorted(component.files, key=lambda pair: -len(pair[0])):
        top = inside.rstrip("/")
        if path == top or path.startswith(f"{top}/"):
            return host.rstrip("/") + path[len(top) :]
    return path


def _common_end(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count
