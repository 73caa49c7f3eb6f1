"""Who can have connections: the pods that run or will run, and the nodes.

A workload is named by the highest controller that is known: `shop/cart[Deployment]`, a bare pod
`shop/cart[Pod]`. Pods that have finished have no connections any more. What runs on the host's network
is its node.
"""

from collections.abc import Iterable, Iterator

import msgspec

from casemate.analysis.network.network_policies import HOME
from casemate.analysis.network.policies import TCP
from casemate.model.estate import KUBERNETES, Estate, Owner, Template, Workload
from casemate.model.pods import Container, PodSpec
from casemate.model.running import Node, RunningPod

_NODE, _POD = "Node", "Pod"


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
    names = _Names(estate.of(Workload))
    for workload in estate.of(Workload):
        running = workload if isinstance(workload, RunningPod) and workload.ref.kind == _POD else None
        if running is not None and running.is_finished:
            continue
        for template in workload.templates:
            if template.engine != KUBERNETES:
                continue
            spec = template.spec
            yield PodEndpoint(
                workload=names.of(workload),
                name=f"{workload.ref.namespace or HOME}/{workload.ref.name}" if running is not None else "",
                namespace=workload.ref.namespace or HOME,
                labels=template.labels,
                account=spec.service_account_name or "default",
                ports=tuple(sorted(set(_ports(spec)))),
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
        self._read = {(w.ref.namespace, w.ref.kind, w.ref.name): w for w in workloads}

    def of(self, workload: Workload) -> str:
        """The name under which the pods of a workload are known."""
        namespace, kind, name = workload.ref.namespace, workload.ref.kind, workload.ref.name or ""
        here: Workload | None = workload
        seen: set[tuple[str, str]] = set()
        while here is not None:
            owner = _controller(here)
            if owner is None or (owner.kind, owner.name) in seen:
                break
            seen.add((owner.kind, owner.name))
            kind, name = owner.kind or _POD, owner.name
            here = self._read.get((namespace, kind, name))
        return f"{namespace or HOME}/{name}[{kind}]"


def _controller(workload: Workload) -> Owner | None:
    """The owner that made it; a node's own pods are bare ones."""
    found = (
        owner for owner in workload.owners if owner.controller is not False and owner.name
    )
    owner = next(found, None)
    return None if owner is None or owner.kind == _NODE else owner


def _ports(spec: PodSpec) -> Iterator[NamedPortOf]:
    containers: list[Container] = [*(spec.containers or ())]
    containers += [c for c in spec.init_containers or () if c.restart_policy == "Always"]
    for container in containers:
        for port in container.ports or ():
            if port.name and port.container_port:
                yield NamedPortOf(port.protocol or TCP, port.name, port.container_port)
