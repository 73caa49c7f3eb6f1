"""`casemate can` for many questions: JSON Lines in, JSON Lines out, one answer per line in the same order."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from casemate.analysis.rbac.authorizer import Authorizer, Grant
from casemate.analysis.rbac.covers import uncovered
from casemate.analysis.rbac.identity import Identity
from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.subject_keys import is_master
from casemate.model.rbac import PolicyRule
from casemate.readers.json_lines import json_lines
from casemate.writers.access_ids import BY_MASTERS, object_id
from casemate.writers.as_json import as_json

_AT_ONCE = 2_000
_REMEMBERED = 100_000
"""Callers and reasons that are kept, since most of them recur."""
_DENIED = b'{"allowed":false,"because":[]}'
_MASTER = as_json({"allowed": True, "because": [BY_MASTERS]})


class Line(msgspec.Struct, rename={"group": "apiGroup"}):
    """A request as a line has it; what is not said is empty."""

    user: str
    verb: str
    groups: tuple[str, ...] | None = None
    group: str | None = None
    resource: str | None = None
    subresource: str | None = None
    name: str | None = None
    namespace: str | None = None
    path: str | None = None

    def request(self) -> Request:
        """The request that it is."""
        return Request(
            self.verb,
            self.group or "",
            self.resource or "",
            self.subresource or "",
            self.name or "",
            self.path or "",
            self.namespace or "",
        )


class Pair(msgspec.Struct):
    """A question about two lists of rules."""

    owner: tuple[PolicyRule, ...] | None
    servant: tuple[PolicyRule, ...] | None


def write(answers: Iterable[bytes], out: BinaryIO) -> None:
    """Write answers, a few thousand at once."""
    it = iter(answers)
    while chunk := list(islice(it, _AT_ONCE)):
        out.write(b"\n".join(chunk) + b"\n")


def decided(known: Authorizer, path: str) -> Iterator[bytes]:
    """The authorizer's answer to each request."""
    callers: dict[tuple[str, tuple[str, ...] | None], tuple[Identity, tuple[str, ...]]] = {}
    reasons: dict[tuple[int, int], bytes] = {}
    for line in json_lines(path, Line):
        if isinstance(line, str):
            yield _error(line)
            continue
        caller = (line.user, line.groups)
        found = callers.get(caller)
        if found is None:
            if len(callers) > _REMEMBERED:
                callers.clear()
            who = Identity.of(line.user, line.groups or ())
            found = callers[caller] = (who, known.keys(who))
        who, keys = found
        if is_master(who):
            yield _MASTER
            continue
        grant = known.decide_for(keys, line.request())
        if grant is None:
            yield _denied(known, who, line) if known.unresolved else _DENIED
            continue
        key = (id(grant.binding), grant.index)
        answer = reasons.get(key)
        if answer is None:
            if len(reasons) > _REMEMBERED:
                reasons.clear()
            answer = reasons[key] = _allowed(grant)
        yield answer


def covered(path: str) -> Iterator[bytes]:
    """Whether the owner's rules cover the servant's, and what is left uncovered in the smallest pieces."""
    for line in json_lines(path, Pair):
        if isinstance(line, str):
            yield _error(line)
            continue
        left = dict.fromkeys(uncovered(line.owner or (), line.servant or ()))
        yield as_json({"covers": not left, "uncovered": [_rule(rule) for rule in left]})


def allowed_by_abac(policy_file: str, path: str) -> Iterator[bytes]:
    """An ABAC policy file's answer to each request."""
    from casemate.analysis.rbac.abac import AbacAuthorizer  # noqa: PLC0415 # start-up: few clusters have ABAC
    from casemate.readers.abac_policy import read_policies  # noqa: PLC0415

    known = AbacAuthorizer(read_policies(policy_file))
    for line in json_lines(path, Line):
        if isinstance(line, str):
            yield _error(line)
            continue
        who = Identity.of(line.user, line.groups or ())
        found = known.decide(who.user, who.groups, line.request())
        answer: dict[str, Any] = {"allowed": found is not None}
        yield as_json(answer if found is None else {**answer, "because": [{"line": found.line}]})


def _denied(known: Authorizer, who: Identity, line: Line) -> bytes:
    namespace = (line.namespace or "") if (line.resource or line.namespace) else ""
    missing = {f"{b.role_kind or 'role'}/{b.role_name}": None for b in known.missing_roles(who, namespace)}
    return as_json({"allowed": False, "because": [], "missing": list(missing)}) if missing else _DENIED


def _allowed(grant: Grant) -> bytes:
    reason = {"binding": object_id(grant.binding), "role": object_id(grant.role), "rule": grant.index}
    return as_json({"allowed": True, "because": [reason]})


def _rule(rule: PolicyRule) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(rule).items() if value}


def _error(text: str) -> bytes:
    return as_json({"error": text})
