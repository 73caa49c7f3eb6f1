"""The answer of `casemate network chains`: chains of calls, what is reachable, what policies cut."""

import enum
from collections import Counter
from collections.abc import Iterator

import msgspec

from casemate.analysis.network.blast import (
    Members,
    Outward,
    Rows,
    closure,
    layers,
    merged,
    mixed,
    outward,
)
from casemate.analysis.network.chains import Call, calls, meant_rows
from casemate.analysis.network.cutting import Step, cuts
from casemate.analysis.network.entries import Entry, entries, listening
from casemate.analysis.network.holdings import secrets_of
from casemate.analysis.network.shortest import Way, shortest_ways
from casemate.analysis.network.stores import served
from casemate.analysis.network.tighten.proof import Worlds
from casemate.analysis.network.ways_in import ways_in
from casemate.engine.network_tightening import Plan


class Outside(enum.Enum):
    """How far addresses outside can be called."""

    NOT = "not"
    SOME_PORTS = "some ports"
    EVERY_PORT = "every port"


class Radius(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What is reachable from a workload that is taken over, as sets of members; itself is left out.

    `hops` are those that it takes one call to reach, then two, and so on. `meant` is what the calls that are
    meant lead to, `after` what stays reachable with all proposed policies. `outside` and `outside_after`
    say whether it, or anything that it reaches, may call addresses outside (`Outside`).
    """

    workload: str
    today: int
    hops: tuple[int, ...]
    meant: int
    after: int
    outside: Outside
    outside_after: Outside


class NetworkChains(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Chains and their reach.

    `stores` say which databases and brokers workloads are, `secrets` which Secrets they hold. `steps` are the
    proposed policies, those first that cut most; `left` how many are not worked out one by one. `widened` are
    pairs that only the policies allow; `doubtful` says that some answers depend on something.
    """

    plan: Plan
    members: Members
    entries: tuple[Entry, ...]
    calls: tuple[Call, ...]
    stores: dict[str, str]
    secrets: dict[str, tuple[str, ...]]
    radii: tuple[Radius, ...]
    ways: tuple[Way, ...]
    steps: tuple[Step, ...]
    left: int
    widened: tuple[tuple[str, str], ...]
    doubtful: bool
    titles: dict[str, str]

    def title(self, workload: str) -> str:
        """A workload for people: `shop/cart`, with its kind where another one has that name."""
        return self.titles.get(workload, workload)


def network_chains(plan: Plan, worlds: Worlds) -> NetworkChains:
    """Work out the chains of an estate, today and with the policies of a plan."""
    known = plan.known
    unread = frozenset(group.name for group in known.groups.values() if not group.is_read)
    members = Members(worlds.old, listening(known.pods, known.backends), unread)
    both = mixed(worlds.old, worlds.new, members)
    ways = tuple(ways_in(known.estate, known.pods))
    found = entries(worlds.old, ways, known.pods, plan.needs, unread)
    later = entries(worlds.new, ways, known.pods, plan.needs, unread)
    meant = calls(worlds.old, members, plan.needs)
    rows = meant_rows(members, meant)
    stores = {
        pod.workload: ", ".join(dict.fromkeys(what.values()))
        for pod in known.pods
        if (what := served(pod.template))
    }
    steps, left = cuts(both, members, _policies(plan))
    return NetworkChains(
        plan=plan,
        members=members,
        entries=found,
        calls=meant,
        stores=stores,
        secrets=_secrets(plan),
        radii=tuple(
            _radii(
                members,
                (both.before, rows, both.after),
                (outward(worlds.old, members), outward(worlds.new, members)),
            )
        ),
        ways=tuple(shortest_ways(members, stores, (both.before, rows, both.after), (found, later))),
        steps=steps,
        left=left,
        widened=tuple(_widened(members, both.before, both.after)),
        titles=_titles(members),
        doubtful=any(
            profile.sure != profile.upper or any(block.sure != block.upper for block in profile.others)
            for side in (worlds.old.egress, worlds.old.ingress)
            for profile in side.profiles
        ),
    )


def _titles(members: Members) -> dict[str, str]:
    short = {name: name.partition("[")[0] for name in members.of}
    often = Counter(short.values())
    return {name: name if often[title] > 1 else title for name, title in short.items()}


def _policies(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The policies that are proposed for each workload, by name: its own, and those of its namespace."""
    shared: dict[str, list[str]] = {}
    own: dict[str, list[str]] = {}
    for draft in plan.drafts:
        where = own.setdefault(draft.group, []) if draft.group else shared.setdefault(draft.namespace, [])
        where.append(f"{draft.namespace}/{draft.name}")
    return {
        name: (*own.get(name, ()), *shared.get(plan.known.groups[name].namespace, ()))
        for name in plan.covered
    }


def _secrets(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The Secrets of each workload, with their namespace."""
    found: dict[str, dict[str, None]] = {}
    for pod in plan.known.pods:
        for name in secrets_of(pod.template):
            found.setdefault(pod.workload, {})[f"{pod.namespace}/{name}"] = None
    return {name: tuple(held) for name, held in found.items()}


def _radii(
    members: Members, worlds: tuple[Rows, Rows, Rows], out: tuple[Outward, Outward]
) -> Iterator[Radius]:
    behind = [closure(rows) for rows in worlds]
    for name, own in sorted(members.of.items()):
        today, wanted, later = (merged(rows, own) & ~own for rows in behind)
        yield Radius(
            workload=name,
            today=today,
            hops=tuple(layers(worlds[0], own, today)),
            meant=wanted,
            after=later,
            outside=_outside(out[0], today | own),
            outside_after=_outside(out[1], later | own),
        )


def _outside(found: Outward, bits: int) -> Outside:
    if found.freely & bits:
        return Outside.EVERY_PORT
    return Outside.SOME_PORTS if found.somehow & bits else Outside.NOT


def _widened(members: Members, before: Rows, after: Rows) -> Iterator[tuple[str, str]]:
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        name = members.names[number]
        yield from ((name, other) for other in members.named(new & ~old & ~members.of[name]))
