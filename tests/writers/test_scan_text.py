"""The first screen leads with what matters, and says what was not read and not answered."""

from collections.abc import Iterable, Iterator
from io import StringIO

import pytest

from casemate.engine.judge import Answers
from casemate.engine.report import Report
from casemate.model.control import Consequence, Finding, NotAssessed
from casemate.model.estate import Coverage, Entity, Estate, Unreadable
from casemate.model.place import Path, Position
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.writers.paint import Paint
from casemate.writers.scan_text import counted, write
from tests.engine.test_changes import asked, entity, finding


class Somewhere:
    """Every finding stands in line 3."""

    def locate(self, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Position]]:
        return ((finding, Position(3, 5)) for finding in findings)

    def place(self, entity: Entity, path: Path) -> str:
        return entity.origin.document.file

    def excerpt(self, finding: Finding, position: Position, around: int) -> tuple[int, list[str]]:
        return position.line, []


def shown(
    findings: Iterable[Finding] = (),
    *,
    unreadable: int = 0,
    not_assessed: Iterable[NotAssessed] = (),
    fail_on: Severity | None = Severity.HIGH,
    verbose: bool = False,
    width: int = 80,
) -> str:
    found = list(findings)
    entities = tuple({id(item.entity): item.entity for item in found}.values())
    unread = tuple(Unreadable(f"f{number}.yaml", 2, 7, "no text") for number in range(unreadable))
    coverage = Coverage(files=1, documents=len(entities) + unreadable)
    world = Estate(entities=entities, coverage=coverage, unreadable=unread)
    report = Report(
        ("here",), Settings(fail_on=fail_on), world, Answers(found, list(not_assessed), len(entities), {})
    )
    out = StringIO()
    write(report, Somewhere(), out, Paint(on=False), width, verbose=verbose)
    return out.getvalue()


def of(number: int, severity: Severity, consequence: Consequence = Consequence.NODE) -> list[Finding]:
    return [
        finding(entity(f"e{severity.word}{n}"), consequence, severity, f"fault {n}") for n in range(number)
    ]


def test_one_is_told_as_one() -> None:
    assert "1 change mends 1 of 1 finding\n" in shown(of(1, Severity.HIGH))


def test_nothing_found() -> None:
    text = shown()
    assert "0 of 0 objects judged in 1 file · nothing unreadable" in text
    assert "Nothing was judged: no object was found that casemate judges." in text
    assert text.endswith("0 findings, exit status 0: nothing is high or worse.\n")
    assert "Change these" not in text


def test_the_worst_are_shown_and_the_rest_is_summed_up() -> None:
    text = shown([*of(7, Severity.CRITICAL), *of(3, Severity.LOW, Consequence.STARVATION)])
    assert "7 critical   3 low" in text
    assert "5 changes mend 5 of 10 findings" in text
    assert [line[:3] for line in text.splitlines() if line[1:2].isdigit() and line[2:3] == "."] == [
        f" {n}." for n in range(1, 6)
    ]
    assert "  critical Whoever takes over this container owns the node (2 findings, 2" in text
    assert "  low      This workload can starve its neighbours on the node (3 findings, 3" in text
    assert " ".join(text.split()).endswith(
        "10 findings, exit status 1: a finding is high or worse; --fail-on changes the bar."
    )


def test_where_nothing_is_severe_the_first_few_are_shown() -> None:
    text = shown(of(2, Severity.LOW))
    assert "Change these\n" in text
    assert "Then" not in text
    assert "2 changes mend 2 of 2 findings" in text


def test_verbose_shows_every_change_and_place() -> None:
    many = [finding(entity("a"), Consequence.NODE, Severity.HIGH, f"fault {n}") for n in range(9)]
    same = [Finding(item.control, many[0].entity, item.fault) for item in many]
    short, long = (shown(same, verbose=verbose) for verbose in (False, True))
    assert short.count("a.yaml:3:5") == 4
    assert "      and 5 more\n" in short
    assert long.count("a.yaml:3:5") == 9
    assert "more" not in long
    everything = shown([*of(7, Severity.CRITICAL), *of(3, Severity.LOW)], verbose=True)
    assert "10. elow2 (ConfigMap)" in everything
    assert "Then" not in everything


@pytest.mark.parametrize(
    ("number", "verbose", "lines", "more"), [(1, False, 1, 0), (9, False, 5, 4), (9, True, 9, 0)]
)
def test_what_was_not_read_stands_at_the_top(number: int, verbose: bool, lines: int, more: int) -> None:
    text = shown(of(1, Severity.HIGH), unreadable=number, verbose=verbose)
    assert f"· {number} unreadable" in text
    assert text.count(".yaml:2:7  no text") == lines
    assert (f"and {more} more (--verbose)" in text) is bool(more)
    assert text.index("Not read, so the answer is incomplete") < text.index("Change these")
    assert "exit status 3: some input was not read; --allow-unreadable to accept" in text


def test_what_was_not_assessed_is_counted_by_question() -> None:
    one, other = asked(Consequence.NODE), asked(Consequence.CLUSTER)
    items = [NotAssessed(one, entity(str(n)), "not every Secret was read") for n in range(3)]
    text = shown(not_assessed=[*items, NotAssessed(other, entity("x"), "not every Role was read")])
    assert (
        "Not assessed\n  t: not every Secret was read (3 objects)\n  t: not every Role was read (1 object)\n"
        in text
    )


@pytest.mark.parametrize(
    ("fail_on", "told"),
    [
        (None, "exit status 0: nothing fails a run here."),
        (Severity.CRITICAL, "exit status 0: nothing is critical or worse."),
        (Severity.LOW, "exit status 1: a finding is low or worse; --fail-on changes the bar."),
    ],
)
def test_the_last_line_says_why_the_run_ends_so(fail_on: Severity | None, told: str) -> None:
    assert " ".join(shown(of(1, Severity.MEDIUM), fail_on=fail_on).split()).endswith(f"1 finding, {told}")


@pytest.mark.parametrize("width", [1, 30, 80, 200])
def test_any_width(width: int) -> None:
    text = shown([*of(7, Severity.CRITICAL), *of(3, Severity.LOW)], unreadable=2, width=width)
    assert "10 findings" in " ".join(text.split())
    if width == 200:
        assert max(map(len, text.splitlines())) <= 100


def test_control_characters_of_names_and_messages_are_taken_out() -> None:
    hostile: Entity = entity("a\x1b[2Jb\nc")
    text = shown([finding(hostile, Consequence.NODE, Severity.HIGH, "m\x1b]0;x\x07\nexit status 0")])
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "a\ufffd[2Jb\ufffdc (ConfigMap)" in text
    assert not any(line.startswith(("c ", "exit status 0")) for line in text.splitlines())


def test_numbers_with_their_nouns() -> None:
    assert [counted(number, "file") for number in (0, 1, 2, 1234)] == [
        "0 files",
        "1 file",
        "2 files",
        "1,234 files",
    ]
