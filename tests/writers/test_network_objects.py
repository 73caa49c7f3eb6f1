"""Network policies as YAML: what is written is read back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casemate.readers import yaml_text as reader
from casemate.writers.network_objects import Noted, yaml_text

leaves = st.one_of(st.text(max_size=20), st.integers(0, 70_000), st.booleans())
keys = st.text(min_size=1, max_size=12)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(st.one_of(leaves, st.dictionaries(keys, inner, max_size=3)), max_size=3),
        st.dictionaries(keys, inner, max_size=3),
    ),
    max_leaves=12,
)


def read(text: str) -> list[Any]:
    return [
        tree.value
        for chunk in reader.split(text.encode())
        for tree in reader.read(chunk)
        if isinstance(tree, reader.Tree)
    ]


@given(st.lists(st.dictionaries(keys, trees, min_size=1, max_size=4), min_size=1, max_size=3))
def test_what_is_written_is_read_back(objects: list[dict[str, Any]]) -> None:
    text = "\n".join(yaml_text([Noted(tree) for tree in objects])) + "\n"
    assert read(text) == objects


def test_comments_stand_above_what_they_are_about() -> None:
    tree = {"spec": {"ingress": [{}, {"from": ["a", "b"]}], "long": ["x" * 60, "y" * 60], "on": True}}
    noted = Noted(tree, ("the\nobject",), {("spec", "ingress", 1): ("why",)})
    assert list(yaml_text([noted])) == [
        "# the object",
        "spec:",
        "  ingress:",
        "    - {}",
        "    # why",
        "    - from: [a, b]",
        "  long:",
        f"    - {'x' * 60}",
        f"    - {'y' * 60}",
        '  "on": true',
    ]
