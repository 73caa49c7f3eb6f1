"""Pods in classes of those that no policy tells apart, each class under a number that stays."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from casemate.analysis.network.endpoints import NamedPortOf, PodEndpoint
from casemate.analysis.network.mentions import Mentions


class PodClass(msgspec.Struct, eq=False):
    """Pods that no policy tells apart; `workloads` are their names."""

    namespace: str
    labels: dict[str, str]
    account: str
    ports: tuple[NamedPortOf, ...]
    on_host: bool
    addresses: tuple[str, ...]
    workloads: dict[str, PodEndpoint]


class PodClasses:
    """The classes by number, the numbers of single pods by name and by address, and their nodes by name."""

    def __init__(self, pods: Iterable[PodEndpoint], mentions: Mentions) -> None:
        self.found: list[PodClass] = []
        self.names: dict[str, int] = {}
        self.owners: dict[str, int] = {}
        self.nodes: dict[str, str] = {}
        self._mentions = mentions
        self._numbers: dict[tuple[object, ...], int] = {}
        self._replicas: dict[tuple[int, str], int] = {}
        for pod in pods:
            self._add(pod, mentions.key_of(pod))

    def changed(self, added: Sequence[PodEndpoint], removed: Sequence[PodEndpoint]) -> "PodClasses | None":
        """The same classes with some pods less and others more; None where a pod is of none of them.

        A class whose last pod goes keeps its number, without workloads.
        """
        keys = [self._mentions.key_of(pod) for pod in (*removed, *added)]
        if not self._numbers.keys() >= set(keys):
            return None
        other = PodClasses((), self._mentions)
        other.found, other.names, other.owners = list(self.found), dict(self.names), dict(self.owners)
        other.nodes = dict(self.nodes)
        other._numbers, other._replicas = self._numbers, dict(self._replicas)  # its own kind
        for number in {self._numbers[key] for key in keys}:
            found = self.found[number]
            other.found[number] = replace(found, workloads=dict(found.workloads))
        for pod, key in zip(removed, keys, strict=False):
            other._remove(pod, self._numbers[key])
        for pod, key in zip(added, keys[len(removed) :], strict=True):
            other._add(pod, key)
        return other

    def number_of(self, pod: PodEndpoint) -> int | None:
        """The class of a pod, or of all pods of a template; None where no such pod was read."""
        return self._numbers.get(self._mentions.key_of(pod))

    def _add(self, pod: PodEndpoint, key: tuple[object, ...]) -> None:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.found)
            self.found.append(
                PodClass(pod.namespace, pod.labels, pod.account, pod.ports, pod.on_host, pod.addresses, {})
            )
        workloads = self.found[number].workloads
        if pod.workload in workloads:
            replica = (number, pod.workload)
            self._replicas[replica] = self._replicas.get(replica, 1) + 1
        else:
            workloads[pod.workload] = pod
        if pod.name:
            self.names[pod.name] = number
            if pod.node:
                self.nodes[pod.name] = pod.node
        if not pod.on_host:
            self.owners.update(dict.fromkeys(pod.addresses, number))

    def _remove(self, pod: PodEndpoint, number: int) -> None:
        replica = (number, pod.workload)
        left = self._replicas.pop(replica, 1) - 1
        if left > 1:
            self._replicas[replica] = left
        if left == 0:
            self.found[number].workloads.pop(pod.workload, None)
        self.names.pop(pod.name, None)
        self.nodes.pop(pod.name, None)
        if not pod.on_host:
            for address in pod.addresses:
                self.owners.pop(address, None)
