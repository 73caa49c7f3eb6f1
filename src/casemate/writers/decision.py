"""The answer of `casemate can` to one question: for people, and as JSON, schema `casemate.can/1`."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol, TextIO

import msgspec

from casemate.analysis.rbac.identity import MASTERS
from casemate.analysis.rbac.rules import Request
from casemate.engine.decision import Answer
from casemate.model.estate import Entity
from casemate.model.place import Path
from casemate.model.rbac import Role
from casemate.writers.access_ids import BY_MASTERS, object_id, request_words
from casemate.writers.access_words import rule_words
from casemate.writers.as_json import as_json
from casemate.writers.paint import plain

_SHOWN = 20


class Lines(Protocol):
    """Finds where a rule of a role is written, handed in by the command line."""

    def of_rule(self, role: Role, index: int) -> str:
        """`roles.yaml:12:5`."""

    def of(self, entity: Entity, path: Path) -> str:
        """The place of a path of an object."""


def write_json(answer: Answer, out: BinaryIO) -> None:
    """Write the answer for programs."""
    because: list[Any] = [
        {"binding": object_id(g.binding), "role": object_id(g.role), "rule": g.index} for g in answer.grants
    ]
    if answer.master:
        because.insert(0, BY_MASTERS)
    tree = {
        "schema": "casemate.can/1",
        "user": answer.who.user,
        "groups": answer.who.groups,
        "request": request_row(answer.request),
        "allowed": answer.allowed,
        "because": because,
        "missing": [_missing(binding.role_kind, binding.role_name) for binding in answer.missing],
    }
    out.write(as_json(tree) + b"\n")


def write_text(answer: Answer, lines: Lines, out: TextIO) -> None:
    """Write the answer for people."""
    out.writelines(f"{plain(line)}\n" for line in _lines(answer, lines))


def request_row(request: Request) -> dict[str, str]:
    """A request under the names that requests have in JSON Lines."""
    row = msgspec.structs.asdict(request)
    row["apiGroup"] = row.pop("group")
    return row


def _lines(answer: Answer, lines: Lines) -> Iterator[str]:
    user = answer.who.user or "they"
    words = request_words(answer.request)
    everywhere = answer.request.is_resource and not answer.request.namespace
    yield f"{'yes' if answer.allowed else 'no'}: {user} {'may' if answer.allowed else 'may not'} {words}" + (
        " in the whole cluster" if everywhere else ""
    )
    if answer.master:
        yield f"  as a member of {MASTERS}, whom the API server does not check"
    for grant in answer.grants[:_SHOWN]:
        source = grant.source
        yield f"  {object_id(grant.binding)} gives {object_id(grant.role)}"
        if source.role is not grant.role:
            yield f"    which takes in {object_id(source.role)} by its labels"
        yield f"    {lines.of_rule(source.role, source.index)}  {rule_words(source.rule)}"
    if len(answer.grants) > _SHOWN:
        yield f"  and through {len(answer.grants) - _SHOWN:,} more"
    for binding in answer.missing:
        role = _missing(binding.role_kind, binding.role_name)
        yield f"  {object_id(binding)} gives {role}, which was not read: with it the answer may be yes"


def _missing(kind: str, name: str) -> str:
    return f"{kind or 'role'}/{name}"
