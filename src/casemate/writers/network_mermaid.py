"""The map of a network as a flowchart for Mermaid, which GitHub and GitLab draw inside Markdown.

Whatever is not a plain letter, digit or mark goes in by its number, so that no name is read as syntax, as
markup or as a directive. Mermaid draws no more than 50,000 characters and 500 lines; more is grouped.

Source: mermaid.js.org, flowchart syntax and entity codes; maxTextSize and maxEdges of its configuration.
"""

import re
from collections.abc import Iterator
from typing import TextIO

from casemate.engine.network_map import NetworkMap
from casemate.writers.access_graph import EVERYWHERE, Graph, Node, visible
from casemate.writers.network_graph import MOST, graph

_LONGEST = 48_000
_FEWEST = 4
_ODD = re.compile(r"[^A-Za-z0-9 .,/_()-]")
_SHAPES = {"open": ("[", "]"), "limited": ("(", ")"), "closed": ("(", ")"), "outside": ("([", "])")}
_LOOKS = {
    "open": "fill:#fdeee6,stroke:#c8440f,color:#151a21,stroke-width:2px",
    "limited": "fill:#e9f1fc,stroke:#1a5bb8,color:#151a21",
    "closed": "fill:#ffffff,stroke:#616c7a,color:#151a21",
    "outside": "fill:#f3f5f7,stroke:#616c7a,color:#151a21,stroke-dasharray:4 3",
    "about": "fill:none,stroke:none,color:#616c7a",
}


def write(found: NetworkMap, out: TextIO) -> None:
    """Write the chart."""
    most = MOST
    text = _chart(graph(found, most))
    while len(text) > _LONGEST and most > _FEWEST:
        most = most * 2 // 3
        text = _chart(graph(found, most))
    out.write(text)


def _chart(drawn: Graph) -> str:
    return "".join(f"{line}\n" for line in _lines(drawn))


def _lines(drawn: Graph) -> Iterator[str]:
    yield "flowchart LR"
    about = "<br/>".join(map(_escaped, (drawn.title, *drawn.notes)))
    yield f'  about["{about}"]:::about'
    for number, (namespace, members) in enumerate(drawn.namespaces.items()):
        indent = "  "
        if namespace != EVERYWHERE:
            indent = "    "
            yield f'  subgraph s{number}["namespace {_escaped(namespace)}"]'
        for member in members:
            yield f"{indent}n{member}{_box(drawn.nodes[member])}"
        if namespace != EVERYWHERE:
            yield "  end"
    for start, end, word in drawn.edges:
        yield f'  n{start} -->|"{_escaped(word)}"| n{end}'
    for name, look in _LOOKS.items():
        yield f"  classDef {name} {look}"


def _box(node: Node) -> str:
    start, end = _SHAPES[node.kind]
    return f'{start}"{"<br/>".join(map(_escaped, node.lines))}"{end}:::{node.kind}'


def _escaped(text: str) -> str:
    return _ODD.sub(lambda found: f"#{ord(found[0])};", visible(text))
