"""The report counts what was seen, and its status follows from what was found and not read."""

import pytest

from casemate.engine.judge import Answers
from casemate.engine.report import Report
from casemate.model.control import Consequence, Fault, Finding
from casemate.model.estate import Coverage, Estate, Skipped, Unreadable
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from tests.engine.test_changes import A, finding


def report(
    severities: list[Severity], fail_on: Severity | None = Severity.HIGH, *, unread: bool = False
) -> Report:
    found = [finding(A, Consequence.NODE, severity) for severity in severities]
    unreadable = (Unreadable("a", 1, 1, "no"),) if unread else ()
    world = Estate(entities=(A,), coverage=Coverage(documents=1 + unread), unreadable=unreadable)
    return Report(("x",), Settings(fail_on=fail_on), world, Answers(found, [], 1, {}))


@pytest.mark.parametrize("fail_on", [*Severity, None])
@pytest.mark.parametrize("worst", [*Severity, None])
def test_a_finding_at_the_bar_fails(fail_on: Severity | None, worst: Severity | None) -> None:
    made = report([] if worst is None else [Severity.INFO, worst], fail_on)
    fails = fail_on is not None and worst is not None and worst >= fail_on
    assert made.fails is fails
    assert made.status == int(fails)


@pytest.mark.parametrize("severities", [[], [Severity.CRITICAL]])
def test_what_was_not_read_wins_unless_it_is_allowed(severities: list[Severity]) -> None:
    made = report(severities, unread=True)
    assert made.status == 3
    made.allow_unreadable = True
    assert made.status == len(severities)


def test_counts_stand_the_worst_first_with_zeros() -> None:
    made = report([Severity.LOW, Severity.CRITICAL, Severity.LOW])
    assert list(made.counts.items()) == [
        (Severity.CRITICAL, 1),
        (Severity.HIGH, 0),
        (Severity.MEDIUM, 0),
        (Severity.LOW, 2),
        (Severity.INFO, 0),
    ]
    assert sum(made.counts.values()) == len(made.findings)


def test_reasons_are_counted_together_the_most_frequent_first() -> None:
    skipped = tuple(
        Skipped("a", number, reason) for number, reason in enumerate(["x", "y", "y", "z", "z", "z"])
    )
    world = Estate(entities=(), skipped=skipped)
    made = Report(("x",), Settings(), world, Answers([], [], 0, {"x": 5, "w": 2}))
    assert list(made.skipped.items()) == [("x", 6), ("z", 3), ("w", 2), ("y", 2)]
    assert made.answers.passed_over == {"x": 5, "w": 2}, "the answers themselves stay as they are"


def test_changes_come_from_the_findings() -> None:
    made = report([Severity.LOW, Severity.HIGH])
    (change,) = made.changes
    assert sorted(map(id, change.findings)) == sorted(map(id, made.findings))
    assert isinstance(change.findings[0], Finding)
    assert change.findings[0].fault == Fault(message="m", at=(), severity=Severity.HIGH)


def test_a_rule_that_broke_wins_over_all_else() -> None:
    made = report([Severity.CRITICAL], unread=True)
    made.failures = ("a.py:1: the rule x failed",)
    assert made.status == 2
