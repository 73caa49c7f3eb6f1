"""Who can have connections: the pods that run or will run, and the nodes.

A workload is named by the highest controller that is known: `shop/cart[Deployment]`, a bare pod
`shop/cart[Pod]`. Pods that have finished have no connections any more. What runs on the host's network
is its node.

Source: core/v1 types.go; its conversion takes `serviceAccount` where `serviceAccountName` is not set.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import TCP
from casemate.model.estate import KUBERNETES, Estate, Owner, Template, Workload
from casemate.model.running import Node, RunningPod

_NODE, _POD = "Node", "Pod"


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    """A part of a pod's spec: only what is asked about here, since large clusters hold many."""


class _Port(_Part, frozen=True):
    name: str | None = None
    container_port: int | None = None
    protocol: str | None = None


class _Container(_Part, frozen=True):
    ports: tuple[_Port, ...] | None = None
    restart_policy: str | None = None


class _Spec(_Part, frozen=True):
    containers: tuple[_Container, ...] | None = None
    init_containers: tuple[_Container, ...] | None = None
    host_network: bool | None = None
    node_name: str | None = None
    service_account_name: str | None = None
    service_account: str | None = None


_spec_of = msgspec.msgpack.Decoder(_Spec).decode


class NamedPortOf(msgspec.Struct, frozen=True, order=True):
    """A port that a container names."""

    protocol: str
    name: str
    number: int


class PodEndpoint(msgspec.Struct, frozen=True, eq=False):
    """A pod, or all pods of a template; `addresses` are known of running pods only.

    `name` is `shop/cart-0` where it is a single pod.
    """

    workload: str
    name: str
    namespace: str
    labels: dict[str, str]
    account: str
    ports: tuple[NamedPortOf, ...]
    on_host: bool
    addresses: tuple[str, ...]
    node: str | None
    source: Workload
    template: Template


class NodeEndpoint(msgspec.Struct, frozen=True, eq=False):
    """A node with its addresses."""

    name: str
    labels: dict[str, str]
    addresses: tuple[str, ...]
    source: Node


def pods_of(estate: Estate) -> Iterator[PodEndpoint]:
    """The pods of an estate by their templates, in the order they were read."""
    workloads = list(estate.of(Workload))
    names = _Names(workloads)
    ports_of: dict[tuple[_Container, ...], tuple[NamedPortOf, ...]] = {}
    for workload in workloads:
        running = workload if isinstance(workload, RunningPod) and workload.ref.kind == _POD else None
        if running is not None and running.is_finished:
            continue
        for template in workload.templates:
            if template.engine != KUBERNETES:
                continue
            spec = _spec_of(template.packed)
            containers = tuple(_listening(spec))
            ports = ports_of.get(containers)
            if ports is None:
                ports = ports_of[containers] = tuple(sorted(set(_ports(containers))))
            yield PodEndpoint(
                workload=names.of(workload),
                name=f"{workload.ref.namespace or HOME}/{workload.ref.name}" if running is not None else "",
                namespace=workload.ref.namespace or HOME,
                labels=template.labels,
                account=spec.service_account_name or spec.service_account or "default",
                ports=ports,
                on_host=bool(spec.host_network),
                addresses=running.addresses if running is not None else (),
                node=spec.node_name,
                source=workload,
                template=template,
            )


def nodes_of(estate: Estate) -> Iterator[NodeEndpoint]:
    """The nodes of an estate."""
    for node in estate.of(Node):
        yield NodeEndpoint(node.name, node.labels, node.addresses, node)


class _Names:
    """The names of workloads: the controller's, followed as far as controllers were read."""

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self._read = {(w.ref.namespace or HOME, w.ref.kind, w.ref.name): w for w in workloads}
        self._highest: dict[tuple[str, str, str], str] = {}

    def of(self, workload: Workload) -> str:
        """The name under which the pods of a workload are known."""
        namespace, owner = workload.ref.namespace or HOME, _controller(workload)
        if owner is None:
            return f"{namespace}/{workload.ref.name or ''}[{workload.ref.kind}]"
        key = (namespace, owner.kind or _POD, owner.name)
        found = self._highest.get(key)
        if found is None:
            found = self._highest[key] = self._above(*key)
        return found

    def _above(self, namespace: str, kind: str, name: str) -> str:
        """The highest controller above one, itself if there is none."""
        seen = {(kind, name)}
        while (here := self._read.get((namespace, kind, name))) is not None:
            owner = _controller(here)
            if owner is None or (owner.kind or _POD, owner.name) in seen:
                break
            kind, name = owner.kind or _POD, owner.name
            seen.add((kind, name))
        return f"{namespace}/{name}[{kind}]"


def _controller(workload: Workload) -> Owner | None:
    """The owner that made it; a node's own pods are bare ones."""
    found = (owner for owner in workload.owners if owner.controller is not False and owner.name)
    owner = next(found, None)
    return None if owner is None or owner.kind == _NODE else owner


def _listening(spec: _Spec) -> Iterator[_Container]:
    """The containers that run as long as the pod does: sidecars among those for its start too."""
    yield from spec.containers or ()
    yield from (item for item in spec.init_containers or () if item.restart_policy == "Always")


def _ports(containers: Iterable[_Container]) -> Iterator[NamedPortOf]:
    for container in containers:
        for port in container.ports or ():
            if port.name and port.container_port:
                yield NamedPortOf(port.protocol or TCP, port.name, port.container_port)
