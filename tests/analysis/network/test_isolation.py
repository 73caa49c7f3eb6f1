"""What of namespaces, rules and names controls say about isolation."""

import pytest

from casemate.analysis.listing import counted, some
from casemate.analysis.network.breadth import CHOSEN, Extent, breadth, labels_text
from casemate.analysis.network.cluster import Network
from casemate.analysis.network.isolation import Isolation
from casemate.analysis.network.labels import NAME_LABEL, AllOf, AnyOf, Has, Labels, Not, OneOf
from casemate.analysis.network.policies import (
    Action,
    Complement,
    Direction,
    Endpoints,
    Everything,
    Intersection,
    Networks,
    Nobody,
    Pods,
    Policy,
    Rule,
    Union,
    World,
)
from casemate.analysis.network.reach import Reach
from casemate.analysis.network.situation import Situation
from casemate.analysis.network.universe import KnownLabels
from casemate.model.estate import Estate
from tests.analysis.network.test_reach import ENTITY, TIERS

HERE = Pods(namespaces=OneOf(NAME_LABEL, ("shop",)))
CARTS = Pods(pods=OneOf("app", ("cart",)))


def _closes(subjects: Endpoints, rules: tuple[Rule, ...] = (), *, isolates: bool = True) -> bool:
    policy = Policy(
        entity=ENTITY,
        tier=TIERS[1],
        subjects=subjects,
        rules=rules,
        isolates=frozenset({Direction.EGRESS}) if isolates else frozenset(),
    )
    situation = Situation(Estate(entities=()))
    situation.__dict__["network"] = Network(Reach([policy], [], [], KnownLabels({}, {})), (), ())
    return situation.derived(Isolation).closes_new_pods("shop", Direction.EGRESS)


@pytest.mark.parametrize(
    ("subjects", "closed"),
    [
        (HERE, True),
        (CARTS, False),
        (Pods(namespaces=OneOf(NAME_LABEL, ("pay",))), False),
        (Union((CARTS, HERE)), True),
        (Intersection((CARTS, HERE)), False),
        (Complement(CARTS), True),
    ],
)
def test_a_new_pod_has_no_labels(subjects: Endpoints, closed: bool) -> None:
    assert _closes(subjects) == closed


@pytest.mark.parametrize(
    ("action", "peers", "closed"),
    [
        (Action.DENY, Everything(), True),
        (Action.DENY, Networks(("0.0.0.0/0",), pods=True), True),
        (Action.DENY, Networks(("0.0.0.0/0",), pods=False), False),
        (Action.DENY, Networks(("0.0.0.0/0",), ("10.0.0.0/8",), pods=True), False),
        (Action.DENY, CARTS, False),
        (Action.ALLOW, Everything(), False),
    ],
)
def test_a_rule_that_denies_every_pod_closes(action: Action, peers: Endpoints, closed: bool) -> None:
    rule = Rule(action=action, direction=Direction.EGRESS, peers=peers)
    assert _closes(HERE, (rule,), isolates=False) == closed


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (OneOf("team", ("a", "b")), "with team=a|b"),
        (Has("team"), "with the label team"),
        (Not(Has("team")), "not with the label team"),
        (AllOf((Has("team"), OneOf("env", ("x",)))), "with the label team and with env=x"),
        (AnyOf((Has("team"),)), "that a selector names"),
        (Not(AnyOf((Has("team"),))), "that a selector names"),
    ],
)
def test_conditions_in_words(condition: Labels, text: str) -> None:
    assert labels_text(condition) == text


@pytest.mark.parametrize(
    ("peers", "extent"),
    [
        (Everything(), Extent.EVERYTHING),
        (Union((HERE, World())), Extent.OUTSIDE),
        (Networks(("::/0",)), Extent.OUTSIDE),
        (Pods(), Extent.CLUSTER),
        (HERE, Extent.NAMESPACES),
        (Pods(namespaces=Has("team")), Extent.NAMESPACES),
        (Pods(accounts=Has("team")), Extent.CHOSEN),
        (CARTS, Extent.CHOSEN),
        (Networks(("10.0.0.0/8",)), Extent.CHOSEN),
        (Nobody(), Extent.CHOSEN),
    ],
)
def test_how_much_a_rule_means(peers: Endpoints, extent: Extent) -> None:
    assert breadth(peers).extent is extent


def test_a_namespace_of_its_own_does_not_count() -> None:
    assert breadth(HERE, "shop") is CHOSEN
    both = breadth(Pods(namespaces=OneOf(NAME_LABEL, ("shop", "pay", "web"))), "shop")
    assert (both.words, both.named) == ("every pod of the namespaces pay, web", ("pay", "web"))


def test_names_in_a_sentence() -> None:
    assert some(["a", "b"]) == "a, b"
    assert some(list("abcdefg"), 3) == "a, b, c and 4 more"
    assert counted(["a"]) == "1 workload (a)"
    assert counted(list("abcd"), "pod") == "4 pods (a, b, c and 1 more)"
