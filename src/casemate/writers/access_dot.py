"""Access as a graph for Graphviz: `dot -Tsvg`."""

from typing import TextIO

from casemate.engine.access import Access
from casemate.writers import graphviz
from casemate.writers.access_graph import graph

_LOOKS = {
    "subject": 'shape=box style="rounded,filled" fillcolor="#e9f1fc" color="#1a5bb8"',
    "binding": 'shape=box style=filled fillcolor="#ffffff" color="#616c7a"',
    "role": 'shape=box style=filled fillcolor="#fff2cf" color="#8a6100"',
    "rule": 'shape=note style=filled fillcolor="#f3f5f7" color="#616c7a"',
}


def write(access: Access, out: TextIO) -> None:
    """Write the graph."""
    graphviz.write(graph(access), "access", _LOOKS, out)
