"""The map of a network as one HTML page that needs nothing but itself: a map, a matrix, a list, and reasons.

The page's script draws them from the data at its end; without a script the page holds a plain table. Names
are not trusted: all of them are escaped, and the page's own policy allows no other script, style or address.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from string import Template
from typing import Protocol, TextIO

import msgspec

from casemate import __version__
from casemate.engine.network_map import NetworkMap
from casemate.engine.network_units import State
from casemate.model.estate import Entity
from casemate.model.place import Path
from casemate.writers.html import asset, digest
from casemate.writers.html_parts import shown
from casemate.writers.network_data import Data
from casemate.writers.network_words import callers_text, entity_text
from casemate.writers.scan_text import counted

_STILL, _NOTICES = 300, 3


class Lines(Protocol):
    """Finds where something is written, handed in by the command line."""

    def of(self, entity: Entity, path: Path) -> str:
        """The place of a path of an object."""


def write(
    found: NetworkMap, out: TextIO, lines: Lines, now: datetime | None = None, notes: Iterable[str] = ()
) -> None:
    """Write the page; `now` is the time that it shows, `notes` are sentences about what it does not say."""
    style = asset("report.css") + asset("network.css")
    script = asset("page.js") + asset("network.js") + asset("network-views.js")
    page = Template(asset("network.html")).substitute(
        title=shown(found.question or "Who may call whom"),
        style=style,
        script=script,
        style_hash=digest(style),
        script_hash=digest(script),
        facts=" · ".join(_facts(found, now)),
        verdict="".join(f"<li>{sentence}</li>" for sentence in verdict(found)),
        notices="".join(_notices(tuple(notes))),
        none="" if found.workloads else " none",
        lines="".join(still(found)),
        data="\0",
    )
    before, after = page.split("\0")
    out.write(before)
    out.write(msgspec.json.encode(Data(found, lines.of).all()).decode().replace("<", "\\u003c"))
    out.write(after)


def _facts(found: NetworkMap, now: datetime | None) -> Iterator[str]:
    yield f"{counted(len(found.workloads), 'workload')} in {counted(len(found.namespaces), 'namespace')}"
    if now is not None:
        yield f'<time datetime="{now.isoformat()}">{now.day} {now:%B %Y, %H:%M %Z}</time>'
    yield f"casemate {__version__}"


def verdict(found: NetworkMap) -> Iterator[str]:
    """What the whole map says, in a few sentences."""
    total = len(found.workloads)
    opened = [n for n in found.workloads if found.ingress[n] is State.OPEN]
    free = [n for n in found.workloads if found.egress[n] is State.OPEN]
    entered = [n for n in found.workloads if found.units[n].ways]
    if total and found.is_whole:
        yield f"<b>{len(opened):,}</b> of {total:,} may be called by everything in the cluster"
        yield f"<b>{len(free):,}</b> may call everything, the internet too"
        yield f"<b>{len(entered):,}</b> have a way in from outside"


def _notices(notes: tuple[str, ...]) -> Iterator[str]:
    if notes:
        yield f'<div class="notice">{"".join(f"<p>{shown(note)}</p>" for note in notes[:_NOTICES])}'
        more = notes[_NOTICES:]
        if more:
            rest = "".join(f"<p>{shown(note)}</p>" for note in more[:_STILL])
            yield f"<details><summary>and {len(more):,} more</summary>{rest}</details>"
        yield "</div>"


def still(found: NetworkMap) -> Iterator[str]:
    """What a reader without a script sees, and what is printed: a line for each workload."""
    if not found.workloads:
        yield '<div class="praise none"><p>No workload was read, or none is asked for.</p></div>'
        return
    heads = ("Workload", "Who may call it", "Way in from outside", "What it may call")
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield "</tr></thead><tbody>\n"
    calls = calls_of(found)
    for number in list(found.workloads)[:_STILL]:
        unit = found.units[number]
        ways = ", ".join(dict.fromkeys(f"{entity_text(way.entity)} to {way.port}" for way in unit.ways))
        called = "everything" if found.egress[number] is State.OPEN else counted(calls[number], "workload")
        if number not in found.calling:
            called = "not asked"
        cells = (unit.name, callers_text(found, number), ways or "none known", called)
        yield f"<tr>{''.join(f'<td>{shown(cell)}</td>' for cell in cells)}</tr>\n"
    yield "</tbody></table></div>"
    if len(found.workloads) > _STILL:
        yield f"<p>and {counted(len(found.workloads) - _STILL, 'further workload')}.</p>"


def calls_of(found: NetworkMap) -> list[int]:
    """How many workloads each unit may call."""
    calls = [0] * len(found.units)
    for number in found.workloads:
        sure, maybe = found.callers(number)
        for source in sure | maybe:
            calls[source] += 1
    return calls
