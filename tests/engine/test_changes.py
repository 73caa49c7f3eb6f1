"""Findings that one edit session mends are one change; the worst comes first."""

import random
from collections.abc import Iterator

import pytest

from casemate.engine.changes import changes
from casemate.engine.responsibility import party
from casemate.model.control import Consequence, Control, Fault, Finding, control
from casemate.model.estate import Entity, Ref
from casemate.model.place import Document, Origin
from casemate.model.severity import Severity


def entity(name: str) -> Entity:
    return Entity(ref=Ref("v1", "ConfigMap", None, name), origin=Origin(Document("a.yaml")))


def asked(
    consequence: Consequence, severity: Severity = Severity.LOW, area: str = "pod_security_context"
) -> Control:
    @control("x", title="t", severity=severity, consequence=consequence, remedy="r", area=area)
    def ask(entity: Entity) -> Iterator[Fault]:
        yield Fault(message=str(entity.ref), at=())

    return ask


def finding(of: Entity, consequence: Consequence, severity: Severity, name: str = "m") -> Finding:
    return Finding(asked(consequence), of, Fault(message=name, at=(), severity=severity))


A, B = entity("a"), entity("b")


def test_nothing_gives_no_change() -> None:
    assert changes([]) == []


def test_one_object_and_consequence_is_one_change() -> None:
    found = changes(
        [
            finding(A, Consequence.NODE, Severity.HIGH),
            finding(B, Consequence.NODE, Severity.LOW),
            finding(A, Consequence.STARVATION, Severity.LOW),
            finding(A, Consequence.NODE, Severity.CRITICAL),
        ]
    )
    assert [(change.entity, change.consequence, len(change.findings)) for change in found] == [
        (A, Consequence.NODE, 2),
        (B, Consequence.NODE, 1),
        (A, Consequence.STARVATION, 1),
    ]


def test_objects_of_one_name_are_two() -> None:
    assert len(changes([finding(entity("a"), Consequence.NODE, Severity.LOW) for _ in range(2)])) == 2


def test_the_findings_of_a_change_stand_the_worst_first_else_as_given() -> None:
    given = [Severity.LOW, Severity.CRITICAL, Severity.LOW, Severity.HIGH]
    (change,) = changes(
        [finding(A, Consequence.NODE, severity, str(number)) for number, severity in enumerate(given)]
    )
    assert [item.fault.message for item in change.findings] == ["1", "3", "0", "2"]
    assert change.severity is Severity.CRITICAL


@pytest.mark.parametrize("seed", range(5))
def test_changes_are_ranked_by_severity_then_harm_then_number(seed: int) -> None:
    chance = random.Random(seed)
    given = [
        finding(chance.choice((A, B)), chance.choice(list(Consequence)), chance.choice(list(Severity)))
        for _ in range(40)
    ]
    found = changes(given)
    harms = list(Consequence)
    ranks = [(-change.severity, harms.index(change.consequence), -len(change.findings)) for change in found]
    assert ranks == sorted(ranks)
    assert sorted(map(id, given)) == sorted(id(item) for change in found for item in change.findings)


@pytest.mark.parametrize(
    ("area", "who"),
    [
        ("pod_security_context", "developer"),
        ("limits_concurrency_cost", "developer"),
        ("base_image_or_runtime", "developer"),
        ("node_role_and_imds", "platform"),
        ("", "platform"),
        ("unheard of", "platform"),
    ],
)
def test_who_must_act(area: str, who: str) -> None:
    assert party(area) == who
    (change,) = changes([Finding(asked(Consequence.NODE, area=area), A, Fault(message="m", at=()))])
    assert change.party == who
    assert change.severity is Severity.LOW, "the control's own where the fault states none"
