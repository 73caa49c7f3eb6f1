"""The map of a network for Graphviz: `dot -Tsvg`."""

from typing import TextIO

from casemate.engine.network_map import NetworkMap
from casemate.writers import graphviz
from casemate.writers.network_graph import graph

_LOOKS = {
    "open": 'shape=box style=filled fillcolor="#fdeee6" color="#c8440f" penwidth=2',
    "limited": 'shape=box style="rounded,filled" fillcolor="#e9f1fc" color="#1a5bb8"',
    "closed": 'shape=box style="rounded,filled" fillcolor="#ffffff" color="#616c7a"',
    "outside": 'shape=box style="rounded,filled,dashed" fillcolor="#f3f5f7" color="#616c7a"',
}


def write(found: NetworkMap, out: TextIO) -> None:
    """Write the graph."""
    graphviz.write(graph(found), "network", _LOOKS, out)
