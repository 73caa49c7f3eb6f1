"""The map of a network as a graph: workloads in their namespaces, and lines with the ports they may reach.

A picture is drawn to be read. What calls a workload as a whole namespace is one line; where there are too
many workloads, the namespaces are the nodes, and at last only the lines that stand for the most pairs are
drawn. The graph says what was done. What is open to every caller is said by its colour and word, not by
lines.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from pyroaring import BitMap

from casemate.analysis.network.policies import PortRange
from casemate.engine.network_map import NetworkMap
from casemate.engine.network_units import Kind, State, Unit
from casemate.writers.access_graph import EVERYWHERE, Graph, Node, short, visible
from casemate.writers.network_words import callers_text, ports_text

MOST = 120
_LINES = 2
"""Lines for each node that a picture may have and still be followed."""
_WHOLE = 3
"""A namespace of so many workloads that all call another one is drawn as one caller."""
_LOOK = dict.fromkeys(State, "open") | {State.LIMITED: "limited", State.CLOSED: "closed"}
_TITLE = "Who may call whom"

Line = tuple[int, int, str]
Place = str | int
"""A namespace by its name, or a unit that is in none by its number."""


def graph(found: NetworkMap, most: int = MOST) -> Graph:
    """The graph of a map, with at most `most` nodes."""
    drawn = _of_workloads(found, most)
    return drawn or _of_namespaces(found, most)


class _Drawing:
    """A graph that grows: each node once."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.lines: dict[Line, None] = {}
        self._numbers: dict[object, int] = {}

    def node(self, key: object, make: Callable[[], Node]) -> int:
        """The number of a node."""
        number = self._numbers.setdefault(key, len(self.nodes))
        if number == len(self.nodes):
            self.nodes.append(make())
        return number

    def done(self, found: NetworkMap, *notes: str) -> Graph:
        """The graph."""
        title = visible(found.question or _TITLE)
        return Graph(title, tuple(self.nodes), tuple(self.lines), (*_told(found), *notes))


def _told(found: NetworkMap) -> Iterator[str]:
    """What the colours leave unsaid."""
    if not found.workloads:
        yield "No workload was read."
        return
    if any(found.ingress[number] is State.OPEN for number in found.workloads):
        yield "What is open may be called by every workload; lines are drawn where a policy says something."
    if any(found.egress[number] is State.OPEN for number in found.workloads):
        yield "(any) may call everything that lets it in."


def _of_workloads(found: NetworkMap, most: int) -> Graph | None:
    """Each workload a node; None where there are too many."""
    if len(found.workloads) > most:
        return None
    drawing = _Drawing()
    for number in found.workloads:
        drawing.node(number, partial(_workload, found, number))
    for number in range(len(found.units)):
        for ports, sources in _callers(found, number).items():
            for key, make in _sources(found, number, sources):
                start = drawing.node(key, make)
                end = drawing.node(number, partial(_workload, found, number))
                drawing.lines[start, end, ports] = None
                if len(drawing.lines) > _LINES * most or len(drawing.nodes) > most:
                    return None
    return drawing.done(found)


def _callers(found: NetworkMap, number: int) -> dict[str, BitMap]:
    """Who calls a unit by a line, by the words on the line."""
    callers: dict[str, BitMap] = {}
    for edge in found.edges_to(number):
        words = ports_text(edge.ports) + ("" if edge.sure else ", depends")
        callers.setdefault(words, BitMap()).add(edge.source)
    return callers


def _sources(found: NetworkMap, number: int, sources: BitMap) -> Iterator[tuple[object, Callable[[], Node]]]:
    """The nodes that some callers are drawn as: whole namespaces, and the others one by one."""
    left = sources
    if (
        found.is_whole
        and len(found.workloads) > _WHOLE
        and sources.issuperset(found.workloads - BitMap([number]))
    ):
        yield "every", partial(_whole, EVERYWHERE, len(found.workloads))
        left = sources - found.workloads
    for namespace, members in found.namespaces.items():
        others = members - BitMap([number])
        if found.is_whole and len(others) >= _WHOLE and others.issubset(left):
            yield ("every", namespace), partial(_whole, namespace, len(members))
            left = left - others
    for source in left:
        yield source, partial(_workload, found, source)


def _whole(namespace: str, size: int) -> Node:
    words = f"every workload of {namespace}" if namespace else "every workload"
    return Node("limited", (short(words), f"{size:,} workloads"), visible(words), visible(namespace))


def _workload(found: NetworkMap, number: int) -> Node:
    unit = found.units[number]
    if unit.kind is not Kind.WORKLOAD:
        return Node("outside", (short(unit.name),), visible(unit.name))
    egress = " (any)" if found.egress[number] is State.OPEN else ""
    lines = [short(unit.short) + egress, callers_text(found, number), *_ways(unit)]
    return Node(_LOOK[found.ingress[number]], tuple(lines), visible(unit.name), visible(unit.namespace))


def _ways(unit: Unit) -> Iterator[str]:
    """What leads to it from outside, and that no policy holds for it."""
    if unit.ways:
        kinds = Counter(f"{way.kind}: {way.port}" for way in unit.ways)
        yield short(", ".join(kinds))
    if unit.pod is not None and unit.pod.on_host:
        yield "on the host's network"


def _of_namespaces(found: NetworkMap, most: int) -> Graph:
    """Each namespace a node; of many lines those that stand for the most pairs."""
    drawing = _Drawing()
    names = sorted(found.namespaces, key=lambda name: -len(found.namespaces[name]))
    notes = ["Namespaces are drawn, not workloads; a number counts pairs of workloads."]
    if len(names) > most:
        notes.append(f"{len(names) - most:,} of {len(names):,} namespaces are not drawn, the smallest.")
    for name in names[:most]:
        drawing.node(name, partial(_namespace, found, name))
    pairs: Counter[tuple[Place, Place]] = Counter()
    ports: dict[tuple[Place, Place], dict[PortRange, None]] = {}
    kept = set(names[:most])
    space = {number: name for name in names for number in found.namespaces[name]}
    for number in range(len(found.units)):
        there: Place = space.get(number, number)
        if number in space and there not in kept:
            continue
        for edge in found.edges_to(number):
            here: Place = space.get(edge.source, edge.source)
            if here != there and (edge.source not in space or here in kept):
                pairs[here, there] += 1
                ports.setdefault((here, there), {}).update(dict.fromkeys(edge.ports))
    lines = pairs.most_common(_LINES * most)
    if len(lines) < len(pairs):
        notes.append(
            f"{len(pairs) - len(lines):,} of {len(pairs):,} lines are not drawn, those of the fewest pairs."
        )
    for (here, there), count in lines:
        start, end = (_end(drawing, found, key) for key in (here, there))
        words = ports_text(sorted(ports[here, there], key=_port_key), 3)
        drawing.lines[start, end, f"{count:,}: {words}"] = None
    return drawing.done(found, *notes)


def _end(drawing: _Drawing, found: NetworkMap, key: Place) -> int:
    if isinstance(key, int):
        return drawing.node(key, partial(_workload, found, key))
    return drawing.node(key, partial(_namespace, found, key))


def _port_key(port: PortRange) -> tuple[str, int, int]:
    return port.protocol, port.low, port.high


def _namespace(found: NetworkMap, name: str) -> Node:
    members = found.namespaces[name]
    states = Counter(_LOOK[found.ingress[number]] for number in members)
    words = ", ".join(f"{states[look]:,} {look}" for look in ("open", "limited", "closed") if states[look])
    look = "open" if states["open"] else "limited" if states["limited"] else "closed"
    count = f"{len(members):,} workload{'' if len(members) == 1 else 's'}"
    return Node(look, (short(name), count, words), visible(f"namespace {name}"))
