"""Chains of calls as a flowchart for Mermaid: who calls from outside, and the calls that are meant.

Whatever is not a plain letter, digit or mark goes in by its number, so that no name is read as syntax.
Mermaid draws no more than 500 lines; what does not fit is counted.

Source: mermaid.js.org, flowchart syntax and entity codes; maxEdges of its configuration.
"""

import re
from collections.abc import Iterator
from typing import TextIO

from casemate.analysis.network.chains import Line, State, chains
from casemate.engine.network_chains import NetworkChains
from casemate.writers.access_graph import visible
from casemate.writers.network_chains_words import ports_words

MOST = 400
_ODD = re.compile(r"[^A-Za-z0-9 .,/_()-]")
_LOOKS = {
    "outside": "fill:#f3f5f7,stroke:#616c7a,color:#151a21,stroke-dasharray:4 3",
    "store": "fill:#fdeee6,stroke:#c8440f,color:#151a21,stroke-width:2px",
}


def write(found: NetworkChains, out: TextIO) -> None:
    """Write the chart."""
    out.writelines(f"{line}\n" for line in _lines(found))


def _lines(found: NetworkChains) -> Iterator[str]:
    yield "flowchart LR"
    numbers: dict[str, str] = {}
    edges: dict[tuple[str, str], Line] = {}
    outsides = list(dict.fromkeys(entry.outside for entry in found.entries))
    for outside in outsides:
        numbers[outside] = f"o{len(numbers)}"
        for line in chains(outside, found.entries, found.calls):
            edges.setdefault((line.source, line.workload), line)
    shown = list(edges.items())[:MOST]
    for (_, workload), _line in shown:
        numbers.setdefault(workload, f"n{len(numbers)}")
    for name, number in numbers.items():
        if name in outsides:
            yield f'  {number}(["{_escaped(name)}"]):::outside'
        elif name in found.stores:
            yield f'  {number}[("{_escaped(found.title(name))}<br/>{_escaped(found.stores[name])}")]:::store'
        else:
            yield f'  {number}["{_escaped(found.title(name))}"]'
    for (source, workload), line in shown:
        stopped = line.state == State.STOPPED
        arrow = "-.-x" if stopped else "-->"
        yield f'  {numbers[source]} {arrow}|"{_escaped(ports_words(line.ports))}"| {numbers[workload]}'
    if len(edges) > len(shown):
        yield f'  more["{len(edges) - len(shown)} calls more"]:::outside'
    for name, look in _LOOKS.items():
        yield f"  classDef {name} {look}"


def _escaped(text: str) -> str:
    return _ODD.sub(lambda found: f"#{ord(found[0])};", visible(text))
