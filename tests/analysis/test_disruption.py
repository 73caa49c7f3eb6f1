"""Budgets, namespaces that are not said, and objects that are none of this."""

from casemate.analysis.disruption import Disruption, blocked
from casemate.analysis.namespaces import ByNamespace, NamespaceInUse, Namespaces, may_be_in
from casemate.analysis.owners import Owners
from casemate.model.estate import DOCKER, Entity, Estate, Ref, Template, Workload, pack
from casemate.model.governance import (
    DisruptionBudgetSpec,
    PodDisruptionBudget,
    ReplicaSpec,
    ReplicatedWorkload,
)
from casemate.model.place import Document, Origin
from casemate.model.pods import PodSpec
from casemate.model.selectors import LabelSelector
from casemate.model.settings import Settings

ORIGIN = Origin(Document("a.yaml"))
ALL = LabelSelector()


def template(engine: str = "kubernetes") -> Template:
    return Template(path=(), metadata_path=(), packed=pack(PodSpec()), labels={"app": "a"}, engine=engine)


def deployment(namespace: str | None, replicas: int | None = None) -> ReplicatedWorkload:
    return ReplicatedWorkload(
        ref=Ref("apps/v1", "Deployment", namespace, "a"),
        origin=ORIGIN,
        templates=(template(),),
        spec=ReplicaSpec(replicas=replicas),
    )


def budget(namespace: str | None, **spec: object) -> PodDisruptionBudget:
    return PodDisruptionBudget(
        ref=Ref("policy/v1", "PodDisruptionBudget", namespace, "b"),
        origin=ORIGIN,
        spec=DisruptionBudgetSpec(selector=ALL, **spec),  # type: ignore[arg-type] # each test's own numbers
    )


def other() -> Entity:
    return Entity(ref=Ref("v1", "Event", "shop", "e"), origin=ORIGIN)


def test_an_unknown_namespace_may_be_any() -> None:
    here, unknown, elsewhere = deployment("shop"), deployment(None), deployment("payments")
    anywhere = budget(None)
    facts = Disruption.of(Estate(entities=(here, unknown, elsewhere, anywhere, other())))
    assert facts.covered(anywhere) == [here, unknown, elsewhere]
    assert facts.budget_of(here) is facts.budget_of(unknown) is anywhere
    placed = budget("shop")
    facts = Disruption.of(Estate(entities=(here, unknown, elsewhere, placed)))
    assert facts.covered(placed) == [here, unknown]
    assert facts.budget_of(elsewhere) is None
    assert ByNamespace([here, elsewhere]).near(None) == [here, elsewhere]
    assert may_be_in(unknown, "shop")
    assert may_be_in(here, None)
    assert not may_be_in(here, "payments")


def test_pods_that_a_budget_is_for_are_added_up() -> None:
    selected = budget("shop", min_available=3)
    facts = Disruption.of(Estate(entities=(deployment("shop", 2), deployment("shop"), selected)))
    assert facts.pods(selected) == 3
    assert blocked(selected, 3) == "minAvailable is 3, and 3 pods run"
    assert blocked(selected, 4) is None
    assert Disruption.of(Estate(entities=(deployment("shop", 0), selected))).pods(selected) is None


def test_percentages_are_rounded_up() -> None:
    assert blocked(budget("shop", min_available="67%"), 3) is not None
    assert blocked(budget("shop", min_available="66%"), 3) is None
    assert blocked(budget("shop", max_unavailable="1%"), 3) is None


def test_what_docker_runs_is_in_no_namespace_and_needs_no_owner() -> None:
    composed = Workload(ref=Ref("", "Service", "shop", "a"), origin=ORIGIN, templates=(template(DOCKER),))
    world = Estate(entities=(composed,))
    (part,) = NamespaceInUse.parts_of(composed, world, Settings())
    assert not Namespaces.of(world).speaks(part)
    assert Owners.of(world).missing(composed, Settings(owners=("team",))) == ()
    placed = deployment("shop")
    assert Owners.of(Estate(entities=(placed,))).missing(placed, Settings(owners=("team",))) == ("team",)
