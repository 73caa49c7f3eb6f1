"""A drawn graph for Graphviz: `dot -Tsvg`.

Names are quoted: no manifest can write into the graph, and HTML-like labels are not used.

Source: the DOT language of graphviz.org, with its escape sequences of strings (escString) and HTML entities.
"""

from collections.abc import Iterator, Mapping
from typing import TextIO

from casemate.writers.access_graph import EVERYWHERE, Graph, Node, visible

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;"})


def write(drawn: Graph, name: str, looks: Mapping[str, str], out: TextIO) -> None:
    """Write a graph; `looks` are the attributes of each kind of node."""
    out.writelines(f"{line}\n" for line in _lines(drawn, name, looks))


def _lines(drawn: Graph, name: str, looks: Mapping[str, str]) -> Iterator[str]:
    yield f"digraph {name} {{"
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
            yield f"{indent}n{member} {_look(drawn.nodes[member], looks)};"
        if namespace != EVERYWHERE:
            yield "  }"
    for start, end, word in drawn.edges:
        look = f' [label="{_escaped(word)}"]' if word else ""
        yield f"  n{start} -> n{end}{look};"
    yield "}"


def _look(node: Node, looks: Mapping[str, str]) -> str:
    label = "\\n".join(map(_escaped, node.lines))
    return f'[label="{label}" tooltip="{_escaped(node.title)}" {looks[node.kind]}]'


def _escaped(text: str) -> str:
    return visible(text).translate(_ESCAPED)
