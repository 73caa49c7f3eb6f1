"""The answer of `casemate rbac tighten` for people."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from casemate.analysis.rbac.tighten import Proposal
from casemate.analysis.rbac.usage import Usage
from casemate.engine.tightening import Subject, Tightening
from casemate.writers.access_ids import object_id, request_words
from casemate.writers.access_words import rule_words
from casemate.writers.paint import Paint, plain
from casemate.writers.scan_text import counted
from casemate.writers.tighten_words import (
    doubts,
    other_ways,
    proofs,
    replacements,
    seen_words,
    window_words,
)

_SHOWN = 8
_MANY = 20


def write(answer: Tightening, out: TextIO, paint: Paint) -> None:
    """Write the answer, a part for each subject."""
    out.writelines(f"{line}\n" for line in _lines(answer, paint))


def _lines(answer: Tightening, paint: Paint) -> Iterator[str]:
    yield paint.bold("casemate rbac tighten")
    yield plain(window_words(answer))
    for text, count in answer.log.passed_over.items():
        yield plain(f"passed over: {count:,} {text}")
    if answer.log.broken_lines:
        yield plain(f"{counted(answer.log.broken_lines, 'line')} could not be read")
    unseen: list[Usage] = []
    for subject in answer.subjects:
        usage = subject.proposal.usage
        if not usage.callers and len(answer.subjects) > 1:
            unseen.append(usage)
            continue
        yield ""
        yield from _subject(subject, paint)
    yield from _unseen(unseen, paint)
    yield from _others(answer.others, paint)
    yield ""
    made = f"{counted(len(answer.roles), 'role')} and {counted(len(answer.bindings), 'binding')}"
    yield f"{made} proposed; --format yaml writes them for kubectl apply."


def _unseen(usages: list[Usage], paint: Paint) -> Iterator[str]:
    """Who holds something and was not seen at all; --subject tells more of one."""
    if usages:
        yield ""
        yield paint.bold("Not seen in the log, so nothing is proposed")
    for usage in usages[:_MANY]:
        held = (*usage.holding.bindings, *usage.holding.missing)
        roles = [f"{one.role_kind}/{one.role_name} through {object_id(one)}" for one in held[:_SHOWN]]
        more = f" and {len(held) - _SHOWN:,} more" if len(held) > _SHOWN else ""
        yield plain(f"  {usage.holder.title} holds {', '.join(roles)}{more}")
    if len(usages) > _MANY:
        yield f"  and {len(usages) - _MANY:,} more"


def _others(usages: tuple[Usage, ...], paint: Paint) -> Iterator[str]:
    """Who was seen and holds nothing by bindings of its own, those first who were refused something."""
    if usages:
        yield ""
        yield paint.bold("Also seen, with no binding of their own")
    for usage in sorted(usages, key=lambda usage: not usage.denied)[:_MANY]:
        yield plain(f"  {usage.holder.title}: {seen_words(usage)}")
        yield from (f"  {line}" for line in _part("denied, and not granted", _denied(usage)))
    if len(usages) > _MANY:
        yield f"  and {len(usages) - _MANY:,} more"


def _subject(subject: Subject, paint: Paint) -> Iterator[str]:
    proposal = subject.proposal
    usage = proposal.usage
    yield paint.bold(plain(usage.holder.title))
    yield plain(f"  {seen_words(usage)}")
    if proposal.state:
        yield plain(f"  nothing is proposed: {proposal.state}")
    else:
        yield from _part("needs", _needs(proposal))
        yield from _part("new", _new(proposal))
        yield from _part("old", replacements(proposal))
        yield from _part("proof", proofs(proposal))
    yield from _part("unused", _unused(usage))
    yield from _part("allowed otherwise", other_ways(usage))
    yield from _part("denied, and not granted", _denied(usage))
    if usage.callers:
        yield from _part(f"not proven (confidence {subject.trust.confidence})", doubts(subject))


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    first = True
    for line in lines:
        if first:
            yield plain(f"  {title}")
            first = False
        yield plain(f"    {line}")


def _needs(proposal: Proposal) -> Iterator[str]:
    for namespace, rules in proposal.narrow.rules.items():
        where = f"in {namespace}" if namespace else "in the whole cluster"
        yield from (f"{rule_words(rule, 12)} {where}" for rule in rules)
    for namespace, rules in proposal.narrow.added.items():
        where = f" in {namespace}" if namespace else ""
        yield from (f"added by --complete-reads: {rule_words(rule)}{where}" for rule in rules)
    if not proposal.narrow.rules:
        yield "nothing: none of its bindings was used"


def _new(proposal: Proposal) -> Iterator[str]:
    yield from (object_id(role) for role in proposal.roles)
    yield from (object_id(binding) for binding in proposal.bindings)


def _unused(usage: Usage) -> Iterator[str]:
    """What of each rule was not used."""
    for one in usage.unused[:_SHOWN]:
        held = one.held
        rule = f"{object_id(held.role)} rule {held.index} through {object_id(held.binding)}"
        if one.rules:
            words = "; ".join(rule_words(rule) for rule in one.rules[:_SHOWN])
            more = f" and {len(one.rules) - _SHOWN:,} more" if len(one.rules) > _SHOWN else ""
            yield f"{rule}, {'all of it' if one.whole else 'in part'}: {words}{more}"
        for wild in one.wild:
            yield f"{rule}: {rule_words(wild)}, for {counted(one.requests, 'sort')} of requests"
    if len(usage.unused) > _SHOWN:
        yield f"and {len(usage.unused) - _SHOWN:,} more rules"


def _denied(usage: Usage) -> Iterator[str]:
    for request, seen in usage.denied[:_SHOWN]:
        yield f"{request_words(request)}, {counted(seen.count, 'time')}"
    if len(usage.denied) > _SHOWN:
        yield f"and {len(usage.denied) - _SHOWN:,} more"
