"""The answer of `casemate network tighten` for people: needs, what is closed, the proof, the policies."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from casemate.analysis.network.tighten.habits import DNS
from casemate.engine.network_tightening import NetworkTightening, concerned
from casemate.writers.network_tighten_words import (
    KINDS,
    counts_words,
    end_words,
    flows_words,
    need_words,
    proof_words,
    reason_words,
    replaced_words,
    short_place,
    slack_words,
)
from casemate.writers.network_tighten_yaml import objects_text
from casemate.writers.paint import Paint, plain
from casemate.writers.places import Places
from casemate.writers.scan_text import counted


def write(answer: NetworkTightening, places: Places, out: TextIO, paint: Paint) -> None:
    """Write the answer, the policies last."""
    out.writelines(f"{line}\n" for line in _lines(answer, places, paint))


def _lines(answer: NetworkTightening, places: Places, paint: Paint) -> Iterator[str]:
    plan = answer.plan
    yield paint.bold("casemate network tighten")
    spaces = ", ".join(plan.namespaces)
    yield plain(f"{counted(len(plan.covered), 'workload')} in {spaces}")
    yield from (plain(line) for line in flows_words(plan))
    yield from _part(paint, "What is needed, and why", _needed(answer, places))
    yield from _part(paint, "What it closes", counts_words(answer.proof.before, answer.proof.after))
    yield from _part(paint, "Proof", proof_words(answer))
    yield from _part(paint, "Allowed more widely than needed", slack_words(answer))
    yield from _part(paint, "Left to you", _open(answer, places))
    yield from _part(paint, "Refused, or would be, and not allowed for that", _demands(answer))
    yield from _part(paint, "Named in settings, and not seen in flows", _unseen(answer))
    yield from _part(paint, "The policies that are there", replaced_words(answer))
    yield ""
    yield paint.bold(
        f"{counted(len(plan.made), 'policy').replace('policys', 'policies')} ({KINDS[plan.wish.form]})"
    )
    yield "--format yaml writes them alone, each rule with what it is for."
    yield ""
    yield from objects_text(plan, None)


def _part(paint: Paint, title: str, lines: Iterable[str]) -> Iterator[str]:
    first = True
    for line in lines:
        if first:
            yield ""
            yield paint.bold(title)
            first = False
        yield plain(f"  {line}")


def _needed(answer: NetworkTightening, places: Places) -> Iterator[str]:
    """The needs by their source; what all need is said once."""
    plan = answer.plan
    reasons = dict(plan.needs.reasoned())
    asked = concerned(plan)
    looking = {need.source for need in asked if all(one.kind == DNS for one in reasons[need])}
    servers = sorted(
        {need_words(plan, need).partition(" -> ")[2] for need in asked if reasons[need][0].kind == DNS}
    )
    if looking:
        yield f"{counted(len(looking), 'workload')} -> {'; '.join(servers)}"
        yield "    names are looked up"
    source = ""
    for need in asked:
        found = [one for one in reasons[need] if one.kind != DNS]
        if not found:
            continue
        if end_words(plan, need.source) != source:
            source = end_words(plan, need.source)
            yield source
        yield f"  -> {end_words(plan, need.destination)}  {need.protocol} {need.port}"
        yield from (f"       {reason_words(one, places)}" for one in found)


def _open(answer: NetworkTightening, places: Places) -> Iterator[str]:
    for item in answer.plan.needs.open:
        where = f" ({short_place(places, item.entity, item.path)})" if item.entity is not None else ""
        yield f"{item.subject}: {item.words}{where}"
        if item.remedy:
            yield f"    {item.remedy}"


def _demands(answer: NetworkTightening) -> Iterator[str]:
    for one in answer.plan.seen.demands if answer.plan.seen is not None else ():
        counts = [
            f"{counted(number, 'time')} {word}"
            for number, word in (
                (one.refused, "refused"),
                (one.audited, "would be refused"),
                (one.let_through, "let in"),
            )
            if number
        ]
        needed = "; allowed by these policies, since something else shows it" if one.needed else ""
        yield f"{one.source} -> {one.destination}  {one.protocol} {one.port}: {', '.join(counts)}{needed}"


def _unseen(answer: NetworkTightening) -> Iterator[str]:
    plan = answer.plan
    if plan.seen is None:
        return
    for need in plan.seen.unseen:
        yield f"{need_words(plan, need)}: {'allowed' if need in plan.needs else 'not allowed'}"
