"""What each of some changes of policies cuts of what is reachable, and in which order they cut most.

A change is made for some workloads: what goes out of them and what comes in is then as the new policies say,
for all others as it is today. A change that opens nothing never lets more be reached, however many others
are made: in each pair a step can only be lost.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from casemate.analysis.network.blast import Members, Mixture, Rows, closure

MOST = 200_000
"""Workloads times changes that are tried: beyond that fewer changes are worked out one by one."""


class Total(msgspec.Struct, frozen=True, order=True):
    """How much can be reached: pairs of workloads in any number of steps, and in one."""

    pairs: int
    direct: int


class Shrunk(msgspec.Struct, frozen=True):
    """A workload from which less is reachable than before: how many others it was, and how many it is."""

    workload: str
    before: int
    after: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A change: who has it, by what policies. `before` is today.

    `alone` is what is left if nothing else is changed, `then` what is left once it and all steps before it
    are made; `shrunk` are those from which less is reachable by it alone.
    """

    workloads: tuple[str, ...]
    policies: tuple[str, ...]
    before: Total
    alone: Total
    then: Total
    shrunk: tuple[Shrunk, ...]


def cuts(
    worlds: Mixture, members: Members, policies: Mapping[str, Sequence[str]], most: int = MOST
) -> tuple[tuple[Step, ...], int]:
    """The changes in order, what cuts most first; and how many are left out, being too many to try.

    `policies` are the names of the new policies by workload. A change is one workload's, or all of a
    namespace where there are many. Each next one is that which leaves least, as far as all can be tried.
    """
    units: list[tuple[str, ...]] = [(name,) for name in policies if name in members.of]
    if len(units) * len(members) > most:
        by_namespace: dict[str, list[str]] = {}
        for name in (one for unit in units for one in unit):
            by_namespace.setdefault(name.partition("/")[0], []).append(name)
        units = [tuple(names) for names in by_namespace.values()]
    bits = {unit: _bits(members, unit) for unit in units}
    today = closure(worlds.before)
    before = _total(members, worlds.before, today)
    if len(units) * len(members) > most:
        kept = max(most // len(members), 1)
        direct = {unit: _direct(members, worlds.where(found)) for unit, found in bits.items()}
        units = sorted(units, key=lambda unit: direct[unit])[:kept]
    alone, shrunk = {}, {}
    for unit in units:
        rows = worlds.where(bits[unit])
        behind = closure(rows)
        alone[unit] = _total(members, rows, behind)
        shrunk[unit] = tuple(_shrunk(members, today, behind))
    steps, made = [], 0
    rest = sorted(units, key=lambda unit: alone[unit])
    greedy = len(units) ** 2 // 2 * len(members) <= most
    while rest:
        tried = rest if greedy else rest[:1]
        left = {unit: _after(members, worlds.where(made | bits[unit])) for unit in tried}
        best = min(tried, key=lambda unit: left[unit])
        rest.remove(best)
        made |= bits[best]
        steps.append(
            Step(
                workloads=best,
                policies=tuple(dict.fromkeys(name for one in best for name in policies[one])),
                before=before,
                alone=alone[best],
                then=left[best],
                shrunk=shrunk[best],
            )
        )
    return tuple(steps), len(bits) - len(units)


def _bits(members: Members, names: Sequence[str]) -> int:
    found = 0
    for name in names:
        found |= members.of[name]
    return found


def _after(members: Members, rows: Rows) -> Total:
    return _total(members, rows, closure(rows))


def _total(members: Members, rows: Rows, behind: Rows) -> Total:
    return Total(sum(members.counts(behind)), _direct(members, rows))


def _direct(members: Members, rows: Rows) -> int:
    return sum(members.counts(rows))


def _shrunk(members: Members, before: Rows, after: Rows) -> Iterator[Shrunk]:
    """Those from which less is reachable, by name."""
    for name, old, new in sorted(zip(members.of, members.counts(before), members.counts(after), strict=True)):
        if new < old:
            yield Shrunk(name, old, new)
