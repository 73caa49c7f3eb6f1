"""The map of a network for Graphviz: `dot -Tsvg`.

Names are quoted: no manifest can write into the graph, and HTML-like labels are not used.

Source: the DOT language of graphviz.org, with its escape sequences of strings (escString) and HTML entities.
"""

from collections.abc import Iterator
from typing import TextIO

from casemate.engine.network_map import NetworkMap
from casemate.writers.access_graph import EVERYWHERE, Graph, Node, visible
from casemate.writers.network_graph import graph

_LOOKS = {
    "open": 'shape=box style=filled fillcolor="#fdeee6" color="#c8440f" penwidth=2',
    "limited": 'shape=box style="rounded,filled" fillcolor="#e9f1fc" color="#1a5bb8"',
    "closed": 'shape=box style="rounded,filled" fillcolor="#ffffff" color="#616c7a"',
    "outside": 'shape=box style="rounded,filled,dashed" fillcolor="#f3f5f7" color="#616c7a"',
}
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;"})


def write(found: NetworkMap, out: TextIO) -> None:
    """Write the graph."""
    out.writelines(f"{line}\n" for line in _lines(graph(found)))


def _lines(drawn: Graph) -> Iterator[str]:
    yield "digraph network {"
    label = "\\l".join(map(_escaped, (drawn.title, *drawn.notes)))
    yield f'  graph [rankdir=LR, fontname="Helvetica", labelloc=t, labeljust=l, label="{label}\\l"];'
    yield '  node [fontname="Helvetica", fontsize=11, margin="0.12,0.06"];'
    yield '  edge [fontname="Helvetica", fontsize=10, color="#616c7a", arrowsize=0.7];'
    for number, (namespace, members) in enumerate(drawn.namespaces.items()):
        indent = "  "
        if namespace != EVERYWHERE:
            indent = "    "
            yield f"  subgraph cluster_{number} {{"
            yield f'    label="namespace {_escaped(namespace)}"; style="rounded"; color="#c6cdd6";'
        for member in members:
            yield f"{indent}n{member} {_look(drawn.nodes[member])};"
        if namespace != EVERYWHERE:
            yield "  }"
    for start, end, word in drawn.edges:
        yield f'  n{start} -> n{end} [label="{_escaped(word)}"];'
    yield "}"


def _look(node: Node) -> str:
    label = "\\n".join(map(_escaped, node.lines))
    return f'[label="{label}" tooltip="{_escaped(node.title)}" {_LOOKS[node.kind]}]'


def _escaped(text: str) -> str:
    return visible(text).translate(_ESCAPED)
