"""What cannot be edited is refused with the reason; what is not there does not matter."""

import pytest

from casemate.engine.spans import Span, obstacle, reached
from casemate.model.control import Edit
from casemate.model.place import Path
from casemate.readers.spans import json_span, yaml_spans

TEXT = """\
base: &base {a: 1}
other: *base
merged:
  <<: *base
  b: 2
list:
- x: 1
- &item y
scalar: text
tagged: !!str 1
twice: 1
twice: 2
nothing:
odd: {*base : 1}
"""


@pytest.fixture(scope="module")
def root() -> Span:
    return yaml_spans(TEXT.replace("{*base : 1}", "{*key : 1}").replace("scalar: text", "scalar: &key text"))[
        0
    ][0]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (("base", "a"), "it stands under the anchor &base, which other places may share"),
        (("base", "z"), "it stands under the anchor &base, which other places may share"),
        (("other", "a"), "it is the alias *base: its value stands under an anchor"),
        (("other",), "it is the alias *base: its value stands under an anchor"),
        (("merged", "b"), "it holds a merge key (<<), whose keys other places share"),
        (("merged", "a"), "it holds a merge key (<<), whose keys other places share"),
        (("list", 1), "it stands under the anchor &item, which other places may share"),
        (("list",), "it stands under the anchor &item, which other places may share"),
        (("list", 7), "list is not there"),
        (("list", "x"), "list holds something else than expected"),
        (("list", 0, "x", "y"), "x holds something else than expected"),
        ((0,), "the document holds something else than expected"),
        (("tagged",), "it carries the tag tag:yaml.org,2002:str"),
        (("twice",), "twice stands there twice"),
        (("odd", "x"), "an alias stands there as a key"),
        (("list", 0, "x"), None),
        (("list", 0, "z"), None),
        (("nothing", "a", "b"), None),
        (("absent", "a"), None),
    ],
)
def test_obstacles(root: Span, path: Path, reason: str | None) -> None:
    assert obstacle(root, Edit("remove", path)) == reason


def test_an_item_may_be_added(root: Span) -> None:
    assert obstacle(root, Edit("set", ("list", 2), "x")) is None


def test_the_line_of_a_path_is_that_of_its_last_step_that_is_there(root: Span) -> None:
    for path, line in (
        (("list", 0, "z"), "- x: 1"),
        (("nothing", "a"), "nothing:"),
        (("twice",), "twice: 2"),
    ):
        assert (
            TEXT.replace("*base :", "*key :")
            .replace("scalar: text", "scalar: &key text")[reached(root, path) :]
            .startswith(line)
        )
    assert reached(root, ()) == reached(root, ("absent",)) == 0


def test_json_has_no_obstacles() -> None:
    text = ' {"a": [1, {"b": null}], "a": 2, "c": {}} '
    root = json_span(text, 0)
    assert obstacle(root, Edit("remove", ("a",))) == "a stands there twice"
    assert obstacle(root, Edit("set", ("c", "d"), 1)) is None
    assert text[root.start : root.end] == text.strip()
