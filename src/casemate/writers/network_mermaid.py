"""The map of a network as a flowchart for Mermaid, which GitHub and GitLab draw inside Markdown."""

from functools import partial
from typing import TextIO

from casemate.engine.network_map import NetworkMap
from casemate.writers import mermaid
from casemate.writers.network_graph import MOST, graph

_SHAPES = {"open": ("[", "]"), "limited": ("(", ")"), "closed": ("(", ")"), "outside": ("([", "])")}
_LOOKS = {
    "open": "fill:#fdeee6,stroke:#c8440f,color:#151a21,stroke-width:2px",
    "limited": "fill:#e9f1fc,stroke:#1a5bb8,color:#151a21",
    "closed": "fill:#ffffff,stroke:#616c7a,color:#151a21",
    "outside": "fill:#f3f5f7,stroke:#616c7a,color:#151a21,stroke-dasharray:4 3",
}


def write(found: NetworkMap, out: TextIO) -> None:
    """Write the chart."""
    mermaid.write(partial(graph, found), MOST, mermaid.Style(_SHAPES, _LOOKS), out)
