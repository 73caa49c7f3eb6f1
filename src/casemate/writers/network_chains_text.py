"""The answer of `casemate network chains` for people."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from casemate.analysis.network.chains import Line, State, chains
from casemate.engine.network_chains import NetworkChains, Outside, Radius
from casemate.writers.network_chains_words import (
    holds_words,
    line_words,
    ports_words,
    secrets_of,
    some,
    state_words,
    step_words,
)
from casemate.writers.paint import Paint, plain
from casemate.writers.scan_text import counted

_LINES, _ROWS = 60, 30
"""Lines of a tree and rows of a table that are shown unless all are asked for."""


def write(found: NetworkChains, target: str, out: TextIO, paint: Paint, *, whole: bool, of: str = "") -> None:
    """Write the answer; `of` names a workload whose radius is asked for, `whole` leaves nothing out."""
    made = _of(found, of, paint) if of else _all(found, target, paint, whole=whole)
    out.writelines(f"{line}\n" for line in made)


def _all(found: NetworkChains, target: str, paint: Paint, *, whole: bool) -> Iterator[str]:
    yield paint.bold(plain(f"casemate network chains: {target}"))
    stopped = sum(not call.allowed for call in found.calls)
    words = (
        f"{counted(len(found.members.of), 'workload')}, {counted(len(found.entries), 'way')} in from outside"
    )
    more = f", {stopped:,} of them stopped by policies" if stopped else ""
    yield f"{words}, {counted(len(found.calls), 'call')} between workloads that are meant{more}"
    for outside in dict.fromkeys(entry.outside for entry in found.entries):
        yield ""
        yield paint.bold(plain(f"Chains from: {outside}"))
        yield from _tree(found, list(chains(outside, found.entries, found.calls)), paint, whole=whole)
    yield from _ways(found, paint, whole=whole)
    yield from _radii(found, paint, whole=whole)
    yield from _steps(found, paint, whole=whole)
    yield ""
    yield "More about one: --of WORKLOAD. The policies: casemate network tighten"


def _tree(found: NetworkChains, lines: Sequence[Line], paint: Paint, *, whole: bool) -> Iterator[str]:
    last = _last_of_their_depth(lines)
    bars: list[str] = []
    shown = lines if whole else lines[:_LINES]
    for line, ends in zip(shown, last, strict=False):
        del bars[line.depth :]
        head = "".join(bars) + ("└─ " if ends else "├─ ")
        bars.append("   " if ends else "│  ")
        store = found.stores.get(line.workload)
        about = f"[{store}] " if store else ""
        name = paint.bold(plain(found.title(line.workload))) if store else plain(found.title(line.workload))
        state = f" {state_words(line)}" if state_words(line) else ""
        yield f"{head}{name} {ports_words(line.ports)}{state}  {paint.dim(plain(about + line_words(line)))}"
    if len(lines) > len(shown):
        yield f"and {len(lines) - len(shown):,} lines more: --verbose"
    if any(line.state == State.SHOWN for line in shown):
        yield paint.dim("... calls more: see where it is nearer to the outside")


def _last_of_their_depth(lines: Sequence[Line]) -> list[bool]:
    """Of each line whether no further one of its depth comes below the same line."""
    found, later = [False] * len(lines), set[int]()
    for index in range(len(lines) - 1, -1, -1):
        depth = lines[index].depth
        found[index] = depth not in later
        later = {one for one in later if one <= depth} | {depth}
    return found


def _ways(found: NetworkChains, paint: Paint, *, whole: bool) -> Iterator[str]:
    if found.ways:
        yield ""
        yield paint.bold(
            "The shortest ways from outside to stores of data (=> is allowed, and nothing needs it)"
        )
    shown = found.ways if whole else found.ways[:_ROWS]
    for way in shown:
        yield f"{plain(found.title(way.workload))}  {paint.dim(plain(found.stores[way.workload]))}"
        yield f"  today          {_way(found, way.today, way.unmeant)}"
        if way.meant != way.today:
            yield f"  meant          {_way(found, way.meant)}"
        if way.after != way.today:
            yield f"  with policies  {_way(found, way.after)}"
    if len(found.ways) > len(shown):
        yield f"and {len(found.ways) - len(shown):,} stores more: --verbose"


def _way(found: NetworkChains, names: Sequence[str], unmeant: frozenset[int] = frozenset()) -> str:
    if not names:
        return "none"
    steps = (f"{'=>' if i in unmeant else '->'} {plain(found.title(name))}" for i, name in enumerate(names))
    return f"outside {' '.join(steps)}"


def _radii(found: NetworkChains, paint: Paint, *, whole: bool) -> Iterator[str]:
    members = found.members
    rows = sorted(found.radii, key=lambda one: (-members.count(one.today & ~one.meant), one.workload))
    shown = rows if whole else rows[:_ROWS]
    width = max((len(found.title(one.workload)) for one in shown), default=0)
    yield ""
    yield paint.bold("If it is taken over, so many other workloads can be reached, in any number of steps")
    yield f"  {'':{width}}  {'today':>6} {'meant':>6} {'after':>6}   after: with the proposed policies"
    for one in shown:
        today, meant, after = (members.count(bits) for bits in (one.today, one.meant, one.after))
        stores = holds_words(found, one.today & ~one.meant)
        beyond = f"   beyond what is meant: {some(stores)}" if stores else ""
        name = plain(found.title(one.workload))
        yield f"  {name:{width}}  {today:>6,} {meant:>6,} {after:>6,}{plain(beyond)}"
    if len(rows) > len(shown):
        yield f"  and {len(rows) - len(shown):,} more: --verbose"
    before = sum(one.outside is Outside.EVERY_PORT for one in rows)
    later = sum(one.outside_after is Outside.EVERY_PORT for one in rows)
    yield f"Addresses outside at every port: from {before:,} of {len(rows):,}, with policies from {later:,}."
    if found.doubtful:
        yield "What depends on something that files cannot tell counts as reachable."


def _steps(found: NetworkChains, paint: Paint, *, whole: bool) -> Iterator[str]:
    if not found.steps:
        return
    before, last = found.steps[0].before, found.steps[-1].then
    yield ""
    yield paint.bold("What each policy cuts of what is reachable, in the best order")
    yield (
        f"Today {before.pairs:,} pairs of workloads in any number of steps ({before.direct:,} in one); "
        f"in the end {last.pairs:,} ({last.direct:,})."
    )
    so_far, shown = before, 0
    for step in found.steps:
        if step.then.pairs >= so_far.pairs and step.then.direct >= so_far.direct:
            continue
        if shown == _ROWS and not whole:
            break
        shown += 1
        alone = before.pairs - step.alone.pairs
        line = f"{so_far.pairs:>7,} -> {step.then.pairs:<7,} {so_far.direct:>6,} -> {step.then.direct:<6,}"
        yield f"  {line} {plain(step_words(found, step))}  {paint.dim(f'alone cuts {alone:,}')}"
        so_far = step.then
    rest = len(found.steps) - shown
    if rest:
        yield (
            f"  {counted(rest, 'other')} cut{'s' if rest == 1 else ''} no more"
            if so_far == last
            else (f"  {rest:,} more: --verbose")
        )
    if found.left:
        yield f"  {found.left:,} more were not tried one by one, as there are too many"
    yield "A workload's policy counts together with what its namespace denies by default."
    if found.widened:
        pairs = [f"{found.title(one)} to {found.title(other)}" for one, other in found.widened]
        yield plain(f"The policies also allow what policies stop today, since it is needed: {some(pairs)}")


def _of(found: NetworkChains, of: str, paint: Paint) -> Iterator[str]:
    """What is reachable from one workload, by the number of steps, and what cuts it."""
    one = next(radius for radius in found.radii if radius.workload == of)
    members = found.members
    today, meant, after = (members.count(bits) for bits in (one.today, one.meant, one.after))
    yield paint.bold(plain(f"If {found.title(of)} is taken over"))
    yield f"{today:,} of {len(members.of) - 1:,} other workloads can be reached, {meant:,} are meant to be"
    for number, bits in enumerate(one.hops, 1):
        yield ""
        yield paint.bold(f"In {counted(number, 'step')}")
        for name in sorted(members.named(bits)):
            yield f"  {_reached(found, one, name, paint)}"
    yield ""
    secrets = secrets_of(found, one.today)
    if secrets:
        yield plain(f"These hold {counted(len(secrets), 'Secret')}: {some(secrets, 10)}")
    later = (
        "" if one.outside is one.outside_after else f", with the proposed policies {_out(one.outside_after)}"
    )
    yield f"Addresses outside: {_out(one.outside)}{later}"
    yield f"With the proposed policies {after:,} can be reached"
    for step in found.steps:
        for shrunk in step.shrunk:
            if shrunk.workload == of:
                yield plain(f"  {step_words(found, step)} alone: {shrunk.before:,} -> {shrunk.after:,}")


def _reached(found: NetworkChains, one: Radius, name: str, paint: Paint) -> str:
    bits = found.members.of[name]
    words = "meant" if bits & one.meant else "nothing needs it"
    later = "" if bits & one.after else ", cut by the policies"
    store = f" [{found.stores[name]}]" if name in found.stores else ""
    return f"{plain(found.title(name) + store)}  {paint.dim(words + later)}"


def _out(answer: Outside) -> str:
    return "not reachable" if answer is Outside.NOT else f"reachable at {answer.value}"
