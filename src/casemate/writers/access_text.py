"""Answers about access for people: who holds what, where, through which binding and role."""

from collections.abc import Iterator
from typing import TextIO

from casemate.engine.access import Access, Path
from casemate.model.rbac import PolicyRule, Subject
from casemate.writers.access_ids import object_id, subject_id
from casemate.writers.access_words import rule_words
from casemate.writers.decision import Lines
from casemate.writers.paint import Paint, plain

EVERYWHERE = "everywhere"
_MANY = 200
"""Subjects or rules that are shown; more are counted."""


def write_who_can(access: Access, lines: Lines, out: TextIO, paint: Paint) -> None:
    """Write who may do what was asked: those who may everywhere, then by namespace."""
    out.writelines(f"{line}\n" for line in _head(access, paint))
    for where, paths in _by_namespace(access):
        out.write(f"\n{paint.bold(plain(_where(where)))}\n")
        rows: dict[Subject, list[Path]] = {}
        for path in paths:
            rows.setdefault(path.subject, []).append(path)
        for subject, reasons in list(rows.items())[:_MANY]:
            out.write(f"  {plain(subject_id(subject))}\n")
            out.writelines(f"    {line}\n" for path in reasons for line in _reason(path, lines, paint))
        if len(rows) > _MANY:
            out.write(f"  and {len(rows) - _MANY:,} more subjects: --format json has all\n")
    out.writelines(f"{line}\n" for line in _tail(access, paint))


def write_rights(access: Access, lines: Lines, out: TextIO, paint: Paint) -> None:
    """Write what somebody may do: by namespace, binding and role."""
    out.writelines(f"{line}\n" for line in _head(access, paint))
    for where, paths in _by_namespace(access):
        out.write(f"\n{paint.bold(plain(_where(where)))}\n")
        rows: dict[tuple[str, str, Subject], list[Path]] = {}
        for path in paths:
            rows.setdefault((object_id(path.binding), object_id(path.role), path.subject), []).append(path)
        for (binding, role, subject), held in rows.items():
            place = paint.place(plain(lines.of(held[0].binding, ("roleRef",))))
            out.write(f"  {plain(f'{role} by {binding}, as {subject_id(subject)}')}  {place}\n")
            rules: dict[PolicyRule, None] = dict.fromkeys(path.rule for path in held)
            out.writelines(f"    {plain(rule_words(rule))}\n" for rule in list(rules)[:_MANY])
            if len(rules) > _MANY:
                out.write(f"    and {len(rules) - _MANY:,} more rules: --format json has all\n")
    out.writelines(f"{line}\n" for line in _tail(access, paint))


def _head(access: Access, paint: Paint) -> Iterator[str]:
    yield paint.bold(plain(access.question))
    if not access.paths:
        yield (
            "nothing that was read allows it"
            if access.question.startswith("Who")
            else "nothing, by what was read"
        )


def _tail(access: Access, paint: Paint) -> Iterator[str]:
    if access.notes or access.unknown:
        yield ""
    for sentence in (*access.notes, *access.unknown):
        yield paint.dim(plain(sentence))


def _where(namespace: str) -> str:
    return f"in {namespace}" if namespace else EVERYWHERE


def _by_namespace(access: Access) -> list[tuple[str, list[Path]]]:
    found: dict[str, list[Path]] = {}
    for path in access.paths:
        found.setdefault(path.namespace, []).append(path)
    return sorted(found.items())


def _reason(path: Path, lines: Lines, paint: Paint) -> Iterator[str]:
    by_labels = "" if path.source_role is path.role else f", which takes in {object_id(path.source_role)}"
    yield plain(f"{object_id(path.binding)} gives {object_id(path.role)}{by_labels}")
    place = paint.place(plain(lines.of_rule(path.source_role, path.source_index)))
    yield f"  {place}  {plain(rule_words(path.rule))}"
