"""A waiver covers what it names and nothing else, until its last day."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from casemate.engine.waive import waive
from casemate.model.control import Consequence, Fault, Finding, control
from casemate.model.estate import Entity, Ref
from casemate.model.place import Document, Origin
from casemate.model.severity import Severity
from casemate.model.waiver import Waiver, WaiverUse

TODAY = dt.date(2026, 6, 1)


@control("pod-x", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
def ask(entity: Entity) -> Iterator[Fault]:
    yield Fault(message=str(entity.ref), at=())


def finding(
    namespace: str | None = "shop", name: str = "cart", container: str | None = "main", file: str = "a.yaml"
) -> Finding:
    entity = Entity(ref=Ref("apps/v1", "Deployment", namespace, name), origin=Origin(Document(file)))
    return Finding(ask, entity, Fault(message="m", at=("spec",)), container)


def waiver(**parts: Any) -> Waiver:
    fields: dict[str, Any] = {
        "controls": ("pod-x",),
        "until": TODAY,
        "reason": "r",
        "file": "casemate.yaml",
    } | parts
    return Waiver(**fields)


def covers(one: Waiver, found: Finding, lines: frozenset[int] = frozenset()) -> bool:
    result = waive([found], [one], TODAY, lambda _: lines, lambda file: (file, f"charts/{file}"))
    assert len(result.left) + len(result.waived) == 1
    assert result.hides == [len(result.waived)]
    assert all(item.waiver is one and item.finding is found for item in result.waived)
    return bool(result.waived)


@pytest.mark.parametrize(
    ("parts", "fits"),
    [
        ({}, True),
        ({"controls": ("image-*", "pod-*")}, True),
        ({"controls": ("pod-y",)}, False),
        ({"until": TODAY - dt.timedelta(1)}, False),
        ({"subject": ("shop", "Deployment", "cart")}, True),
        ({"subject": ("*", "*", "*")}, True),
        ({"subject": ("", "Deployment", "cart")}, False),
        ({"subject": ("shop", "deployment", "cart")}, False),
        ({"subject": ("shop", "Deployment", "car")}, False),
        ({"container": "ma*"}, True),
        ({"container": "side"}, False),
        ({"path": "a.yaml"}, True),
        ({"path": "charts/**"}, True),
        ({"path": "deploy/**"}, False),
        ({"path": "a.yaml", "container": "side"}, False),
    ],
)
def test_all_parts_must_fit(parts: dict[str, Any], fits: bool) -> None:
    assert covers(waiver(**parts), finding()) is fits


def test_what_has_no_namespace_name_or_container() -> None:
    found = finding(namespace=None, container=None)
    assert covers(waiver(subject=("", "*", "*")), found)
    assert covers(waiver(subject=("*", "*", "*")), found)
    assert not covers(waiver(subject=("?*", "*", "*")), found)
    assert not covers(waiver(container="*"), found)


def test_an_annotation_covers_its_object() -> None:
    found = finding()
    assert covers(waiver(entity=found.entity), found)
    assert not covers(waiver(entity=finding().entity), found)


def test_a_comment_covers_what_stands_on_its_line_in_its_file() -> None:
    one = waiver(file="a.yaml", line=6, covers=7)
    assert covers(one, finding(), frozenset((1, 7)))
    assert not covers(one, finding(), frozenset((1, 6)))
    assert not covers(one, finding(file="b.yaml"), frozenset((7,)))


def test_the_first_of_several_answers_and_all_are_used() -> None:
    some = [waiver(controls=("y",)), waiver(), waiver(controls=("*",)), waiver(until=dt.date(2026, 1, 1))]
    two = [finding(), finding(name="basket")]
    result = waive(two, some, TODAY, lambda _: (), lambda file: (file,))
    assert [item.waiver for item in result.waived] == [some[1], some[1]]
    assert result.hides == [0, 2, 2, 0]
    assert result.left == []


def test_a_waiver_says_what_it_is_about() -> None:
    assert str(waiver()) == "pod-x"
    whole = waiver(controls=("a", "b"), subject=("*", "Pod", "x"), container="c", path="d", line=4)
    assert str(whole) == "a, b for */Pod/x in container c under d"
    assert whole.where == "casemate.yaml:4"
    assert whole.in_settings
    assert not waiver(covers=3).in_settings
    assert not waiver(entity=finding().entity).in_settings


def test_a_use_without_a_waiver_has_not_expired() -> None:
    use = WaiverUse(ref=Ref("v1", "Waiver", None, None), origin=Origin(Document("a")), today=TODAY, error="e")
    assert not use.expired
