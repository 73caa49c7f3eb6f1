"""Pages are read as they are written, and a case that does not give what it marks is told with its line."""

from collections.abc import Iterator

import pytest

from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Fault, control
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.testing import Case, Mismatch, Page, read_page, run

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n"
PAGE = f"""# pod-x

Text about it.

```yaml
{POD}      image: bad  # finding: pod-x
```

```json finding=pod-x:2 finding=pod-x:3
{{"apiVersion": "v1", "kind": "Pod", "spec": {{"containers": [
 {{"name": "a", "image": "bad"}},
 {{"name": "b", "image": "bad"}}]}}}}
```

```casemate.yaml
kubernetes: "1.30"
```

```yaml
{POD}      image: good
```

```text
{POD}      image: bad
```
"""


@control("pod-x", title="t", severity=Severity.LOW, consequence=Consequence.NODE, remedy="r")
def ask(container: Container, settings: Settings) -> Iterator[Fault]:
    if container.spec.image == "bad" or str(settings.kubernetes) == "1.1":
        yield Fault(message="bad", at=container.at("image"))


def told(text: str) -> list[tuple[int, str]]:
    return [(mismatch.line, mismatch.message) for mismatch in run(read_page(text), ask)]


def test_a_page_is_its_heading_text_and_cases() -> None:
    page = read_page(PAGE)
    assert (page.control, page.text) == ("pod-x", PAGE)
    assert [(case.line, case.language, case.expected, case.settings) for case in page.cases] == [
        (6, "yaml", [("pod-x", 6)], ""),
        (15, "json", [("pod-x", 2), ("pod-x", 3)], ""),
        (25, "yaml", [], 'kubernetes: "1.30"\n'),
    ]
    assert page.cases[0].text == f"{POD}      image: bad  # finding: pod-x\n"


@pytest.mark.parametrize("text", ["", "pod-x\n", "## pod-x\n", "#pod-x\n"])
def test_a_page_without_its_heading(text: str) -> None:
    with pytest.raises(
        ValueError, match="a page starts with the control's id as its heading: # pod-privileged"
    ):
        read_page(text)


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("# finding: pod-x", [("pod-x", 1)]),
        ("#finding:pod-x", [("pod-x", 1)]),
        ("# finding: pod-y, pod-x", [("pod-x", 1), ("pod-y", 1)]),
        ("# finding: pod-x, pod-x", [("pod-x", 1), ("pod-x", 1)]),
        ("# no finding: here, really?", []),
        ("# a comment", []),
    ],
)
def test_marks(mark: str, expected: list[tuple[str, int]]) -> None:
    (case,) = read_page(f"# x\n```yaml\na: 1  {mark}\n```\n").cases
    assert case.expected == expected


def test_a_sound_page_gives_nothing() -> None:
    assert told(PAGE) == []


def test_what_is_marked_and_not_found_is_told_at_the_mark() -> None:
    wrong = PAGE.replace("image: bad  #", "image: good  #")
    assert told(wrong) == [(11, "pod-x is expected here and was not found")]


def test_what_is_found_and_not_marked_is_told_at_its_line() -> None:
    wrong = PAGE.replace("  # finding: pod-x", "")
    assert told(wrong) == [(11, "pod-x was found here and is not expected")]


def test_a_finding_on_another_line_is_told_twice() -> None:
    wrong = PAGE.replace("finding=pod-x:3", "finding=pod-x:1")
    assert sorted(told(wrong)) == [
        (15, "pod-x is expected here and was not found"),
        (17, "pod-x was found here and is not expected"),
    ]


def test_a_mark_counts_once() -> None:
    wrong = PAGE.replace("# finding: pod-x", "# finding: pod-x, pod-x")
    assert told(wrong) == [(11, "pod-x is expected here and was not found")]


def test_settings_hold_for_the_cases_after_them() -> None:
    assert told(PAGE.replace('"1.30"', '"1.1"')) == [(30, "pod-x was found here and is not expected")]


def test_a_case_that_cannot_be_read_is_told() -> None:
    ((line, message),) = told("# pod-x\n```yaml\na: 1\nb: c: d\n```\n")
    assert line == 4
    assert message.startswith("the case cannot be read: ")


def test_a_page_of_another_control_is_told() -> None:
    assert list(run(Page("pod-y", "", []), ask)) == [
        Mismatch(1, "the page is about pod-y, the control is pod-x")
    ]
    assert list(run(Page("pod-x", "", [Case(1, "yaml", "", [])]), ask)) == []
