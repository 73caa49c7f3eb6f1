"""All endpoints of a question in classes of those that no policy tells apart, and what sets of them hold.

Pods are in one class when they agree in namespace, in the labels that some policy asks about, in the ports
that some policy names, and in whatever else a policy asks. The addresses outside of the cluster are cut by
the ranges that policies name.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.addresses import AddressRange, atoms, parse_address, parse_cidr
from casemate.analysis.network.endpoints import NodeEndpoint, PodEndpoint
from casemate.analysis.network.label_index import LabelIndex, Span
from casemate.analysis.network.labels import NAME_LABEL, Any, Labels
from casemate.analysis.network.mentions import Mentions
from casemate.analysis.network.pod_classes import PodClass, PodClasses
from casemate.analysis.network.policies import (
    Complement,
    Endpoints,
    Everything,
    Intersection,
    Networks,
    Nodes,
    Perhaps,
    Pods,
    Union,
    World,
)

STRANGER = "{ingress-controller}"
"""A pod that is not among what was read, without labels, in a namespace without labels."""
_NO_NAMESPACE = ""


class Assumptions(msgspec.Struct, frozen=True):
    """What the network plugin and the reader of the answer decide where policies leave it open.

    `networks_hold_pods` and `networks_hold_nodes` say whether ranges of addresses in policies mean those of
    pods and nodes; None: it depends. `addresses_known` says that pods are running: one without an address may
    be in any range then; in files, only in one of all addresses. `bare_namespaces` takes a namespace whose
    object was not read for one that has no label but its name; else its labels are unknown. `apart` are names
    and addresses that somebody asks for: those pods share a class with no others.
    """

    networks_hold_pods: bool | None = False
    networks_hold_nodes: bool | None = False
    bare_namespaces: bool = True
    addresses_known: bool = False
    apart: frozenset[str] = frozenset()


class KnownLabels(msgspec.Struct, frozen=True):
    """The labels of namespaces by name, and of service accounts by namespace and name, as far as read."""

    namespaces: Mapping[str, dict[str, str]]
    accounts: Mapping[tuple[str, str], dict[str, str]]


class Universe:
    """The classes of endpoints by number: pods first, then nodes, then addresses outside of the cluster."""

    def __init__(
        self,
        pods: Iterable[PodEndpoint],
        nodes: Sequence[NodeEndpoint],
        labels: KnownLabels,
        mentions: Mentions,
        assumed: Assumptions,
    ) -> None:
        self.assumed = assumed
        self._classes = PodClasses(pods, mentions)
        self.pods, self.names, self.owners = self._classes.found, self._classes.names, self._classes.owners
        self.nodes_of_pods = self._classes.nodes
        self.stranger = len(self.pods)
        self.pods.append(PodClass(_NO_NAMESPACE, {}, "", (), False, (), {}))  # noqa: FBT003 # a field, in order
        self.nodes = list(nodes)
        self.outside = atoms(mentions.ranges)
        first_node, first_outside = len(self.pods), len(self.pods) + len(self.nodes)
        for number, node in enumerate(self.nodes, first_node):
            self.owners.update(dict.fromkeys(node.addresses, number))
        self.size = first_outside + len(self.outside)
        self.all = BitMap(range(self.size))
        self.world = BitMap(range(first_outside, self.size))
        self.first_outside = first_outside
        hosts = [number for number, found in enumerate(self.pods) if found.on_host]
        self.hosts = BitMap([*hosts, *range(first_node, first_outside)])
        self._in_pod_network = BitMap(range(first_node)) - BitMap(hosts)
        self.named_ports: dict[tuple[str, str], dict[int, BitMap]] = {}
        for number, pod in enumerate(self.pods):
            for port in pod.ports:
                if (port.protocol, port.name) in mentions.names:
                    meant = self.named_ports.setdefault((port.protocol, port.name), {})
                    meant.setdefault(port.number, BitMap()).add(number)
        self._index(labels, first_node)
        self._found: dict[Endpoints, Span] = {}

    def where(self, wanted: Endpoints) -> Span:
        """The classes that a set holds: those that are sure, and those that are possible."""
        found = self._found.get(wanted)
        if found is None:
            found = self._found[wanted] = self._where(wanted)
        return found

    def with_pods(self, added: Sequence[PodEndpoint], removed: Sequence[PodEndpoint]) -> "Universe | None":
        """The same classes with some pods less and others more; None where a pod is of none of them."""
        classes = self._classes.changed(added, removed)
        if classes is None:
            return None
        other = copy(self)
        other._classes = classes  # noqa: SLF001 # its own kind
        other.pods, other.names, other.owners = classes.found, classes.names, classes.owners
        other.nodes_of_pods = classes.nodes
        return other

    def number_outside(self, address: AddressRange) -> int:
        """The class of an address outside of the cluster: the atoms are all addresses."""
        behind = AddressRange(address.family, address.low, address.high + 2**128)
        return self.first_outside + bisect_right(self.outside, behind) - 1

    def class_of(self, pod: PodEndpoint) -> int | None:
        """The class that a pod, or all pods of a template, is in; None where no such pod was read."""
        return self._classes.number_of(pod)

    def _index(self, known: KnownLabels, first_node: int) -> None:
        self._pod_labels = LabelIndex([found.labels for found in self.pods])
        self._account_labels = LabelIndex(
            [
                known.accounts.get((found.namespace, found.account), {}) | {NAME_LABEL: found.account}
                for found in self.pods
            ]
        )
        self._node_labels = LabelIndex([node.labels for node in self.nodes])
        self._first_node = first_node
        names = dict.fromkeys(found.namespace for found in self.pods)
        self._names = list(names)
        self.unread: set[str] = set()
        sets, unknown = [], BitMap()
        for number, name in enumerate(self._names):
            labels = known.namespaces.get(name)
            if labels is None and name != _NO_NAMESPACE and not self.assumed.bare_namespaces:
                unknown.add(number)
                self.unread.add(name)
            sets.append((labels or {}) | ({NAME_LABEL: name} if name != _NO_NAMESPACE else {}))
        self._namespace_labels = LabelIndex(sets, unknown)
        inside: dict[str, BitMap] = {name: BitMap() for name in self._names}
        for number, found in enumerate(self.pods):
            inside[found.namespace].add(number)
        self._inside = [inside[name] for name in self._names]
        self._in_namespaces: dict[Labels, Span] = {}

    def _where(self, wanted: Endpoints) -> Span:
        if isinstance(wanted, Everything):
            return Span.exactly(self.all)
        if isinstance(wanted, Pods):
            return self._pods(wanted)
        if isinstance(wanted, World):
            return Span.exactly(self.world)
        if isinstance(wanted, Networks):
            return self._networks(wanted)
        if isinstance(wanted, Nodes):
            return self._nodes(wanted)
        if isinstance(wanted, (Union, Intersection)):
            join = BitMap.union if isinstance(wanted, Union) else BitMap.intersection
            parts = [self.where(part) for part in wanted.parts]
            return Span(join(*(part.sure for part in parts)), join(*(part.upper for part in parts)))
        if isinstance(wanted, Complement):
            inner = self.where(wanted.inner)
            return Span(self.all - inner.upper, self.all - inner.sure)
        if isinstance(wanted, Perhaps):
            return Span(BitMap(), self.where(wanted.inner).upper)
        return Span.exactly(BitMap())

    def _pods(self, wanted: Pods) -> Span:
        inside = self._of_namespaces(wanted.namespaces)
        sure, upper = inside
        for index, condition in ((self._pod_labels, wanted.pods), (self._account_labels, wanted.accounts)):
            if not isinstance(condition, Any):
                found = index.where(condition)
                sure, upper = sure & found.sure, upper & found.upper
        return Span(sure, upper)

    def _of_namespaces(self, condition: Labels) -> Span:
        """The pods in the pod network of all namespaces that fulfil a condition."""
        found = self._in_namespaces.get(condition)
        if found is None:
            sure, upper = self._namespace_labels.where(condition)
            found = Span(self._union_of(sure), self._union_of(upper))
            self._in_namespaces[condition] = found
        return found

    def _union_of(self, namespaces: BitMap) -> BitMap:
        members = [self._inside[number] for number in namespaces]
        return (BitMap.union(*members) if members else BitMap()) & self._in_pod_network

    def _nodes(self, wanted: Nodes) -> Span:
        """Nodes, and pods on the network of a host, whose node may have any labels."""
        sure, upper = self._node_labels.where(wanted.labels)
        hosts = BitMap(number for number in self.hosts if number < self._first_node)
        if isinstance(wanted.labels, Any):
            return Span.exactly(self.hosts)
        return Span(
            BitMap(self._first_node + number for number in sure),
            BitMap(self._first_node + number for number in upper) | hosts,
        )

    def _networks(self, wanted: Networks) -> Span:
        ranges = [found for found in map(parse_cidr, wanted.ranges) if found is not None]
        without = [found for found in map(parse_cidr, wanted.without) if found is not None]

        def holds(item: AddressRange) -> bool:
            return _in(item, ranges) and not _in(item, without)

        outside = BitMap(n for n, atom in enumerate(self.outside, self.first_outside) if holds(atom))
        sure, upper = outside.copy(), outside.copy()
        pods = self.assumed.networks_hold_pods if wanted.pods is None else wanted.pods
        nodes = self.assumed.networks_hold_nodes if wanted.nodes is None else wanted.nodes
        for number, answer in self._inner(ranges, without, pods=pods, nodes=nodes):
            if answer is not False:
                upper.add(number)
                if answer:
                    sure.add(number)
        return Span(sure, upper)

    def _inner(
        self,
        ranges: list[AddressRange],
        without: list[AddressRange],
        *,
        pods: bool | None,
        nodes: bool | None,
    ) -> Iterator[tuple[int, bool | None]]:
        """Whether pods and nodes are in ranges: yes, no, or not known."""
        unknown = None if self.assumed.addresses_known else _whole(ranges) and not _whole(without)
        if pods is not False:
            for number in self._in_pod_network:
                found = _any_in(self.pods[number].addresses, ranges, without)
                found = unknown if found is None else found
                yield number, None if found and pods is None else found
        if nodes is not False:
            for number, node in enumerate(self.nodes, self._first_node):
                found = _any_in(node.addresses, ranges, without)
                found = unknown if found is None else found
                yield number, None if found and nodes is None else found
            for number in self.hosts:
                if number < self._first_node:
                    found = _any_in(self.pods[number].addresses, ranges, without)
                    found = unknown if found is None else found
                    yield number, None if found and nodes is None else found


def _in(item: AddressRange, ranges: Iterable[AddressRange]) -> bool:
    return any(r.family == item.family and r.low <= item.low and item.high <= r.high for r in ranges)


def _any_in(addresses: Sequence[str], ranges: list[AddressRange], without: list[AddressRange]) -> bool | None:
    """Whether an endpoint with these addresses is in the ranges; None where no address is known.

    Where all addresses of a family are in the ranges, none needs to be known.
    """
    known = [item for item in map(parse_address, addresses) if item is not None]
    if known:
        return any(_in(item, ranges) and not _in(item, without) for item in known)
    return True if not without and _whole(ranges) else None


def _whole(ranges: Iterable[AddressRange]) -> bool:
    """Whether all addresses of a family are among the ranges."""
    return any(item.low == 0 and item.high in {2**32 - 1, 2**128 - 1} for item in ranges)
