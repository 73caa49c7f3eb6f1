"""What policies ask about: only that tells endpoints apart."""

from collections.abc import Iterable

from casemate.analysis.network.addresses import AddressRange, parse_cidr
from casemate.analysis.network.endpoints import NamedPortOf, PodEndpoint
from casemate.analysis.network.labels import AllOf, Any, AnyOf, Has, Labels, Matches, Not, OneOf
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Intersection,
    NamedPort,
    Networks,
    Perhaps,
    Pods,
    Policy,
    PortRange,
    Union,
)

_FEW = 8
"""Keys of labels that are looked up one by one; of more, the labels of each pod are gone through."""


class Mentions:
    """The labels, accounts, names of ports, ports and addresses that policies mention."""

    def __init__(
        self, policies: Iterable[Policy], *, with_addresses: bool, apart: frozenset[str] = frozenset()
    ) -> None:
        """`with_addresses` says that ranges of addresses may mean pods, which are told apart by them then.

        `apart` are names and addresses of pods and workloads that are told apart from all others.
        """
        self._apart = apart
        self.keys: set[str] = set()
        self.namespace_keys: set[str] = set()
        self.names: set[tuple[str, str]] = set()
        self.ports: set[PortRange] = set()
        self.ranges: set[AddressRange] = set()
        self._accounts = False
        self._addresses = False
        self._with_addresses = with_addresses
        self._seen: set[Endpoints] = set()
        self._named: dict[tuple[NamedPortOf, ...], tuple[NamedPortOf, ...]] = {}
        self._conditions: set[tuple[bool, Labels]] = set()
        for policy in policies:
            self._endpoints(policy.subjects)
            for rule in policy.rules:
                self._endpoints(rule.peers)
                for port in rule.ports or ():
                    if isinstance(port, NamedPort):
                        self.names.add((port.protocol, port.name))
                    else:
                        self.ports.add(port)

        self._few = tuple(sorted(self.keys)) if len(self.keys) <= _FEW else None

    def hold(self, other: "Mentions") -> bool:
        """Whether all that the other ones mention is mentioned here too."""
        return (
            other.keys <= self.keys
            and other.names <= self.names
            and other.ports <= self.ports
            and other.ranges <= self.ranges
            and (self._accounts or not other._accounts)  # noqa: SLF001 # its own kind
            and (self._addresses or not other._addresses)  # noqa: SLF001
        )

    def key_of(self, pod: PodEndpoint) -> tuple[object, ...]:
        """What of a pod policies ask about: pods with equal keys are in one class."""
        labels: tuple[object, ...]
        if self._few is not None:
            labels = tuple(map(pod.labels.get, self._few))
        else:
            labels = tuple(sorted((key, value) for key, value in pod.labels.items() if key in self.keys))
        ports = self._named.get(pod.ports)
        if ports is None:
            ports = tuple(port for port in pod.ports if (port.protocol, port.name) in self.names)
            self._named[pod.ports] = ports
        return (
            pod.namespace,
            labels,
            ports,
            pod.on_host,
            pod.account if self._accounts else "",
            pod.addresses if self._addresses or pod.on_host else (),
            pod.workload if self._apart and not self._apart.isdisjoint(_names_of(pod)) else "",
        )

    def _endpoints(self, wanted: Endpoints) -> None:
        if wanted in self._seen:
            return
        self._seen.add(wanted)
        if isinstance(wanted, Pods):
            self._labels(wanted.pods, self.keys)
            self._labels(wanted.namespaces, self.namespace_keys)
            self._accounts = self._accounts or not isinstance(wanted.accounts, Any)
        elif isinstance(wanted, Networks):
            found = (parse_cidr(text) for text in (*wanted.ranges, *wanted.without))
            self.ranges.update(item for item in found if item is not None)
            self._addresses = (
                self._addresses or bool(wanted.pods) or (self._with_addresses and wanted.pods is None)
            )
        elif isinstance(wanted, (Union, Intersection)):
            for part in wanted.parts:
                self._endpoints(part)
        elif isinstance(wanted, (Complement, Perhaps)):
            self._endpoints(wanted.inner)

    def _labels(self, condition: Labels, keys: set[str]) -> None:
        seen = (keys is self.keys, condition)
        if seen in self._conditions:
            return
        self._conditions.add(seen)
        if isinstance(condition, (Has, OneOf, Matches)):
            keys.add(condition.key)
        elif isinstance(condition, Not):
            self._labels(condition.inner, keys)
        elif isinstance(condition, (AllOf, AnyOf)):
            for part in condition.parts:
                self._labels(part, keys)


def _names_of(pod: PodEndpoint) -> tuple[str, ...]:
    """What a pod may be called by."""
    return pod.workload, pod.workload.partition("[")[0], pod.name, *pod.addresses
