"""Access as a flowchart for Mermaid, which GitHub and GitLab draw inside Markdown."""

from functools import partial
from typing import TextIO

from casemate.engine.access import Access
from casemate.writers import mermaid
from casemate.writers.access_graph import MOST, graph

_SHAPES = {"subject": ("([", "])"), "binding": ("[", "]"), "role": ("[[", "]]"), "rule": ("[", "]")}
_LOOKS = {
    "subject": "fill:#e9f1fc,stroke:#1a5bb8,color:#151a21",
    "binding": "fill:#ffffff,stroke:#616c7a,color:#151a21",
    "role": "fill:#fff2cf,stroke:#8a6100,color:#151a21",
    "rule": "fill:#f3f5f7,stroke:#616c7a,color:#151a21",
}


def write(access: Access, out: TextIO) -> None:
    """Write the chart."""
    mermaid.write(partial(graph, access), MOST, mermaid.Style(_SHAPES, _LOOKS), out)
