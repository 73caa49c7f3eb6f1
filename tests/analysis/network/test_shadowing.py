"""What is said to be held by another set, or covered by another rule, is so for all pods that there can be."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemate.analysis.network.cluster import Network
from casemate.analysis.network.containment import endpoints_hold, labels_hold, ports_hold
from casemate.analysis.network.endpoints import PodEndpoint
from casemate.analysis.network.labels import (
    CONTAINS,
    AllOf,
    Any,
    AnyOf,
    Has,
    Labels,
    Matches,
    Not,
    Nothing,
    OneOf,
    holds,
)
from casemate.analysis.network.policies import (
    Action,
    Direction,
    Endpoints,
    Everything,
    Intersection,
    NamedPort,
    Networks,
    Nobody,
    Nodes,
    Perhaps,
    Pods,
    Policy,
    PortRange,
    Ports,
    Rule,
    Union,
)
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.shadowing import Shadowing
from casemate.analysis.network.situation import Situation
from casemate.analysis.network.universe import Assumptions, KnownLabels
from casemate.model.estate import Entity, Estate, Ref
from tests.analysis.network.test_reach import (
    CERTAIN,
    LABELS,
    NAMESPACES,
    ORIGIN,
    PORT,
    TIERS,
    pods,
    policies,
)

A, B = OneOf("app", ("a",)), OneOf("app", ("a", "b"))


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        (Any(), A, True),
        (A, Nothing(), True),
        (B, A, True),
        (A, B, False),
        (Has("app"), A, True),
        (Has("app"), Matches("app", CONTAINS, "a"), True),
        (Has("env"), A, False),
        (A, OneOf("env", ("a",)), False),
        (Not(A), Not(B), True),
        (Not(B), Not(A), False),
        (Not(A), OneOf("app", ("b",)), True),
        (Not(A), B, False),
        (Not(A), OneOf("env", ("b",)), False),
        (Not(Has("app")), A, False),
        (A, AllOf((Has("env"), A)), True),
        (AllOf((A, Has("env"))), A, False),
        (AnyOf((Has("env"), B)), A, True),
        (B, AnyOf((A, OneOf("app", ("b",)))), True),
        (A, Any(), False),
    ],
)
def test_conditions_on_labels(outer: Labels, inner: Labels, answer: bool) -> None:
    assert labels_hold(outer, inner) == answer


@given(
    LABELS, LABELS, st.dictionaries(st.sampled_from(["app", "env"]), st.sampled_from(["web", "db", "dev"]))
)
def test_what_fulfils_the_inner_condition_fulfils_the_outer(
    outer: Labels, inner: Labels, labels: dict[str, str]
) -> None:
    if labels_hold(outer, inner) and holds(inner, labels):
        assert holds(outer, labels)


TEN, SMALL, PART = Networks(("10.0.0.0/8",)), Networks(("10.1.0.0/16",)), Networks(("10.1.2.0/24",))


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        (Everything(), Pods(), True),
        (Pods(), Nobody(), True),
        (Pods(), Pods(pods=A), True),
        (Pods(pods=A), Pods(), False),
        (Pods(accounts=A), Pods(), False),
        (Pods(), Perhaps(Pods(pods=A), "why"), True),
        (Perhaps(Pods(), "why"), Pods(pods=A), False),
        (Union((TEN, Pods())), Union((SMALL, Pods(pods=A))), True),
        (Union((TEN, Pods(pods=A))), Pods(), False),
        (Intersection((TEN, TEN)), SMALL, True),
        (TEN, Intersection((Pods(), SMALL)), True),
        (SMALL, Intersection((Pods(), TEN)), False),
        (Nodes(), Nodes(A), True),
        (Nodes(A), Pods(), False),
        (TEN, SMALL, True),
        (SMALL, TEN, False),
        (TEN, Networks(("10.1.0.0/16",), pods=True), False),
        (Networks(("10.0.0.0/8",), ("10.1.0.0/16",)), PART, False),
        (Networks(("10.0.0.0/8",), ("10.2.0.0/16", "2001:db8::/64")), PART, True),
        (Networks(("10.0.0.0/8",), ("10.1.2.3/32",)), Networks(("10.1.2.0/24",), ("10.1.2.0/28",)), True),
        (TEN, Networks(("2001:db8::/64",)), False),
    ],
)
def test_sets(outer: Endpoints, inner: Endpoints, answer: bool) -> None:
    assert endpoints_hold(outer, inner) == answer


@settings(deadline=None)
@given(pods(), CERTAIN, CERTAIN, st.booleans())
def test_what_is_in_the_inner_set_is_in_the_outer(
    found: list[PodEndpoint], outer: Endpoints, inner: Endpoints, hold: bool
) -> None:
    named = [_policy(index, (), subjects) for index, subjects in enumerate((outer, inner))]
    reach = Reach(named, found, [], KnownLabels(NAMESPACES, {}), Assumptions(networks_hold_pods=hold))
    if endpoints_hold(outer, inner):
        wide, narrow = reach.universe.where(outer), reach.universe.where(inner)
        assert narrow.sure <= wide.sure
        assert narrow.upper <= wide.upper


WEB, HTTP = PortRange("TCP", 80, 90), NamedPort("TCP", "http")


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        (None, (WEB,), True),
        (None, None, True),
        ((WEB,), None, False),
        ((WEB,), (PortRange("TCP", 85, 85),), True),
        ((WEB,), (PortRange("UDP", 85, 85),), False),
        ((WEB,), (PortRange("TCP", 85, 95),), False),
        ((PortRange("TCP", 91, 99), WEB, PortRange("TCP", 82, 83)), (PortRange("TCP", 85, 95),), True),
        ((WEB, HTTP), (HTTP,), True),
        ((WEB,), (HTTP,), False),
        ((WEB,), (), True),
    ],
)
def test_ports(outer: Ports | None, inner: Ports | None, answer: bool) -> None:
    assert ports_hold(outer, inner) == answer


def _policy(number: int, rules: Sequence[Rule], subjects: Endpoints, **fields: object) -> Policy:
    entity = Entity(ref=Ref("v1", "Policy", None, f"p{number}"), origin=ORIGIN)
    placed = tuple(
        msgspec.structs.replace(rule, at=("spec", rule.direction.value, index))
        for index, rule in enumerate(rules)
    )
    settled = {"tier": TIERS[1], "name": str(number)} | fields
    return Policy(entity=entity, subjects=subjects, rules=placed, **settled)  # type: ignore[arg-type] # fields of Policy


def _reach(found: list[PodEndpoint], given_policies: Sequence[Policy], mentioned: Sequence[Policy]) -> Reach:
    """What policies allow, told apart by what all of them mention."""
    spares = [
        msgspec.structs.replace(
            policy, isolates=frozenset(), subjects=Intersection((policy.subjects, Nobody()))
        )
        for policy in mentioned
    ]
    return Reach(
        [*given_policies, *spares],
        found,
        [],
        KnownLabels(NAMESPACES, {}),
        Assumptions(networks_hold_pods=True),
    )


def _shadowing(reach: Reach) -> tuple[Shadowing, Situation]:
    situation = Situation(Estate(entities=()))
    situation.__dict__["network"] = Network(reach, (), ())
    return situation.derived(Shadowing), situation


def _same(one: Reach, other: Reach) -> bool:
    size = one.universe.size
    return all(one.between(a, b) == other.between(a, b) for a in range(size) for b in range(size))


SIMPLE = st.one_of(
    st.just(Everything()),
    st.just(Pods()),
    st.builds(Pods, pods=st.sampled_from([A, B, Has("app")])),
    st.builds(Pods, namespaces=st.just(OneOf("kubernetes.io/metadata.name", ("n",)))),
    CERTAIN,
)


@settings(deadline=None, max_examples=300)
@given(pods(), policies(SIMPLE, doubts=True), policies(SIMPLE, doubts=False))
def test_without_a_covered_rule_nothing_changes(
    found: list[PodEndpoint], some: list[Policy], more: list[Policy]
) -> None:
    made = [
        _policy(n, p.rules, p.subjects, tier=p.tier, order=p.order, isolates=p.isolates)
        for n, p in enumerate([*some, *more])
    ]
    before = _reach(found, made, made)
    shadowing, _ = _shadowing(before)
    fewer = []
    for policy in made:
        gone = {item.rule.at for item in shadowing.of(policy.entity)}
        rest = tuple(rule for rule in policy.rules if rule.at not in gone)
        if not shadowing.adds_nothing_to(policy.entity):
            fewer.append(msgspec.structs.replace(policy, rules=rest))
    assert _same(before, _reach(found, fewer, made))


def _rule(peers: Endpoints, action: Action = Action.ALLOW, ports: Ports | None = None) -> Rule:
    return Rule(action=action, direction=Direction.INGRESS, peers=peers, ports=ports)


def test_a_policy_that_adds_nothing_is_named_with_the_one_that_remains() -> None:
    inward = frozenset({Direction.INGRESS})
    wide = _policy(0, [_rule(Pods())], Pods(), isolates=inward)
    narrow = _policy(1, [_rule(Pods(pods=A), ports=(WEB,))], Pods(pods=B), isolates=inward)
    both = _policy(2, [_rule(Pods(pods=A), ports=(WEB,))], Pods(pods=B), isolates=frozenset(Direction))
    shadowing, _ = _shadowing(_reach([], [wide, narrow, both], ()))
    assert shadowing.adds_nothing_to(narrow.entity) == (wide.entity,)
    assert shadowing.adds_nothing_to(wide.entity) == ()
    assert shadowing.adds_nothing_to(both.entity) == ()
    assert [item.policy for item in shadowing.of(both.entity)] == [wide]


def test_a_denial_between_keeps_a_narrow_rule() -> None:
    policy = _policy(
        0,
        [_rule(Pods(pods=A)), _rule(Pods(pods=Has("app")), Action.DENY), _rule(Pods())],
        Pods(),
    )
    shadowing, _ = _shadowing(_reach([], [policy], ()))
    assert shadowing.of(policy.entity) == []


def test_very_many_policies_for_many_namespaces_are_not_all_compared() -> None:
    found = [_policy(n, [_rule(Pods())], Pods()) for n in range(301)]
    shadowing, _ = _shadowing(_reach([], found, ()))
    assert not any(shadowing.of(policy.entity) for policy in found)


@given(st.lists(PORT, max_size=3).map(tuple), st.lists(PORT, max_size=3).map(tuple))
def test_ports_that_are_held_are_among_the_others(outer: Ports, inner: Ports) -> None:
    if ports_hold(outer, inner):
        for port in inner:
            if isinstance(port, PortRange):
                numbers = range(port.low, min(port.high, port.low + 20) + 1)
                assert all(
                    any(
                        isinstance(r, PortRange) and r.protocol == port.protocol and r.low <= n <= r.high
                        for r in outer
                    )
                    for n in numbers
                )
