"""Every finding is in a group, the worst group first, and a team is found in a fixed order."""

from collections.abc import Iterator

import pytest

from casemate.engine.grouping import NO_NAMESPACE, NO_STANDARD, NO_TEAM, grouped, teams
from casemate.model.control import Consequence, Control, Fault, Finding, control
from casemate.model.estate import Entity, Estate, Ref, Template, Workload
from casemate.model.place import Document, Origin
from casemate.model.settings import GROUPINGS, Teams
from casemate.model.severity import Severity

ORIGIN = Origin(Document("a.yaml"))


def thing(space: str | None, kind: str = "Service", **more: dict[str, str]) -> Entity:
    name = space if kind == "Namespace" else "a"
    return Entity(ref=Ref("v1", kind, None if kind == "Namespace" else space, name), origin=ORIGIN, **more)  # type: ignore[arg-type] # labels and annotations


def asking(name: str, *standards: str, area: str = "k8s_rbac") -> Control:
    @control(
        name, title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r",
        standards=standards, area=area,
    )  # fmt: skip
    def ask(entity: Entity) -> Iterator[Fault]:
        yield Fault(message=str(entity.ref), at=())

    return ask


def found(by: Control, entity: Entity, severity: Severity = Severity.LOW) -> Finding:
    return Finding(by, entity, Fault(message="m", at=(), severity=severity))


ONE, TWO = asking("one", "S:1", "S:2"), asking("two", area="app_dependencies")
FINDINGS = [
    found(ONE, thing("x")),
    found(TWO, thing("x"), Severity.HIGH),
    found(TWO, thing(None)),
]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("party", {"developer": 2, "platform": 1}),
        ("team", {"them": 3}),
        ("namespace", {"x": 2, NO_NAMESPACE: 1}),
        ("workload", {"x/a (Service)": 2, "a (Service)": 1}),
        ("control", {"two": 2, "one": 1}),
        ("standard", {NO_STANDARD: 2, "S:1": 1, "S:2": 1}),
    ],
)
def test_groups(by: str, names: dict[str, int]) -> None:
    groups = grouped(FINDINGS, by, lambda _: "them")
    assert {name: len(group) for name, group in groups.items()} == names
    assert list(groups) == list(names), "the worst first"
    assert by in GROUPINGS
    assert {id(f) for group in groups.values() for f in group} == set(map(id, FINDINGS))


def team(entity: Entity, *others: Entity, settings: Teams | None = None, owner: str | None = None) -> str:
    return teams(Estate(entities=(entity, *others)), settings or Teams(), lambda _: owner)(entity)


def test_what_an_object_says_itself_comes_first() -> None:
    space = thing("x", "Namespace", labels={"team": "space"})
    assert team(thing("x", labels={"team": "own"}), space, owner="file") == "own"
    assert team(thing("x", annotations={"owner": "noted"}), space, owner="file") == "noted"
    assert team(thing("x", labels={"team": ""}), space, owner="file") == "space"
    assert team(thing("y"), space, owner="file") == "file"
    assert team(thing("y"), space) == NO_TEAM
    assert team(thing("y"), owner="file", settings=Teams(codeowners=False)) == NO_TEAM


def test_keys_are_asked_in_their_order_and_templates_too() -> None:
    settings = Teams(labels=("squad", "team"), annotations=())
    assert team(thing("x", labels={"team": "b", "squad": "a"}), settings=settings) == "a"
    template = Template(path=(), metadata_path=(), packed=b"", labels={"team": "pods"})
    workload = Workload(ref=Ref("apps/v1", "Deployment", "x", "a"), origin=ORIGIN, templates=(template,))
    assert team(workload) == "pods"
