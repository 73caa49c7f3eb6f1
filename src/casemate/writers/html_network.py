"""The network page of the HTML report: who may call whom, by namespace and workload by workload."""

from collections.abc import Iterator

from pyroaring import BitMap

from casemate.analysis.network.cluster import network_of
from casemate.analysis.network.plugins import enforcement as plugins
from casemate.analysis.network.plugins import signs as plugin_signs
from casemate.engine.network_map import NetworkMap, map_of
from casemate.engine.network_units import Kind, State, Unit
from casemate.engine.report import Report
from casemate.model.estate import KUBERNETES, Workload
from casemate.writers.access_graph import visible
from casemate.writers.html_parts import shown
from casemate.writers.network_html import calls_of, verdict
from casemate.writers.network_words import callers_text, entity_text
from casemate.writers.scan_text import counted

MOST = 2_000
"""Of more workloads than this the report only says how to ask."""
_SPACES, _ROWS, _NAMES = 24, 300, 8
_LOOKS = dict.fromkeys(State, "open") | {State.LIMITED: "limited", State.CLOSED: "closed"}


def page(report: Report) -> Iterator[str]:
    """The page; nothing where there are no two workloads that could call each other."""
    workloads = sum(
        any(template.engine == KUBERNETES for template in workload.templates)
        for workload in report.estate.of(Workload)
    )
    if workloads > MOST:
        yield f'<p class="lead">{counted(workloads, "workload")} are too many for this page: '
        yield "<code>casemate reach</code> answers of them who may call whom.</p>"
        return
    if workloads < 2:
        return
    name = report.settings.cni or plugin_signs.recognised(report.estate)
    plugin = plugins.profile(name) if name else None
    found = map_of(network_of(report.estate, plugin), report.estate)
    if len(found.workloads) < 2:
        return
    yield f'<ul class="lead">{"".join(f"<li>{sentence}</li>" for sentence in verdict(found))}</ul>'
    yield from _matrix(found)
    yield from _spaces(found)
    yield from _unsaid(plugin.title if plugin else "", found)


def _matrix(found: NetworkMap) -> Iterator[str]:
    """How many pairs of workloads of two namespaces may have a connection, and whether policies say so."""
    names = list(found.namespaces)
    if not 1 < len(names) <= _SPACES:
        return
    yield '<div class="wide"><table class="calls"><thead><tr><th scope="col">may call</th>'
    yield "".join(f'<th scope="col">{shown(visible(name))}</th>' for name in names)
    yield "</tr></thead><tbody>\n"
    pairs = _pairs(found)
    for here in names:
        yield f'<tr><th scope="row">{shown(visible(here))}</th>'
        for there in names:
            number, open_ones = pairs.get((here, there), (0, 0))
            total = len(found.namespaces[here]) * (len(found.namespaces[there]) - (here == there))
            look = "open" if open_ones else "limited" if number else "closed"
            words = f"{number:,} of {total:,}" if number else "no"
            yield f'<td class="{look}">{words}</td>'
        yield "</tr>\n"
    yield "</tbody></table></div>"
    yield '<p class="fine">Pairs of workloads, at the ports that the called one is known to listen at; '
    yield "<b>orange</b> where no policy limits either of some pair.</p>"


def _pairs(found: NetworkMap) -> dict[tuple[str, str], tuple[int, int]]:
    """The pairs of two namespaces that may have a connection, and of how many no policy limits either."""
    spaces = found.namespaces
    free = BitMap(number for number in found.workloads if found.egress[number] >= State.INSIDE)
    pairs: dict[tuple[str, str], tuple[int, int]] = {}
    for number in found.workloads:
        calling = BitMap.union(*found.callers(number))
        plain = found.ingress[number] >= State.INSIDE
        for name, members in spaces.items():
            inside = calling & members
            if inside:
                key = (name, found.units[number].namespace)
                count, open_ones = pairs.get(key, (0, 0))
                pairs[key] = count + len(inside), open_ones + (len(inside & free) if plain else 0)
    return pairs


def _spaces(found: NetworkMap) -> Iterator[str]:
    """Each namespace, to open for its workloads; those with the most that is open first."""
    calls = calls_of(found)
    opened = {
        name: sum(found.ingress[number] >= State.INSIDE for number in members)
        for name, members in found.namespaces.items()
    }
    left = _ROWS
    for name in sorted(found.namespaces, key=lambda name: (-opened[name], name)):
        members = list(found.namespaces[name])
        kept = members[: max(left, 0)]
        left -= len(kept)
        words = f"{opened[name]:,} open to every caller"
        tag = f'<span class="tag open">{words}</span>' if opened[name] else ""
        yield f'<details class="control"{" open" if len(found.workloads) <= _ROWS // 10 else ""}><summary>'
        yield f"<h3>{shown(visible(name))}</h3> {tag}"
        yield f'<span class="count">{counted(len(members), "workload")}</span>'
        yield '</summary><div class="body"><table><thead><tr>'
        heads = ("Workload", "Who may call it", "Way in from outside", "It may call")
        yield "".join(f'<th scope="col">{head}</th>' for head in heads)
        yield "</tr></thead><tbody>\n"
        for number in kept:
            yield from _row(found, number, calls[number])
        yield "</tbody></table>"
        if len(kept) < len(members):
            yield f"<p>and {counted(len(members) - len(kept), 'more workload')}.</p>"
        yield "</div></details>\n"


def _row(found: NetworkMap, number: int, calls: int) -> Iterator[str]:
    unit = found.units[number]
    called = "everything" if found.egress[number] is State.OPEN else counted(calls, "workload")
    ways = "<br>".join(
        dict.fromkeys(f"{shown(visible(entity_text(way.entity)))} to {way.port}" for way in unit.ways)
    )
    host = '<br><span class="fine">on the host\'s network</span>' if unit.pod and unit.pod.on_host else ""
    name = f'<b>{shown(visible(unit.short))}</b> <span class="kind">{shown(visible(unit.sort))}</span>{host}'
    who = f"{shown(callers_text(found, number))}{_names(found, number)}"
    yield f'<tr><td>{name}</td><td class="{_LOOKS[found.ingress[number]]}">{who}</td>'
    yield f"<td>{ways}</td><td>{called}</td></tr>\n"


def _names(found: NetworkMap, number: int) -> str:
    """Who the callers are, where policies say it and they are few."""
    if found.ingress[number] >= State.INSIDE:
        return ""
    calling = [found.units[source] for source in BitMap.union(*found.callers(number))]
    names = [_name(unit, found.units[number].namespace) for unit in calling if unit.kind is not Kind.OUTSIDE]
    if not names:
        return ""
    more = len(names) - _NAMES
    text = ", ".join(names[:_NAMES]) + (f" and {more:,} more" if more > 0 else "")
    return f'<br><span class="fine">{shown(text)}</span>'


def _name(unit: Unit, namespace: str) -> str:
    inside = unit.pod is None or unit.namespace == namespace
    return visible(unit.short if inside else f"{unit.namespace}/{unit.short}")


def _unsaid(plugin: str, found: NetworkMap) -> Iterator[str]:
    """What the page rests on."""
    yield "<section><h3>What this rests on</h3><ul>"
    if plugin:
        yield f"<li>Policies are followed as {shown(plugin)} enforces them.</li>"
    else:
        yield "<li>Policies are followed as written; <code>--cni</code> says what enforces them.</li>"
    yield "<li>Known ports are those that containers declare and that Services lead to.</li>"
    if any(unit.kind is Kind.CONTROLLER for unit in found.units):
        yield "<li>The ingress controller was not read: it is taken for a pod without labels.</li>"
    yield "<li>The map, with the rules that decide: <code>casemate reach --format html</code>.</li>"
    yield "</ul></section>"
