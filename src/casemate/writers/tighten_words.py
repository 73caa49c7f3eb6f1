"""Sentences that the forms of `casemate rbac tighten` share."""

from collections.abc import Iterator

from casemate.analysis.rbac.tighten import Proposal
from casemate.analysis.rbac.usage import Usage, Way
from casemate.engine.tightening import Subject, Tightening
from casemate.writers.access_ids import object_id, request_words
from casemate.writers.access_words import rule_words
from casemate.writers.scan_text import counted

_SHOWN = 3


def window_words(answer: Tightening) -> str:
    """What was read of the logs: events, requests, callers, and when."""
    log = answer.log
    activity = log.activity
    words = f"{counted(log.events, 'event')} in {counted(len(log.files), 'log')}"
    words += f", {counted(activity.requests, 'request')} of {counted(len(activity.users()), 'caller')}"
    return f"{words}, {between(activity.first, activity.last)}"


def between(first: str, last: str) -> str:
    """`2026-11-02 06:00 to 2026-11-16 05:59 UTC`."""
    if not first:
        return "at no time that the log tells"
    return f"{_minute(first)} to {_minute(last)} UTC"


def seen_words(usage: Usage) -> str:
    """When and how much was seen of a subject."""
    window = usage.window
    if not window.count:
        return "seen, and nothing of it needed these bindings" if usage.callers else "not seen in the log"
    distinct = len({use.request for use in usage.uses})
    return (
        f"seen {between(window.first, window.last)}: {counted(window.count, 'request')}, "
        f"{counted(distinct, 'distinct one')} allowed, {len(usage.denied):,} denied"
    )


def proofs(proposal: Proposal) -> Iterator[str]:
    """What is proven about the new roles, and what is not."""
    unproven = len(proposal.unproven)
    if proposal.roles:
        yield f"new ⊆ old: {counted(proposal.covered, 'atom')} covered by what is held now" + (
            f", {unproven:,} not proven" if unproven else ""
        )
    for namespace, atom in proposal.unproven[:_SHOWN]:
        where = f" in {namespace}" if namespace else ""
        yield f"  not proven: {rule_words(atom)}{where}, since the role that gave it was not read"
    if unproven > _SHOWN:
        yield f"  and {unproven - _SHOWN:,} more"
    if proposal.refused:
        yield f"replayed: {counted(len(proposal.refused), 'distinct request')} NOT allowed any more"
        yield from (f"  {request_words(use.request)}" for use in proposal.refused[:_SHOWN])
    elif proposal.replayed:
        count = counted(proposal.replayed, "distinct request")
        yield f"replayed {count} with all proposals in force: all allowed"
    if proposal.opened:
        yield f"{counted(len(proposal.opened), 'request')} that was denied once would be allowed:"
        yield from (f"  {request_words(request)}" for request in proposal.opened[:_SHOWN])


def other_ways(usage: Usage) -> Iterator[str]:
    """The requests that need no role of the subject, by the way in which they were allowed."""
    for way in (Way.DEFAULT, Way.OTHER, Way.OTHER_UNREAD, Way.MASTERS, Way.OUTSIDE):
        uses = usage.by(way)
        if uses:
            through = list(dict.fromkeys(use.through for use in uses if use.through))
            more = f" and {len(through) - _SHOWN:,} more" if len(through) > _SHOWN else ""
            words = f": {'; '.join(through[:_SHOWN])}{more}" if through else ""
            yield f"{counted(len(uses), 'distinct request')} {way.value}{words}"


def replacements(proposal: Proposal) -> Iterator[str]:
    """What becomes of the bindings that are there now."""
    for one in proposal.replaced:
        role = f"{one.binding.role_kind}/{one.binding.role_name}"
        if one.rest is None:
            yield f"delete {object_id(one.binding)}, which gives {role}"
        else:
            kept = counted(len(one.rest.subjects), "other subject")
            yield f"remove it from {object_id(one.binding)}, which gives {role} to {kept}"


def doubts(subject: Subject) -> tuple[str, ...]:
    """What cannot be proven."""
    wider = tuple(
        f"{', '.join(one.verbs)} on all {one.resource}{f' in {one.namespace}' if one.namespace else ''}: "
        f"{counted(one.names, 'name')} seen, too many or made up by a controller"
        for one in subject.proposal.narrow.wider
    )
    return (*wider, *subject.trust.doubts)


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")
