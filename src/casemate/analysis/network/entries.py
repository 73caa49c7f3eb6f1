"""Where a cluster can be entered from outside, and where its workloads listen.

Ways in are what controllers and Services open (`ways_in`), and ports of pods that are ports of their node.

Source: core/v1 types.go (ContainerPort.hostPort, PodSpec.hostNetwork).
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from pyroaring import BitMap

from casemate.analysis.network.backends import Backends, is_port
from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.policies import TCP, Networks
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.tighten.entrances import WAY_IN
from casemate.analysis.network.tighten.needs import Member, Needs
from casemate.analysis.network.ways_in import CONTROLLER, WayIn
from casemate.model.estate import Entity
from casemate.model.place import Path
from casemate.model.pods import Container

INTERNET, NODES = "internet", "network of the nodes"
"""Who calls from outside, unless it is limited to addresses."""
HOST_PORT, HOST_NETWORK = "host port", "host network"
_NODE_PORT = "node port"
Port = tuple[str, int]


class Entry(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A port of a workload that is opened to the outside.

    `outside` names who calls, `through` a controller that passes the call on. `allowed` says whether policies
    let it in; `path` leads to the place in `entity` that opens it.
    """

    kind: str
    outside: str
    workload: str
    protocol: str
    port: int
    entity: Entity
    path: Path = ()
    through: str = ""
    allowed: bool = True


def listening(pods: Iterable[PodEndpoint], backends: Backends) -> dict[str, dict[Port, None]]:
    """The ports of each workload that a container declares, or a Service leads to."""
    found: dict[str, dict[Port, None]] = {}
    for pod in pods:
        own = found.setdefault(pod.workload, {})
        for container in _lasting(pod):
            for port in container.ports or ():
                if is_port(port.protocol or TCP, port.container_port or 0):
                    own[port.protocol or TCP, port.container_port or 0] = None
    for service in backends.services():
        for target in backends.targets(service, service.spec.ports):
            found.setdefault(target.pod.workload, {})[target.protocol, target.port] = None
    return found


def entries(
    reach: Reach, ways: Iterable[WayIn], pods: Sequence[PodEndpoint], needs: Needs, unread: frozenset[str]
) -> tuple[Entry, ...]:
    """Where the cluster can be entered from outside, each once.

    `unread` are workloads that only something else tells of: a controller among them calls from outside. One
    that was read is a step of its own, which is entered by its own Service.
    """
    gates = _Gates(reach)
    controllers = _controllers(needs)
    found: dict[tuple[object, ...], Entry] = {}

    def add(entry: Entry) -> None:
        key = (entry.kind, entry.outside, entry.workload, entry.protocol, entry.port, id(entry.entity))
        known = found.get(key)
        if known is None or (entry.allowed and not known.allowed):
            found[key] = entry

    for way in ways:
        if way.kind != CONTROLLER:
            add(gates.opened(way))
            continue
        sources = controllers.get((way.pod.workload, way.protocol, way.port), [])
        strangers = [name for name in sources if name in unread]
        for name in strangers or ([] if sources else [""]):
            add(gates.controlled(way, name))
    for pod in pods:
        for entry in gates.of_host(pod):
            add(entry)
    return tuple(found.values())


class _Gates:
    """Asks whether policies let callers from outside in."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        universe = reach.universe
        self._anybody = universe.world | universe.hosts
        self._of: dict[str, list[int]] = {}
        for number, found in enumerate(universe.pods):
            for name in found.workloads:
                self._of.setdefault(name, []).append(number)

    def opened(self, way: WayIn) -> Entry:
        """What a Service opens; where the pod may see a node instead of the caller, a node may call, too."""
        callers = self._anybody
        outside = NODES if way.kind == _NODE_PORT else INTERNET
        if way.ranges:
            outside = ", ".join(way.ranges)
            if way.keeps_client:
                callers = self._reach.universe.where(Networks(way.ranges, pods=False, nodes=False)).upper
        return self._entry(way, outside, callers)

    def controlled(self, way: WayIn, controller: str) -> Entry:
        """What a controller that was not read leads to."""
        callers = BitMap(self._of.get(controller, [self._reach.universe.stranger]))
        return self._entry(way, INTERNET, callers, controller)

    def of_host(self, pod: PodEndpoint) -> Iterator[Entry]:
        """Ports of a pod that are ports of its node."""
        for container, at in _with_paths(pod):
            for index, port in enumerate(container.ports or ()):
                number = port.container_port or 0
                if not (pod.on_host or port.host_port) or not is_port(port.protocol or TCP, number):
                    continue
                yield Entry(
                    kind=HOST_NETWORK if pod.on_host else HOST_PORT,
                    outside=NODES,
                    workload=pod.workload,
                    protocol=port.protocol or TCP,
                    port=number,
                    entity=pod.source,
                    path=(*at, "ports", index),
                    allowed=self._lets_in(pod, self._anybody, port.protocol or TCP, number),
                )

    def _entry(self, way: WayIn, outside: str, callers: BitMap, through: str = "") -> Entry:
        return Entry(
            kind=way.kind,
            outside=outside,
            workload=way.pod.workload,
            protocol=way.protocol,
            port=way.port,
            entity=way.entity,
            through=through,
            allowed=self._lets_in(way.pod, callers, way.protocol, way.port),
        )

    def _lets_in(self, pod: PodEndpoint, callers: Iterable[int], protocol: str, port: int) -> bool:
        number = self._reach.universe.class_of(pod)
        mask = self._reach.atoms.containing(protocol, port)
        return number is not None and any(mask & self._reach.between(one, number)[1] for one in callers)


def _controllers(needs: Needs) -> dict[tuple[str, str, int], list[str]]:
    """The workloads that must reach a port of another one, by that."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for need, because in needs.reasoned():
        if not any(one.kind == WAY_IN for one in because):
            continue
        if isinstance(need.source, Member) and isinstance(need.destination, Member):
            key = (need.destination.group, need.protocol, need.port)
            found.setdefault(key, []).append(need.source.group)
    return found


def _lasting(pod: PodEndpoint) -> Iterator[Container]:
    yield from (container for container, _ in _with_paths(pod))


def _with_paths(pod: PodEndpoint) -> Iterator[tuple[Container, Path]]:
    """The containers that run as long as the pod does, with their places."""
    template = pod.template
    for index, container in enumerate(template.spec.containers or ()):
        known = template.container_paths.get("containers")
        yield container, known if known is not None else (*template.path, "containers", index)
    for index, container in enumerate(template.spec.init_containers or ()):
        if container.restart_policy == "Always":
            yield container, (*template.path, "initContainers", index)
