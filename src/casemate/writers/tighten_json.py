"""The answer of `casemate rbac tighten` as JSON, schema `casemate.tighten/1`."""

from typing import Any, BinaryIO

import msgspec

from casemate.analysis.rbac.rules import Request
from casemate.analysis.rbac.tighten import Proposal
from casemate.analysis.rbac.usage import Usage, Way
from casemate.engine.tightening import Subject, Tightening
from casemate.model.audit import Seen
from casemate.model.rbac import PolicyRule
from casemate.writers.access_ids import object_id, subject_id
from casemate.writers.as_json import as_json
from casemate.writers.decision import request_row
from casemate.writers.rbac_objects import to_plain
from casemate.writers.tighten_words import doubts

_WAYS = {
    Way.OWN: "own",
    Way.UNREAD: "unread",
    Way.DEFAULT: "default",
    Way.OTHER: "other",
    Way.OTHER_UNREAD: "other-unread",
    Way.MASTERS: "masters",
    Way.OUTSIDE: "outside-rbac",
}


def write(answer: Tightening, out: BinaryIO) -> None:
    """Write the answer; see docs/schemas/tighten.json."""
    log = answer.log
    tree = {
        "schema": "casemate.tighten/1",
        "kubernetes": str(answer.kubernetes),
        "log": {
            "files": log.files,
            "events": log.events,
            "requests": log.activity.requests,
            "from": log.activity.first or None,
            "to": log.activity.last or None,
            "passed_over": log.passed_over,
            "broken_lines": log.broken_lines,
            "broken": log.broken,
        },
        "subjects": [_subject(subject) for subject in answer.subjects],
        "others": [
            {
                "subject": subject_id(usage.holder.subject),
                "used": _used(usage),
                "denied": [_row(request, seen) for request, seen in usage.denied],
            }
            for usage in answer.others
        ],
        "unreadable": answer.unreadable,
    }
    out.write(as_json(tree) + b"\n")


def _subject(subject: Subject) -> dict[str, Any]:
    proposal = subject.proposal
    usage = proposal.usage
    window = usage.window
    return {
        "subject": subject_id(usage.holder.subject),
        "members": usage.members if usage.holder.kind == "Group" else [],
        "window": {"from": window.first or None, "to": window.last or None, "requests": window.count},
        "used": _used(usage),
        "denied": [_row(request, seen) for request, seen in usage.denied],
        "undecided": [_row(request, seen) for request, seen in usage.undecided],
        "unused": _unused(usage),
        "nothing_proposed": proposal.state or None,
        "roles": [to_plain(role) for role in proposal.roles],
        "bindings": [to_plain(binding) for binding in proposal.bindings],
        "replaces": [
            {
                "binding": object_id(one.binding),
                "role": f"{one.binding.role_kind}/{one.binding.role_name}",
                "rest": None if one.rest is None else to_plain(one.rest),
            }
            for one in proposal.replaced
        ],
        "added": [
            {"namespace": namespace or None, "rule": _rule(rule)}
            for namespace, rules in proposal.narrow.added.items()
            for rule in rules
        ],
        "proof": _proof(proposal),
        "confidence": subject.trust.confidence,
        "not_proven": doubts(subject),
    }


def _used(usage: Usage) -> list[dict[str, Any]]:
    return [
        {**_row(use.request, use.seen), "way": _WAYS[use.way], "through": use.through or None}
        for use in usage.uses
    ]


def _proof(proposal: Proposal) -> dict[str, Any]:
    return {
        "covered": proposal.covered,
        "uncovered": [
            {"namespace": namespace or None, "rule": _rule(atom)} for namespace, atom in proposal.unproven
        ],
        "replayed": proposal.replayed,
        "refused": [request_row(use.request) for use in proposal.refused],
        "opened": [request_row(request) for request in proposal.opened],
    }


def _unused(usage: Usage) -> list[dict[str, Any]]:
    return [
        {
            "binding": object_id(one.held.binding),
            "role": object_id(one.held.role),
            "rule": one.held.index,
            "whole": one.whole,
            "rules": [_rule(rule) for rule in one.rules],
            "wild": [_rule(rule) for rule in one.wild],
            "requests": one.requests,
        }
        for one in usage.unused
    ]


def _row(request: Request, seen: Seen) -> dict[str, Any]:
    times = {"count": seen.count, "first": seen.first or None, "last": seen.last or None}
    return {"request": request_row(request), **times}


def _rule(rule: PolicyRule) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(rule)
    return {key: value for key, value in plain.items() if value or key == "verbs"}
