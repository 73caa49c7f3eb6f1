"""Findings are known again by who they are about, once each, and one cannot hide behind another."""

from collections import Counter
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from casemate.engine.compare import Comparison, Old, compare
from casemate.model.control import Consequence, Fault, Finding
from casemate.model.estate import Entity, Ref
from casemate.model.place import Document, Origin
from casemate.model.severity import Severity
from tests.engine.test_changes import asked
from tests.trees import LAW

CONTROL = asked(Consequence.NODE, Severity.HIGH)


def entity(name: str, file: str = "a.yaml", version: str = "v1") -> Entity:
    return Entity(ref=Ref(version, "Pod", None, name), origin=Origin(Document(file)))


def finding(of: Entity, message: str = "m") -> Finding:
    return Finding(CONTROL, of, Fault(message=message, at=("spec", 0)))


def old(of: Finding) -> Old[Finding]:
    return Old(of.id, of.entity.origin.document.file, of.entity.ref, of)


def compared(
    before: Iterable[Finding],
    after: Iterable[Finding],
    entities: Iterable[Entity] | None = None,
    waived: Iterable[Finding] = (),
) -> Comparison[Finding]:
    after, waived = list(after), list(waived)
    there = [f.entity for f in (*after, *waived)] if entities is None else entities
    return compare(map(old, before), after, waived, there, str)


def sizes(result: Comparison[Finding]) -> tuple[int, int, int]:
    return len(result.new), len(result.known), len(result.gone)


def test_the_same_is_known() -> None:
    assert sizes(compared([finding(entity("a"))], [finding(entity("a"))])) == (0, 1, 0)
    assert sizes(compared([], [])) == (0, 0, 0)


def test_another_one_is_new_and_one_that_is_missing_is_gone() -> None:
    here, there = finding(entity("a")), finding(entity("b"))
    result = compared([here], [there])
    assert (result.new, result.known, result.gone) == ([there], [], [here])


def test_a_second_equal_one_is_new() -> None:
    two = [finding(entity("a")), finding(entity("a"))]
    result = compared(two[:1], two)
    assert (result.new, result.known) == ([two[1]], [two[0]])


def test_a_line_or_position_makes_nothing_new() -> None:
    moved = Finding(CONTROL, entity("a"), Fault(message="m", at=("spec", 7)))
    assert sizes(compared([finding(entity("a"))], [moved])) == (0, 1, 0)


def test_an_object_that_moved_to_another_file_stays_known() -> None:
    assert sizes(compared([finding(entity("a"))], [finding(entity("a", "b.yaml"))])) == (0, 1, 0)


def test_one_mended_here_does_not_hide_an_equal_one_there() -> None:
    before, after = finding(entity("a")), finding(entity("a", "b.yaml"))
    result = compared([before], [after], [entity("a"), after.entity])
    assert (result.new, result.gone) == ([after], [before])


def test_its_file_may_hold_the_object_under_a_newer_version_of_its_api() -> None:
    before, after = finding(entity("a", version="x/v1")), finding(entity("a", "b.yaml", version="x/v1"))
    assert sizes(compared([before], [after], [entity("a", version="x/v2"), after.entity])) == (1, 0, 1)


def test_what_is_waived_is_neither_new_nor_gone() -> None:
    one, other, third = finding(entity("a")), finding(entity("a", "b.yaml")), finding(entity("c"))
    assert sizes(compared([one], [], waived=[one])) == (0, 0, 0)
    assert sizes(compared([one], [], waived=[other])) == (0, 0, 0)
    assert sizes(compared([one], [one], waived=[third])) == (0, 1, 0)


@LAW
@given(*(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("mn"))),) * 2)
def test_every_finding_is_new_or_known_and_every_earlier_one_known_or_gone(
    before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    first, second = (
        [finding(entity(name, file), text) for name, file, text in side] for side in (before, after)
    )
    result = compared(first, second)
    assert sorted(map(id, result.new + result.known)) == sorted(map(id, second))
    assert len(result.gone) + len(result.known) == len(first)
    same, others = (Counter((f.id, f.entity.origin.document.file) for f in side) for side in (first, second))
    assert len(result.known) >= sum((same & others).values())
    ids = Counter(f.id for f in first) & Counter(f.id for f in second)
    assert len(result.known) <= sum(ids.values())
    assert sizes(compared(first, first)) == (0, len(first), 0)
