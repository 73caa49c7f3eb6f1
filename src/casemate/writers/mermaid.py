"""A drawn graph as a flowchart for Mermaid, which GitHub and GitLab draw inside Markdown.

Whatever is not a plain letter, digit or mark goes in by its number, so that no name is read as syntax, as
markup or as a directive. Mermaid draws no more than 50,000 characters and 500 lines; more is grouped further.

Source: mermaid.js.org, flowchart syntax and entity codes; maxTextSize and maxEdges of its configuration.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

import msgspec

from casemate.writers.access_graph import EVERYWHERE, Graph, Node, visible

_LONGEST = 48_000
_FEWEST = 4
_ODD = re.compile(r"[^A-Za-z0-9 .,/_()-]")
_ABOUT = "fill:none,stroke:none,color:#616c7a"


class Style(msgspec.Struct, frozen=True):
    """The brackets and the colours of each kind of node."""

    shapes: Mapping[str, tuple[str, str]]
    looks: Mapping[str, str]


def write(draw: Callable[[int], Graph], most: int, style: Style, out: TextIO) -> None:
    """Write the chart that `draw` makes of at most so many nodes; fewer where it is too long."""
    text = _chart(draw(most), style)
    while len(text) > _LONGEST and most > _FEWEST:
        most = most * 2 // 3
        text = _chart(draw(most), style)
    out.write(text)


def _chart(drawn: Graph, style: Style) -> str:
    return "".join(f"{line}\n" for line in _lines(drawn, style))


def _lines(drawn: Graph, style: Style) -> Iterator[str]:
    yield "flowchart LR"
    about = "<br/>".join(map(_escaped, (drawn.title, *drawn.notes)))
    yield f'  about["{about}"]:::about'
    for number, (namespace, members) in enumerate(drawn.namespaces.items()):
        indent = "  "
        if namespace != EVERYWHERE:
            indent = "    "
            yield f'  subgraph s{number}["namespace {_escaped(namespace)}"]'
        for member in members:
            yield f"{indent}n{member}{_box(drawn.nodes[member], style)}"
        if namespace != EVERYWHERE:
            yield "  end"
    for start, end, word in drawn.edges:
        label = f'|"{_escaped(word)}"|' if word else ""
        yield f"  n{start} -->{label} n{end}"
    for name, look in (*style.looks.items(), ("about", _ABOUT)):
        yield f"  classDef {name} {look}"


def _box(node: Node, style: Style) -> str:
    start, end = style.shapes[node.kind]
    return f'{start}"{"<br/>".join(map(_escaped, node.lines))}"{end}:::{node.kind}'


def _escaped(text: str) -> str:
    return _ODD.sub(lambda found: f"#{ord(found[0])};", visible(text))
