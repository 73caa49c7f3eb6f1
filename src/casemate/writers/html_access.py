"""The access page of the HTML report: who holds what power, and through what."""

from collections.abc import Iterator, Sequence

from casemate.analysis.rbac.authorizer import Authorizer
from casemate.engine.access import Path
from casemate.engine.powers import CHAINS, Holder, Power, Powers, access_of_estate
from casemate.engine.report import Report
from casemate.model.rbac import Binding, Subject
from casemate.writers.access_graph import visible
from casemate.writers.access_words import entity_name, rule_words
from casemate.writers.html_parts import badge, shown
from casemate.writers.places import Places
from casemate.writers.scan_text import counted

_TAGS, _SPACES, _NOTES, _ALIKE = 4, 4, 20, 60


def powers(report: Report) -> Powers | None:
    """Who holds what power in the estate; None where it holds no binding."""
    if next(report.estate.of(Binding), None) is None:
        return None
    kubernetes = report.settings.kubernetes
    return access_of_estate(Authorizer.of(report.estate, kubernetes), kubernetes, report.estate.coverage)


def access(found: Powers, places: Places) -> Iterator[str]:
    """The page: each powerful subject, to open for its powers with binding, role and rule."""
    yield f'<p class="lead">{counted(found.powerful + found.without, "subject")} of bindings: '
    yield f"<strong>{found.powerful:,} with power over others</strong>, {found.without:,} without.</p>"
    for holder in found.holders:
        yield from _holder(holder, places)
    if found.more:
        yield f"<p>and {counted(found.more, 'subject')} with less power.</p>"
    yield from _notes(found)


def _holder(holder: Holder, places: Places) -> Iterator[str]:
    worst = holder.powers[0]
    spaces = [
        *(name for power in holder.powers if power.severity == worst.severity for name in power.namespaces),
        *(name for _, name, _ in holder.alike),
    ]
    others = f'<span class="tag">and {counted(len(holder.alike), "other")}</span> ' if holder.alike else ""
    yield f'<details class="control holder"><summary>{badge(worst.severity)}'
    yield f'<h3>{_name(holder.subject)}</h3><span class="can">{others}{"".join(_tags(holder.powers))}</span>'
    yield f'<span class="count">{_where(spaces)}</span></summary><div class="body"><ol class="powers">'
    for powers in _by_chain(holder.powers):
        yield "<li>"
        for power in powers:
            yield f"<p>{badge(power.severity)} <b>{_title(power)}</b>: {shown(power.gives)}.</p>"
        yield f'<p class="fine">{_where(powers[0].namespaces)}</p><ul>'
        yield "".join(f"<li>{_line(path, places)}</li>" for path in powers[0].chain)
        more = len(powers[0].namespaces) - CHAINS
        yield f"{f'<li>and likewise in {more:,} more namespaces</li>' if more > 0 else ''}</ul></li>"
    yield "</ol>"
    if holder.alike:
        yield from _alike(holder, places)
    yield "</div></details>\n"


def _by_chain(powers: Sequence[Power]) -> list[list[Power]]:
    """Powers that come by the same lines of access together."""
    found: dict[object, list[Power]] = {}
    for power in powers:
        lines = tuple((id(path.binding), id(path.source_role), path.source_index) for path in power.chain)
        found.setdefault((lines, power.namespaces), []).append(power)
    return list(found.values())


def _alike(holder: Holder, places: Places) -> Iterator[str]:
    """Who else has the same powers by the same roles."""
    yield '<h4>The same by the same roles</h4><ul class="columns">'
    for subject, _, binding in holder.alike[:_ALIKE]:
        name = _text(entity_name(binding))
        yield f"<li>{_name(subject)} by {name} {_place(places.place(binding, ('roleRef',)))}</li>"
    more = len(holder.alike) - _ALIKE
    yield f"{f'<li>and {more:,} more</li>' if more > 0 else ''}</ul>"


def _name(subject: Subject) -> str:
    space = f'<span class="space">{_text(subject.namespace)}/</span>' if subject.namespace else ""
    return f'{space}{_text(subject.name)} <span class="kind">{_text(subject.kind)}</span>'


def _tags(found: Sequence[Power]) -> Iterator[str]:
    """What it can do in short: the worst powers."""
    for power in found[:_TAGS]:
        yield f'<span class="tag">{_title(power)}</span> '
    if len(found) > _TAGS:
        yield f'<span class="fine">and {len(found) - _TAGS} more</span>'


def _title(power: Power) -> str:
    words = power.id.replace("-", " ")
    return f"{words}, of single names" if power.named else words


def _line(path: Path, places: Places) -> str:
    """From the binding to the rule, with the places where both are written."""
    binding, role, source = path.binding, path.role, path.source_role
    bound = _place(places.place(binding, ("roleRef",)))
    given = f"{binding.ref.kind} <b>{_text(entity_name(binding))}</b> {bound}"
    taken = f" which takes in <b>{_text(entity_name(source))}</b>" if source is not role else ""
    rule = f"{_text(rule_words(path.rule))} {_place(places.place(source, ('rules', path.source_index)))}"
    return f"{given} gives {role.ref.kind} <b>{_text(entity_name(role))}</b>{taken}: {rule}"


def _place(text: str) -> str:
    return f'<code class="place">{shown(text)}</code>'


def _where(namespaces: Sequence[str]) -> str:
    if "" in namespaces:
        return "everywhere"
    names = list(dict.fromkeys(namespaces))
    more = len(names) - _SPACES
    return f"in {', '.join(map(_text, names[:_SPACES]))}{f' and {more:,} more' if more > 0 else ''}"


def _notes(found: Powers) -> Iterator[str]:
    """What the page does not say."""
    notes = [*found.unknown[:_NOTES]]
    if len(found.unknown) > _NOTES:
        notes.append(f"and {len(found.unknown) - _NOTES:,} more such sentences")
    if found.left_out:
        notes.append(f"{counted(found.left_out, 'binding')} of Kubernetes itself left out.")
    notes.append("Members of system:masters may do everything, whatever the roles say.")
    lines = "".join(f"<li>{shown(note)}</li>" for note in notes)
    yield f"<section><h3>What this does not say</h3><ul>{lines}</ul></section>"


def _text(value: str | None) -> str:
    return shown(visible(value or "(no name)"))
