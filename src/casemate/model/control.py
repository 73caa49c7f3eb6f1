"""A control asks one question; a fault is its answer about one place; a finding names the subject."""

import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import msgspec

from casemate.model.errors import ControlError
from casemate.model.estate import DOCKER, Entity, Ref, Workload
from casemate.model.place import Path, path_text
from casemate.model.platform import Platform
from casemate.model.severity import Confidence, Severity
from casemate.model.version import KubernetesVersion

Subject = TypeVar("Subject")
_OWN = Platform()
OF_CONTAINERS = ("NIST-800-190:", "MITRE:")
"""Standards that are about containers, whatever runs them."""


class Consequence(enum.Enum):
    """What a fault leads to; the faults of one object with one consequence are one change.

    The value is the sentence shown for it. Members stand in the order of harm.
    """

    CONTROL_PLANE = "Whoever reaches this component can take over the cluster"
    NODE = "Whoever takes over this container owns the node"
    NEIGHBOURS = "Whoever takes over this container reaches the node's other workloads"
    CLUSTER = "Whoever takes over this container can act in the cluster"
    RIGHTS = "Whoever holds this right can take more than was meant"
    DISCLOSURE = "Whoever reads this learns a secret"
    ADMITTED = "What should be refused is let into the cluster"
    EXPOSED = "Whoever is on the network reaches what should be closed to them"
    UNREVIEWED = "What runs here need not be what was reviewed"
    ESCALATION = "Little stops an intruder from gaining more power inside the container"
    STARVATION = "This workload can starve its neighbours on the node"
    UNSEEN = "What an intruder does here is not seen"
    OUTAGE = "An ordinary disruption takes this down"
    UNGOVERNED = "Nobody is named or bound to keep this in order"
    MEANING = "What this manifest says is not what the API server understands"


class Edit(msgspec.Struct, frozen=True):
    """A change at a path of the object: `set` a value (as JSON knows it) there, or `remove` what is there."""

    op: str
    path: Path
    value: object = None

    def __hash__(self) -> int:
        return hash((self.op, self.path, repr(self.value)))  # a map has no hash of its own


class Fix(msgspec.Struct, frozen=True):
    """Edits that mend a fault; `safe` when a sound workload cannot notice them."""

    safe: bool
    edits: tuple[Edit, ...]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What a control found at one place of its subject.

    `at` leads from the object to the field concerned, whether it is there or missing.
    `why` holds the facts that decided. Fields that are None come from the control.
    """

    message: str
    at: Path
    why: tuple[str, ...] = ()
    severity: Severity | None = None
    confidence: Confidence | None = None
    remedy: str | None = None
    fix: Fix | None = None


class Unanswered(msgspec.Struct, frozen=True):
    """What a control says where it cannot tell, and what would have to be read: a `NotAssessed`."""

    missing: str


class Control(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A declared control: what it is, what it needs to see, and the pure function.

    `docker` says that it is also asked of containers which Docker runs by itself; a text is
    the remedy there. `setting` names the setting without which it has no question to ask.
    """

    id: str
    title: str
    severity: Severity
    confidence: Confidence
    consequence: Consequence
    remedy: str
    standards: tuple[str, ...]
    area: str
    fixes: bool
    since: KubernetesVersion | None
    until: KubernetesVersion | None
    subject: Any
    facts: tuple[Any, ...]
    ask: Callable[..., Iterable[Fault | Unanswered]]
    module: str
    docker: bool | str = False
    setting: str = ""

    @property
    def family(self) -> str:
        """The folder that the control lives in."""
        return self.module.split(".")[-2]

    def applies(self, version: KubernetesVersion) -> bool:
        """Whether the question makes sense for that release."""
        return (self.since is None or self.since <= version) and (self.until is None or version <= self.until)


class Finding(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A fault of one subject, as a control answered; the platform decides who must act."""

    control: Control
    entity: Entity
    fault: Fault
    container: str | None = None
    platform: Platform = _OWN

    @property
    def severity(self) -> Severity:
        """What the facts allow: the fault's own severity where it states one."""
        return self.control.severity if self.fault.severity is None else self.fault.severity

    @property
    def confidence(self) -> Confidence:
        """How sure the answer is."""
        return self.fault.confidence or self.control.confidence

    @property
    def remedy(self) -> str:
        """What to change, in words."""
        return self.fault.remedy or self.control.remedy

    @property
    def standards(self) -> tuple[str, ...]:
        """The items of standards that the fault goes against; those of Kubernetes ask nothing of Docker."""
        entity = self.entity
        in_docker = isinstance(entity, Workload) and any(t.engine == DOCKER for t in entity.templates)
        if not in_docker:
            return self.control.standards
        return tuple(item for item in self.control.standards if item.startswith(OF_CONTAINERS))

    @property
    def id(self) -> str:
        """Stable across line moves and reordered lists: names count, never positions."""
        ref = self.entity.ref
        fault = self.fault
        where = tuple(step for step in fault.at if isinstance(step, str))
        parts = (self.control.id, ref.group, ref.kind, ref.namespace or "", ref.name or "",
                 self.container or "", path_text(where), fault.message)  # fmt: skip
        return hashlib.blake2b("\0".join(parts).encode(errors="replace"), digest_size=8).hexdigest()


class NotAssessed(msgspec.Struct, frozen=True):
    """A question that could not be answered, and what was missing."""

    control: Control
    entity: Entity
    missing: str


class Known(Generic[Subject]):
    """Entities of a type whose kinds were read completely, so that absence is a fact.

    A control that takes `Known[T]` reasons from absence; where `T` was not read
    completely, the engine answers `NotAssessed` instead of asking it.
    """

    def __init__(self, entities: Iterable[Subject]) -> None:
        self._by_ref = {_key(entity.ref): entity for entity in entities}  # type: ignore[attr-defined] # every T is an Entity

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, Ref) and _key(ref) in self._by_ref

    def __iter__(self) -> Iterator[Subject]:
        return iter(self._by_ref.values())


def _key(ref: Ref) -> tuple[str, str, str | None, str | None]:
    """Versions of a group hold the same objects."""
    return ref.group, ref.kind, ref.namespace, ref.name


def control(
    name: str,
    *,
    title: str,
    severity: Severity,
    consequence: Consequence,
    remedy: str,
    confidence: Confidence = Confidence.CERTAIN,
    standards: tuple[str, ...] = (),
    area: str = "pod_security_context",
    fixes: bool = False,
    since: KubernetesVersion | None = None,
    until: KubernetesVersion | None = None,
    docker: bool | str = False,
    setting: str = "",
) -> Callable[[Callable[..., Iterable[Fault | Unanswered]]], Control]:
    """Declare a control; the types of the function's parameters say what it reads.

    Raises `ControlError` where the function takes no subject or lacks a type.
    """

    def declare(ask: Callable[..., Iterable[Fault | Unanswered]]) -> Control:
        types = [kind for key, kind in ask.__annotations__.items() if key != "return"]
        if not types or len(types) != ask.__code__.co_argcount:
            message = f"{name}: each parameter needs a type, and the first is the subject"
            raise ControlError(message)
        return Control(
            id=name,
            title=title,
            severity=severity,
            confidence=confidence,
            consequence=consequence,
            remedy=remedy,
            standards=standards,
            area=area,
            fixes=fixes,
            since=since,
            until=until,
            subject=types[0],
            facts=tuple(types[1:]),
            ask=ask,
            module=ask.__module__,
            docker=docker,
            setting=setting,
        )

    return declare
