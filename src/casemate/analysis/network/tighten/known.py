"""Who is there: the workloads and Services that were read, and those that only something else tells of."""

from collections.abc import Container, Iterable, Mapping

import msgspec

from casemate.analysis.network.addresses import parse_address
from casemate.analysis.network.backends import Backends
from casemate.analysis.network.endpoints import nodes_of, pods_of
from casemate.analysis.network.tighten.groups import Group, groups_of, not_read, selected
from casemate.analysis.network.tighten.needs import Addresses, End, Member
from casemate.model.estate import Estate
from casemate.model.exposure import Service
from casemate.model.governance import Namespace
from casemate.model.running import Node

HEADLESS = "None"
"""The address of a Service that has none, whose name and pods' names are those of pods."""
_SERVICE = "svc"


Selection = tuple[str, tuple[tuple[str, str], ...]]
"""A namespace, and labels of pods in it; without labels, all of them."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of parts that were not read.

    `controllers` are pods that pass requests from outside on, `monitoring` those that scrape metrics, and
    `api_servers` ranges of addresses.
    """

    controllers: tuple[Selection, ...] = ()
    monitoring: tuple[Selection, ...] = ()
    api_servers: tuple[str, ...] = ()


class Known:
    """The workloads, Services and addresses of an estate."""

    def __init__(self, estate: Estate, told: Told = Told()) -> None:  # noqa: B008 # it cannot change
        self.estate = estate
        self.told = told
        self.pods = tuple(pods_of(estate))
        self.groups: dict[str, Group] = groups_of(self.pods)
        self.read = frozenset(self.groups)
        self.backends = Backends(estate, self.pods)
        self.namespaces = {item.name for item in estate.of(Namespace)}
        self.namespaces |= {group.namespace for group in self.groups.values()}
        self.addresses = {
            address: pod.workload for pod in self.pods for address in pod.addresses if not pod.on_host
        }
        self.nodes = {address: node.name for node in nodes_of(estate) for address in node.addresses}
        self.api_seen: set[str] = set()
        self.services: dict[str, Service] = {}
        for service in self.backends.services():
            for address in (service.spec.cluster_ip, *(service.spec.cluster_ips or ())):
                if address and parse_address(address) is not None:
                    self.services[address] = service
        self.ipv6 = any(":" in address for address in (*self.addresses, *self.nodes, *self.services))

    def service(self, host: str, namespace: str) -> Service | None:
        """The Service that a name means for a pod of a namespace; one of a pod means its headless Service."""
        parts = host.lower().split(".")
        if len(parts) == 1:
            return self.backends.named(namespace, parts[0])
        found = self._named(parts)
        if found is None:
            pods = self._named(parts[1:])
            found = pods if pods is not None and pods.spec.cluster_ip == HEADLESS else None
        return found

    def _named(self, parts: list[str]) -> Service | None:
        """The Service of a name with a namespace: `redis.data`, `redis.data.svc`, and whatever follows."""
        if len(parts) < 2 or parts[2:3] not in ([], [_SERVICE]):
            return None
        return self.backends.named(parts[1], parts[0])

    def is_inside(self, host: str) -> bool:
        """Whether a name can only be one of the cluster's own, whether or not its Service was read."""
        parts = host.lower().split(".")
        if len(parts) == 1 or _SERVICE in parts[2:4] or parts[-1] == "local":
            return True
        return len(parts) == 2 and parts[1] in self.namespaces

    def member(self, namespace: str, labels: Mapping[str, str], name: str) -> list[Member]:
        """The workloads of a namespace with these labels; one that was not read where none has them."""
        found = [Member(group.name) for group in selected(self._read(), namespace, labels)]
        return found or [self.stranger(namespace, labels, name)]

    def stranger(self, namespace: str, labels: Mapping[str, str], name: str) -> Member:
        """A workload that was not read; one whose labels are known already is the same."""
        same = self.same(namespace, labels, name)
        if same is not None:
            return same
        group = not_read(namespace, name, labels)
        return Member(self.groups.setdefault(group.name, group).name)

    def same(self, namespace: str, labels: Mapping[str, str], name: str) -> Member | None:
        """The workload that was not read either and has these labels, if there is one."""
        for group in self.groups.values():
            if not group.is_read and group.namespace == namespace and _is_same(group, labels, name):
                return Member(group.name)
        return None

    def forget(self, kept: Container[End]) -> None:
        """Leave out workloads that were not read and that are not among these."""
        for name in [g.name for g in self.groups.values() if not g.is_read and Member(g.name) not in kept]:
            del self.groups[name]

    def node_addresses(self, only: str = "") -> Addresses | None:
        """The addresses of all nodes, or of those with a label; None where none is known."""
        found = [
            address
            for node in self.estate.of(Node)
            if not only or only in node.labels
            for address in node.addresses
        ]
        return Addresses(tuple(cidr(address) for address in sorted(found))) if found else None

    def _read(self) -> Iterable[Group]:
        return (group for group in self.groups.values() if group.is_read)


def _is_same(group: Group, labels: Mapping[str, str], name: str) -> bool:
    """Whether a workload that was not read is one with these labels, or with a name that its labels tell."""
    if labels:
        return bool(group.labels) and set(group.labels) <= set(labels.items())
    return any(name == value or name.startswith(f"{value}-") for _, value in group.labels)


def cidr(address: str) -> str:
    """An address as a range of one."""
    return f"{address}/{128 if ':' in address else 32}"
