"""Paths are written as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemate.model.place import Path, path_text
from tests.trees import LAW


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("spec",), "spec"),
        (("spec", "containers", 0, "image"), "spec.containers[0].image"),
        ((0, "a"), "[0].a"),
        ((0, 1), "[0][1]"),
        (("metadata", "labels", "app.kubernetes.io/name"), 'metadata.labels["app.kubernetes.io/name"]'),
        (("a.b", "c"), '["a.b"].c'),
        (("a/b",), '["a/b"]'),
        (("a[0]",), '["a[0]"]'),
        (("data", ""), 'data[""]'),
        (("", "a"), '[""].a'),
        (("data", "0"), "data.0"),
        (("data", "a-b_c"), "data.a-b_c"),
    ],
)
def test_paths_as_text(path: Path, text: str) -> None:
    assert path_text(path) == text


STEPS = st.lists(st.integers(0, 20) | st.text(st.sampled_from("ab.-/[]0"), max_size=4), max_size=5)


@LAW
@given(STEPS, STEPS)
def test_different_paths_have_different_texts(one: list[str | int], other: list[str | int]) -> None:
    assert (path_text(tuple(one)) == path_text(tuple(other))) is (one == other)
