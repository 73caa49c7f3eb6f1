"""What controls ask about the network of an estate, worked out at the first question and kept."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from casemate.model.estate import Entity, Estate
from casemate.model.governance import Namespace
from casemate.model.network_policy import ConnectionPolicy, NetworkPolicy

if TYPE_CHECKING:
    from casemate.analysis.network.cluster import Network  # start-up: see `network`
    from casemate.analysis.network.policies import Notice, Policy

Answer = TypeVar("Answer")
_KIND = "NetworkPolicy"


class Situation:
    """The network of an estate, and how far its policies are known."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._derived: dict[Callable[..., object], object] = {}

    @classmethod
    def of(cls, estate: Estate) -> "Situation":
        """That of an estate; nothing is worked out yet."""
        return cls(estate)

    @cached_property
    def network(self) -> "Network":
        """All connections; the modules for it are loaded where some control needs the answer."""
        from casemate.analysis.network.cluster import Network  # noqa: PLC0415 # start-up: few scans ask

        return Network.of(self.estate)

    @property
    def knows_policies(self) -> bool:
        """Whether every NetworkPolicy was read, so that the absence of one is a fact."""
        return self.estate.coverage.covers(_KIND)

    @cached_property
    def has_policies(self) -> bool:
        """Whether any policy about connections was read."""
        return any(isinstance(entity, ConnectionPolicy) for entity in self.estate.entities)

    @cached_property
    def foreign(self) -> tuple[str, ...]:
        """The kinds of policies that were read and that nothing here understands (those of Antrea, say)."""
        kinds = {
            entity.ref.kind
            for entity in self.estate.entities
            if _KIND in entity.ref.kind
            and not entity.ref.kind.startswith("Staged")
            and not isinstance(entity, ConnectionPolicy)
        }
        return tuple(sorted(kinds))

    @cached_property
    def unplaced(self) -> tuple[NetworkPolicy, ...]:
        """The policies that name no namespace, and so may be for the pods of any."""
        return tuple(policy for policy in self.estate.of(NetworkPolicy) if policy.ref.namespace is None)

    @cached_property
    def named_policies(self) -> dict[str | None, tuple[NetworkPolicy, ...]]:
        """The NetworkPolicies of each namespace."""
        found: dict[str | None, tuple[NetworkPolicy, ...]] = {}
        for policy in self.estate.of(NetworkPolicy):
            found[policy.ref.namespace] = (*found.get(policy.ref.namespace, ()), policy)
        return found

    @cached_property
    def namespaces(self) -> dict[str, dict[str, str]]:
        """The labels of the namespaces that were read."""
        return {entity.name: entity.labels for entity in self.estate.of(Namespace) if entity.ref.name}

    @cached_property
    def namespaces_with(self) -> dict[tuple[str, str], list[str]]:
        """The namespaces that were read, by each of their labels."""
        found: dict[tuple[str, str], list[str]] = {}
        for name, labels in self.namespaces.items():
            for label in labels.items():
                found.setdefault(label, []).append(name)
        return found

    @cached_property
    def _policies(self) -> "dict[int, list[Policy]]":
        found: dict[int, list[Policy]] = {}
        for policy in self.network.reach.policies:
            found.setdefault(id(policy.entity), []).append(policy)
        return found

    def policies_of(self, entity: Entity) -> "list[Policy]":
        """What an object says in the common form; nothing where it is refused."""
        return self._policies.get(id(entity), [])

    @cached_property
    def _notices(self) -> "dict[int, list[Notice]]":
        found: dict[int, list[Notice]] = {}
        for notice in self.network.notices:
            found.setdefault(id(notice.entity), []).append(notice)
        return found

    def notices_of(self, entity: Entity) -> "list[Notice]":
        """What in an object cannot be followed as it stands."""
        return self._notices.get(id(entity), [])

    def derived(self, build: "Callable[[Situation], Answer]") -> Answer:
        """A further answer about the network, worked out once."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return self._derived[build]  # type: ignore[return-value] # what `build` gave
