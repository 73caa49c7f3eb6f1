"""`casemate can --write`: whether somebody may write roles and bindings without gaining rights by it."""

from typing import Any

from casemate.analysis.rbac.authorizer import Grant
from casemate.analysis.rbac.compact import gathered
from casemate.analysis.rbac.escalation import CREATE, UPDATE, Escalation, may_write
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import is_master
from casemate.cli.asking import Known
from casemate.cli.output import as_text, save
from casemate.model.errors import UsageError
from casemate.model.rbac import RBAC, Binding, Role
from casemate.model.settings import Settings
from casemate.readers.estate import read_estate
from casemate.writers.access_ids import object_id
from casemate.writers.access_json import rule_row
from casemate.writers.access_words import rule_words
from casemate.writers.as_json import as_json
from casemate.writers.paint import plain

_NO = 1
Row = tuple[Role | Binding, str, Grant | None, Escalation]
"""An object, the verb that writes it, what allows the request (None: nothing), and the escalation check."""


def answer(known: Known, who: Identity, file: str, formats: list[tuple[str, str | None]]) -> int:
    """Answer for each role and binding of a file; 0 where all may be written.

    What is there already would be updated. Raises `UsageError` where the file holds none.
    """
    rows = [_row(known, who, entity) for entity in _objects(file)]
    allowed = all(_passes(who, row) for row in rows)
    for name, path in formats:
        with save(path) as out:
            if name == "json":
                tree = {
                    "schema": "casemate.can-write/1",
                    "user": who.user,
                    "allowed": allowed,
                    "objects": [_json(who, row) for row in rows],
                }
                out.write(as_json(tree) + b"\n")
            else:
                with as_text(out) as text:
                    text.writelines(f"{plain(line)}\n" for row in rows for line in _lines(who, row))
    return 0 if allowed else _NO


def _objects(file: str) -> list[Role | Binding]:
    estate = read_estate((file,), Settings())
    if estate.unreadable:
        first = estate.unreadable[0]
        raise UsageError(f"{first.file}:{first.line}: {first.error}")
    found = [entity for entity in estate.entities if isinstance(entity, (Role, Binding))]
    if not found:
        raise UsageError(f"{file}: --write needs a file with roles or bindings, and there is none in it")
    return found


def _row(known: Known, who: Identity, entity: Role | Binding) -> Row:
    there = known.authorizer.find(entity)
    verb = CREATE if there is None else UPDATE
    namespace = "" if entity.is_cluster else known.authorizer.namespace_of(entity)
    name = "" if there is None else entity.name  # a request to create carries no name
    request = Request(verb, RBAC, f"{entity.ref.kind.lower()}s", name=name, namespace=namespace)
    old = there if isinstance(there, Role) else None
    return (
        entity,
        verb,
        known.authorizer.decide(who, request),
        may_write(known.authorizer, who, entity, verb, old),
    )


def _passes(who: Identity, row: Row) -> bool:
    _, _, grant, check = row
    return check.allowed and (grant is not None or is_master(who))


def _lines(who: Identity, row: Row) -> list[str]:
    entity, verb, grant, check = row
    lines = [f"{'yes' if _passes(who, row) else 'no'}: {who.user} {verb}s {object_id(entity)}"]
    if grant is not None:
        lines.append(f"  {verb} is allowed by {object_id(grant.binding)} with {object_id(grant.role)}")
    elif not is_master(who):
        lines.append(f"  {verb} on {entity.ref.kind.lower()}s is not allowed")
    lines.append(f"  escalation check: {check.why}")
    lines += [f"    missing: {rule_words(rule)}" for rule in gathered(check.missing)]
    return lines


def _json(who: Identity, row: Row) -> dict[str, Any]:
    entity, verb, grant, check = row
    return {
        "object": object_id(entity),
        "verb": verb,
        "allowed": _passes(who, row),
        "request_allowed": grant is not None or is_master(who),
        "escalation": {
            "allowed": check.allowed,
            "why": check.why,
            "missing": [rule_row(rule) for rule in gathered(check.missing)],
        },
    }
