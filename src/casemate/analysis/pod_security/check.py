"""What a Pod Security check is: an id, a level and one pure function per revision.

Semantics follow k8s.io/pod-security-admission v0.37.2, folder `policy/`: each module of
`checks/` names the upstream file it follows. Reasons are upstream's own short words, so that
an answer can be compared with what the API server says.
"""

import enum
from collections.abc import Callable, Iterable

import msgspec

from casemate.analysis.pods.view import Container, Pod
from casemate.model.place import Path
from casemate.model.version import KubernetesVersion


class Level(enum.IntEnum):
    """The three levels of the Pod Security Standards, from the loosest."""

    PRIVILEGED = 0
    BASELINE = 1
    RESTRICTED = 2

    @property
    def word(self) -> str:
        """The name used in namespace labels."""
        return self.name.lower()


class Forbidden(msgspec.Struct, frozen=True):
    """Why a check forbids a pod, and the fields concerned (paths from the object)."""

    reason: str
    detail: str
    paths: tuple[Path, ...]


Judge = Callable[[Pod], Forbidden | None]


class Check(msgspec.Struct, frozen=True):
    """A check with its revisions, oldest first; `replaces` is in force at level restricted."""

    id: str
    level: Level
    revisions: tuple[tuple[KubernetesVersion, Judge], ...]
    replaces: str | None = None

    def at(self, version: KubernetesVersion) -> Judge | None:
        """The revision that holds at a version; None where the check came later."""
        found = None
        for since, judge in self.revisions:
            if since <= version:
                found = judge
        return found


def since(minor: int) -> KubernetesVersion:
    """The release 1.`minor`."""
    return KubernetesVersion(1, minor)


def quote(items: Iterable[str]) -> str:
    """The items in double quotes, joined by commas."""
    return ", ".join(f'"{item}"' for item in items)


def plural(count: int, one: str, many: str | None = None) -> str:
    """`one` for a count of 1, else its plural."""
    return one if count == 1 else many or f"{one}s"


def named(containers: list[Container]) -> str:
    """`container "a"` or `containers "a", "b"`."""
    names = quote(container.name for container in containers)
    return f"{plural(len(containers), 'container')} {names}"


def setters(*, pod: bool, containers: list[Container]) -> str:
    """Who set a field: the pod, containers, or both."""
    parts = ["pod"] if pod else []
    if containers:
        parts.append(named(containers))
    return " and ".join(parts)


def unless_windows(judge: Judge) -> Judge:
    """From 1.25 a pod that declares Windows is exempt: the API refuses the field there."""
    return lambda pod: None if pod.windows else judge(pod)


def unless_user_namespace(judge: Judge) -> Judge:
    """From 1.35 root in a user namespace counts as an unprivileged user."""
    return lambda pod: None if pod.user_namespace else judge(pod)
