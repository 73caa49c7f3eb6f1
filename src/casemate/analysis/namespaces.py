"""The namespaces that were read or are used, and who speaks for each.

A namespace is judged once: at its own object where that was read, else at the first workload that
is in it. An unset namespace is unknown, and no namespace of its own.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Generic, TypeVar

import msgspec

from casemate.model.estate import DOCKER, Entity, Estate, Workload
from casemate.model.governance import Namespace
from casemate.model.place import Path
from casemate.model.settings import Settings

Kind = TypeVar("Kind", bound=Entity)

SYSTEM = ("kube-system", "kube-public", "kube-node-lease")
"""Namespaces of Kubernetes itself, whose rules come with its components."""


class NamespaceInUse(msgspec.Struct, frozen=True, eq=False):
    """A namespace as one entity shows it."""

    SOURCES: ClassVar[tuple[type[Entity], ...]] = (Namespace, Workload)

    name: str
    entity: Entity

    @classmethod
    def parts_of(cls, entity: Entity, estate: Estate, settings: Settings) -> Iterator["NamespaceInUse"]:  # noqa: ARG003 # engine.judge.Part
        """The namespace that an object is, or is in."""
        name = entity.ref.name if isinstance(entity, Namespace) else entity.ref.namespace
        if name is not None and name not in SYSTEM:
            yield cls(name, entity)

    @property
    def path(self) -> Path:
        """Where its name stands."""
        return ("metadata", "name") if isinstance(self.entity, Namespace) else ("metadata", "namespace")


class Namespaces:
    """Who speaks for each namespace, and what runs in it."""

    def __init__(self, estate: Estate) -> None:
        self._speakers: dict[str, Entity] = {}
        self.workloads: dict[str, list[Workload]] = {}
        self.objects: dict[str, Namespace] = {}
        for entity in estate.entities:
            if isinstance(entity, Namespace):
                if entity.ref.name is not None:
                    self.objects.setdefault(entity.ref.name, entity)
            elif isinstance(entity, Workload) and entity.ref.namespace is not None and _in_cluster(entity):
                self.workloads.setdefault(entity.ref.namespace, []).append(entity)
                self._speakers.setdefault(entity.ref.namespace, entity)
        self._speakers.update(self.objects)

    @classmethod
    def of(cls, estate: Estate) -> "Namespaces":
        """All that an estate holds."""
        return cls(estate)

    def speaks(self, part: NamespaceInUse) -> bool:
        """Whether this is the one place where the namespace is judged."""
        return self._speakers.get(part.name) is part.entity


def may_be_in(entity: Entity, namespace: str | None) -> bool:
    """Whether an object is, or may be, in a namespace: one that names none may be in any."""
    return entity.ref.namespace is None or namespace is None or entity.ref.namespace == namespace


class ByNamespace(Generic[Kind]):
    """Objects of one kind, found by a namespace that they may be in."""

    def __init__(self, entities: Iterable[Kind]) -> None:
        self._all = list(entities)
        self._of: dict[str | None, list[Kind]] = {}
        for entity in self._all:
            self._of.setdefault(entity.ref.namespace, []).append(entity)

    def near(self, namespace: str | None) -> list[Kind]:
        """Those that are, or may be, in a namespace; all where it is unknown."""
        if namespace is None:
            return self._all
        return [*self._of.get(namespace, ()), *self._of.get(None, ())]


def _in_cluster(workload: Workload) -> bool:
    return any(template.engine != DOCKER for template in workload.templates)
