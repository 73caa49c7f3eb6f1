"""What is reachable equals what a walk from pod to pod finds; policies that only take away never add to it."""

from collections.abc import Iterable, Mapping

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.blast import (
    Members,
    Rows,
    callable_rows,
    closure,
    layers,
    merged,
    mixed,
    numbers,
    outward,
)
from casemate.analysis.network.cutting import Total, cuts
from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.policies import (
    TCP,
    Action,
    Direction,
    Endpoints,
    Everything,
    Intersection,
    Networks,
    Nobody,
    Pods,
    Policy,
    PortRange,
    Rule,
    Tier,
    World,
)
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.universe import KnownLabels
from tests.analysis.network.test_reach import CERTAIN, ENTITY, NAMESPACES, pods, policies

BEFORE_ALL = Tier(0, "before all")
LISTENING: Mapping[str, Iterable[tuple[str, int]]] = {
    "n/w0[Pod]": [("TCP", 80)],
    "m/w1[Pod]": [("TCP", 443), ("UDP", 53)],
    "n/w1[Pod]": [("UDP", 80)],
}
two_to_one = st.booleans()


def joined(found: list[PodEndpoint]) -> list[PodEndpoint]:
    """The pods of a namespace as those of one workload."""
    return [msgspec.structs.replace(pod, workload=f"{pod.namespace}/w0[Pod]") for pod in found]


def reach_of(found: list[PodEndpoint], given_policies: list[Policy]) -> Reach:
    return Reach(given_policies, found, [], KnownLabels(NAMESPACES, {}))


def may_call(reach: Reach, members: Members, one: int, other: int) -> bool:
    """Whether a member may call another one, asked port by port."""
    upper = reach.between(members.classes[one], members.classes[other])[1]
    ports = LISTENING.get(members.names[other])
    if ports is None:
        return any(item.protocol in {"TCP", "UDP", "SCTP"} for item in reach.atoms.ranges(upper))
    return any(upper & reach.atoms.containing(protocol, port) for protocol, port in ports)


def walked(rows: Rows, start: int) -> list[set[int]]:
    """The members that are reached by some steps, those of one step first, by walking."""
    seen, here, found = set(numbers(start)), set(numbers(start)), []
    while here:
        here = {other for one in here for other in numbers(rows[one])} - seen
        seen |= here
        found.append(here)
    return found[:-1]


@settings(deadline=None, max_examples=150)
@given(pods(), policies(CERTAIN, doubts=True), two_to_one)
def test_it_equals_a_walk(found: list[PodEndpoint], given_policies: list[Policy], together: bool) -> None:
    reach = reach_of(joined(found) if together else found, given_policies)
    members = Members(reach, LISTENING)
    rows = callable_rows(reach, members)
    assert rows == [
        sum(1 << other for other in range(len(members)) if may_call(reach, members, one, other))
        for one in range(len(members))
    ]
    behind = closure(rows)
    for name, own in members.of.items():
        steps = walked(rows, own)
        reached = merged(behind, own) & ~own
        assert [set(numbers(bits)) for bits in layers(rows, own, reached)] == steps
        assert set(numbers(reached)) == set().union(*steps)
        assert members.count(reached) == len({members.names[n] for n in numbers(reached)} - {name})
    assert members.counts(behind) == [
        members.count(merged(behind, own) & ~own) for own in members.of.values()
    ]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.integers(0, 2**9 - 1), max_size=9))
def test_closure_equals_walks_from_everywhere(rows: list[int]) -> None:
    rows = [row & (1 << len(rows)) - 1 for row in rows]
    for number, found in enumerate(closure(rows)):
        seen: set[int] = set()
        todo = list(numbers(rows[number]))
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += numbers(rows[here])
        assert set(numbers(found)) == seen


def test_a_long_chain_takes_no_deep_recursion() -> None:
    size = 3_000
    rows = [1 << number + 1 for number in range(size - 1)] + [0]
    assert closure(rows)[0].bit_count() == size - 1
    rows[-1] = 1
    assert closure(rows)[size - 1].bit_count() == size


def taking_away(peers: Endpoints, direction: Direction, name: str) -> Policy:
    """A policy that only denies."""
    rule = Rule(action=Action.DENY, direction=direction, peers=peers)
    return Policy(entity=ENTITY, tier=BEFORE_ALL, subjects=peers, rules=(rule,), name=name)


def unused(found: list[Policy]) -> list[Policy]:
    """Policies that mention all that these do, for nobody, so that all worlds have the same classes."""
    replace = msgspec.structs.replace
    return [
        replace(policy, subjects=Intersection((policy.subjects, Nobody())), isolates=frozenset())
        for policy in found
    ]


@settings(deadline=None, max_examples=150)
@given(
    pods(),
    policies(CERTAIN, doubts=False),
    st.lists(st.tuples(CERTAIN, st.sampled_from(list(Direction))), min_size=1, max_size=2),
    st.integers(0, 15),
    st.integers(0, 15),
)
def test_taking_away_never_adds(
    found: list[PodEndpoint],
    given_policies: list[Policy],
    denied: list[tuple[Endpoints, Direction]],
    some: int,
    more: int,
) -> None:
    added = [taking_away(peers, way, f"x{index}") for index, (peers, way) in enumerate(denied)]
    old = reach_of(found, [*given_policies, *unused(added)])
    new = reach_of(found, [*given_policies, *added, *unused(added)])
    members = Members(old, LISTENING)
    both = mixed(old, new, members)
    assert both.before == both.where(0)
    assert both.after == both.where(members.all)
    worlds = [both.where(0), both.where(some), both.where(some | more), both.where(members.all)]
    for rows in worlds:
        assert len(rows) == len(members)
    for wider, narrower in zip(map(closure, worlds), map(closure, worlds[1:]), strict=False):
        assert all(not now & ~was for was, now in zip(wider, narrower, strict=True))
    assert not outward(new, members).somehow & ~outward(old, members).somehow
    names = {name: (f"of {name}",) for name in members.of}
    steps, left = cuts(both, members, names)
    assert left == 0
    assert sorted(name for step in steps for name in step.workloads) == sorted(members.of)
    before = steps[0].before
    for step in steps:
        assert step.then.pairs <= before.pairs
        assert step.alone.pairs <= step.before.pairs
        assert sum(s.before - s.after for s in step.shrunk) == step.before.pairs - step.alone.pairs
        before = step.then
    assert before == Total(sum(members.counts(closure(both.after))), sum(members.counts(both.after)))


@settings(deadline=None, max_examples=60)
@given(pods(), policies(CERTAIN, doubts=False), policies(CERTAIN, doubts=False), st.integers(0, 15))
def test_a_mixture_takes_each_end_from_its_own_world(
    found: list[PodEndpoint], before: list[Policy], after: list[Policy], changed: int
) -> None:
    after = [msgspec.structs.replace(policy, name=f"new {policy.name}") for policy in after]
    old, new = (reach_of(found, [*own, *unused([*before, *after])]) for own in (before, after))
    members = Members(old, LISTENING)
    rows = mixed(old, new, members).where(changed)
    for one, source in enumerate(members.classes):
        for other, destination in enumerate(members.classes):
            out = (new if changed >> one & 1 else old).egress.between(source, destination)[1]
            into = (new if changed >> other & 1 else old).ingress.between(destination, source)[1]
            bits = [mask for mask, listeners in members.at.items() if listeners >> other & 1]
            assert bool(rows[one] >> other & 1) == bool(out & into & bits[0])


def pod(name: str, namespace: str = "n", **labels: str) -> PodEndpoint:
    from tests.analysis.network.test_reach import SOURCE, TEMPLATE  # noqa: PLC0415 # only here

    return PodEndpoint(
        workload=f"{namespace}/{name}[Deployment]",
        name="",
        namespace=namespace,
        labels=labels,
        account="default",
        ports=(),
        on_host=False,
        addresses=(),
        node=None,
        source=SOURCE,
        template=TEMPLATE,
    )


def isolating(*rules: Rule, direction: Direction = Direction.EGRESS) -> Policy:
    return Policy(
        entity=ENTITY,
        tier=Tier(1, "one"),
        subjects=Everything(),
        rules=rules,
        isolates=frozenset({direction}),
    )


def test_addresses_outside_at_some_and_at_every_port() -> None:
    found = [pod("a"), pod("b")]

    def answer(*given_policies: Policy) -> tuple[int, int]:
        reach = reach_of(found, list(given_policies))
        got = outward(reach, Members(reach, {}))
        return got.somehow, got.freely

    def allow(peers: Endpoints, *ports: PortRange) -> Rule:
        return Rule(action=Action.ALLOW, direction=Direction.EGRESS, peers=peers, ports=ports or None)

    assert answer() == (3, 3)
    assert answer(isolating()) == (0, 0)
    assert answer(isolating(allow(Pods()))) == (0, 0)
    assert answer(isolating(allow(World(), PortRange(TCP, 443, 443)))) == (3, 0)
    assert answer(isolating(allow(Networks(("192.0.2.0/24",))))) == (3, 3)


def test_workloads_that_are_left_out_are_no_members() -> None:
    reach = reach_of([pod("a"), pod("b", app="web")], [])
    members = Members(reach, {}, ["n/a[Deployment]"])
    assert members.names == ["n/b[Deployment]"]
    assert members.named(members.all) == ("n/b[Deployment]",)
    assert callable_rows(reach, members) == [1]


def test_many_changes_are_tried_by_namespace_then_only_the_widest() -> None:
    found = [pod("a"), pod("b"), pod("c", "m"), pod("d", "x")]
    closed = isolating()
    old, new = reach_of(found, unused([closed])), reach_of(found, [closed, *unused([closed])])
    members = Members(old, {})
    both = mixed(old, new, members)
    names = {name: (name,) for name in members.of}
    each, left = cuts(both, members, names, most=16)
    assert ([len(step.workloads) for step in each], left) == ([1, 1, 1, 1], 0)
    spaces, left = cuts(both, members, names, most=12)
    assert ([step.policies for step in spaces], left) == (
        [("n/a[Deployment]", "n/b[Deployment]"), ("m/c[Deployment]",), ("x/d[Deployment]",)],
        0,
    )
    assert [step.then.pairs for step in spaces] == [6, 3, 0]
    few, left = cuts(both, members, names, most=4)
    assert ([step.workloads[0] for step in few], left) == (["n/a[Deployment]"], 2)
    assert cuts(both, members, {}) == ((), 0)
