"""The answer of `casemate diff`: as JSON, schema `casemate.diff/1`, and for people."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TextIO

import msgspec

from casemate.analysis.network.difference import Changed
from casemate.analysis.rbac.difference import Change
from casemate.model.control import Finding
from casemate.model.estate import Unreadable
from casemate.model.place import Position
from casemate.model.severity import Severity
from casemate.writers.access_ids import object_id, subject_id
from casemate.writers.access_json import rule_row, subject_row
from casemate.writers.access_words import rule_words
from casemate.writers.as_json import as_json
from casemate.writers.paint import Paint, plain
from casemate.writers.reach_words import grouped, ports_words, sources_words
from casemate.writers.scan_json import finding_row
from casemate.writers.scan_text import counted

_MANY = 20
"""Rights of one subject that are shown; more are counted."""


class Sided(msgspec.Struct, eq=False):
    """A finding of one side, with the name of its file there."""

    finding: Finding
    position: Position
    file: str


class Difference(msgspec.Struct, eq=False):
    """What two targets differ in; `failing` says why the exit status is what it is."""

    old: str
    new: str
    opened: list[Sided]
    closed: list[Sided]
    rights_opened: list[Change]
    rights_closed: list[Change]
    connections_opened: list[Changed]
    connections_closed: list[Changed]
    unchanged: int
    unreadable: list[tuple[str, Unreadable]]
    notes: tuple[str, ...]
    status: int
    bar: Severity | None


def write_json(difference: Difference, out: BinaryIO) -> None:
    """Write the answer for programs."""
    out.write(b'{"schema":"casemate.diff/1","findings":{"new":[')
    out.write(_rows(difference.opened) + b'],"gone":[' + _rows(difference.closed) + b"]}")
    rights = {
        "opened": [_right(change) for change in difference.rights_opened],
        "closed": [_right(change) for change in difference.rights_closed],
    }
    linked = {
        "opened": [_connection(changed) for changed in difference.connections_opened],
        "closed": [_connection(changed) for changed in difference.connections_closed],
    }
    rest: dict[str, Any] = {"rights": rights, "connections": linked}
    if difference.unreadable:
        rest["unreadable"] = [
            {"target": target, **msgspec.structs.asdict(item)} for target, item in difference.unreadable
        ]
    if difference.notes:
        rest["notes"] = difference.notes
    out.write(b"," + as_json(rest)[1:] + b"\n")


def write_text(difference: Difference, out: TextIO, paint: Paint) -> None:
    """Write the answer for people, the worst first."""
    out.writelines(f"{line}\n" for line in _lines(difference, paint))


def _connection(changed: Changed) -> dict[str, Any]:
    return {
        "src": changed.source,
        "dst": changed.destination,
        "protocol": changed.protocol,
        "from": changed.low,
        "to": changed.high,
        "cause": changed.cause,
    }


def _right(change: Change) -> dict[str, Any]:
    because = [{"binding": object_id(g.binding), "role": object_id(g.role)} for g in change.because]
    row = {"subject": subject_row(change.subject), "namespace": change.namespace or None}
    return {**row, **rule_row(change.rule), "because": because}


def _rows(items: Iterable[Sided]) -> bytes:
    rows = [as_json(finding_row(item.finding, item.position) | {"file": item.file}) for item in items]
    return (b"\n" if rows else b"") + b",\n".join(rows)


def _lines(difference: Difference, paint: Paint) -> Iterator[str]:
    yield paint.bold(plain(f"casemate diff: {difference.old} → {difference.new}"))
    opened, closed = difference.opened, difference.closed
    new = counted(len(opened), "new finding")
    yield f"{new}, {len(closed):,} gone, {difference.unchanged:,} unchanged"
    for note in difference.notes:
        yield plain(note)
    if difference.unreadable:
        yield ""
        yield paint.severity(Severity.HIGH, "Not read, so the answer is incomplete")
        for target, item in difference.unreadable:
            yield plain(f"  {target}: {item.file}:{item.line}:{item.column}  {item.error}")
    yield from _part("New", opened, paint)
    yield from _part("Gone", closed, paint)
    yield from _rights("Rights opened", difference.rights_opened, paint)
    yield from _rights("Rights closed", difference.rights_closed, paint)
    yield from _connections("Connections opened", difference.connections_opened, paint)
    yield from _connections("Connections closed", difference.connections_closed, paint)
    yield ""
    yield f"exit status {difference.status}: {_why(difference)}."


def _part(title: str, items: list[Sided], paint: Paint) -> Iterator[str]:
    if not items:
        return
    yield ""
    yield paint.bold(title)
    for item in sorted(items, key=lambda item: -item.finding.severity):
        finding, position = item.finding, item.position
        word = paint.severity(finding.severity, f"{finding.severity.word:<8}")
        yield f"  {word} {plain(f'{finding.entity.title}: {finding.fault.message}')}"
        place = paint.place(plain(f"{item.file}:{position.line}:{position.column}"))
        yield f"           {place}  {finding.control.id}"


def _rights(title: str, changes: list[Change], paint: Paint) -> Iterator[str]:
    """The rights that one side has and the other has not, by who holds them."""
    if not changes:
        return
    yield ""
    yield paint.bold(title)
    by_subject: dict[str, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(subject_id(change.subject), []).append(change)
    for name, held in by_subject.items():
        yield f"  {plain(name)}"
        for change in held[:_MANY]:
            where = f"in {change.namespace}" if change.namespace else "everywhere"
            through = ", ".join(dict.fromkeys(object_id(grant.binding) for grant in change.because))
            yield f"    {plain(f'{rule_words(change.rule)} {where}')}  {paint.dim(plain(f'by {through}'))}"
        if len(held) > _MANY:
            yield f"    and {len(held) - _MANY:,} more: --format json has all"


def _connections(title: str, changes: list[Changed], paint: Paint) -> Iterator[str]:
    """The connections that one side has and the other has not, by cause and destination."""
    if not changes:
        return
    yield ""
    yield paint.bold(title)
    names = tuple(dict.fromkeys(name for c in changes for name in (c.source, c.destination) if "[" in name))
    by_cause: dict[str, list[Changed]] = {}
    for changed in changes:
        by_cause.setdefault(changed.cause, []).append(changed)
    for cause, of_cause in by_cause.items():
        yield f"  by {cause}"
        rows: dict[str, list[str]] = {}
        for destination, by_ports in grouped(of_cause).items():
            for ports, sources in by_ports.items():
                row = f"{ports_words(ports)} from {sources_words(sources, destination, names)}"
                rows.setdefault(row, []).append(destination)
        for row, destinations in rows.items():
            to = sources_words(destinations, "", ())
            yield f"    {plain(f'{row} to {to}')}"


def _why(difference: Difference) -> str:
    if difference.status == 2:
        return "an own rule failed, so its questions are not answered"
    if difference.status == 3:
        return "some input was not read; --allow-unreadable to accept that"
    if difference.bar is None:
        return "nothing fails a run here"
    if difference.status == 1:
        return f"a new finding is {difference.bar.word} or worse; --fail-on changes the bar"
    return f"no new finding is {difference.bar.word} or worse"
