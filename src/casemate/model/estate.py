"""The world as it was read: entities, and how completely each kind was read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, TypeVar

import msgspec

from casemate.model.place import Origin, Path
from casemate.model.pods import PodSpec

if TYPE_CHECKING:
    from casemate.model.identities import IdentitySource  # start-up: few scans have any

pack = msgspec.msgpack.Encoder().encode
"""A pod's spec as `Template` holds it."""
_unpack = msgspec.msgpack.Decoder(PodSpec).decode


KUBERNETES = "kubernetes"
DOCKER = "docker"
UNKNOWN_FIELD = "?"
"""Where a struct that forbids unknown fields finds the name of one that was there."""


class Ref(msgspec.Struct, frozen=True, order=True):
    """The identity of an object. `namespace` is None where it is not set, `name` where absent.

    For an object that has only `generateName`, the name is that prefix.
    """

    api_version: str
    kind: str
    namespace: str | None
    name: str | None

    @property
    def group(self) -> str:
        """The API group; empty for the core group."""
        group, slash, _ = self.api_version.partition("/")
        return group if slash else ""

    def __str__(self) -> str:
        name = self.name or "(no name)"
        return f"{self.namespace}/{name}" if self.namespace else name


class Problem(msgspec.Struct, frozen=True):
    """Something the API server would refuse or quietly resolve, noticed while reading.

    `kind` is `duplicate-key`, `wrong-type` or `unknown-field`; `path` starts at the object.
    """

    kind: str
    path: Path
    message: str


class Owner(msgspec.Struct, frozen=True, rename="camel"):
    """An entry of `metadata.ownerReferences`."""

    kind: str = ""
    name: str = ""
    controller: bool | None = None


class Entity(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """An object of the estate. `KINDS` names the kinds that a type holds where that is not its name."""

    KINDS: ClassVar[tuple[str, ...]] = ()

    ref: Ref
    origin: Origin
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """Its name, or that of its file where it has none, as configuration files have not."""
        return self.ref.name or self.origin.document.file.rpartition("/")[2] or "(no name)"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the subjects inside it that controls ask about one by one."""
        return ()

    @property
    def title(self) -> str:
        """The object for people: `payments/ledger (Deployment)`."""
        ref = self.ref
        return f"{f'{ref.namespace}/' if ref.namespace else ''}{self.name} ({ref.kind})"


class Place(msgspec.Struct, frozen=True):
    """Where a field of a pod stands in a file that says it in other words, and what it says there.

    `edit` says what becomes of a fix: `same` carries over, `remove` takes the place away, `set`
    writes `value` there; empty where no edit does it.
    """

    path: Path
    said: str | None = None
    edit: str = ""
    value: object = None


Kind = TypeVar("Kind", bound=Entity)


class Template(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A pod template inside an object.

    `path` leads from the object to the pod's spec, `metadata_path` to its metadata.
    `container_paths` names where a list's only container stands when the custom resource
    spells it as one map (Argo Workflows' `container`, Spark's `driver`). The spec is held
    `packed`: a tenth of the memory, and equal specs are equal bytes. `engine` is what runs
    it: the kubelet, or Docker by itself (Compose), where only some questions make sense.
    `labels` are for what selects pods; controls about a Pod must not read them, since equal
    templates are judged once whatever their labels.
    """

    path: Path
    metadata_path: Path
    packed: bytes
    annotations: dict[str, str] = {}
    labels: dict[str, str] = {}
    container_paths: dict[str, Path] = {}
    engine: str = KUBERNETES
    places: dict[Path, Place] = {}

    @property
    def spec(self) -> PodSpec:
        """The pod's spec, unpacked anew at each call."""
        return _unpack(self.packed)


class Workload(Entity, frozen=True, kw_only=True, eq=False):
    """An object that makes pods, or is one."""

    templates: tuple[Template, ...]
    owners: tuple[Owner, ...] = ()


class ServiceAccount(Entity, frozen=True, kw_only=True, eq=False):
    """An identity that pods run under."""

    automount_token: bool | None = None


class Unreadable(msgspec.Struct, frozen=True):
    """A file, or a document of one, that could not be read."""

    file: str
    line: int
    column: int
    error: str


class Skipped(msgspec.Struct, frozen=True):
    """A document or file that was read but holds nothing to judge, and why."""

    file: str
    line: int
    reason: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much was seen: `documents` = objects + skipped documents + unreadable ones.

    A List counts as the objects in it. `complete` names the kinds of which every object
    of the world that is judged was read; `{"*"}` means all kinds. `rendered` says that
    another program was asked to render a part, or would have been had it been there.
    """

    files: int = 0
    documents: int = 0
    rendered: bool = False
    complete: frozenset[str] = frozenset()

    def covers(self, kind: str) -> bool:
        """Whether every object of `kind` was read, so that absence means something."""
        return "*" in self.complete or kind in self.complete


class Estate(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Everything that was read, immutable; `identities` are sources of users and groups beside it."""

    entities: tuple[Entity, ...]
    coverage: Coverage = Coverage()
    unreadable: tuple[Unreadable, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    identities: "tuple[IdentitySource, ...]" = ()

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        """The entities of one type, in the order they were read."""
        return (entity for entity in self.entities if isinstance(entity, kind))
