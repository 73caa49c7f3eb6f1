"""What property tests share: their settings, and random trees of plain values."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

LAW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""No deadline: the speed of the machine that runs a test proves nothing."""

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
"""Text without half characters."""

ODD_TEXT = st.sampled_from(
    "y no null ~ 010 0o7 1e3 1.0 2020-01-01 1:30 << = - # *a &a !x { } [ ' \" | > % @ --- ... \\ é 😀 0x1f".split()
) | st.sampled_from(
    (
        "",
        " ",
        "a: b",
        "a\nb",
        "a\r\nb",
        "\t",
        "\u2028",
        "\x85",
        "\ufeff",
        " a",
        "a ",
        "a #b",
        "? a",
        "- a",
        "[0]",
    )
)
"""Text that YAML or JSON could take for something else."""

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT | ODD_TEXT
"""Scalars that YAML and JSON write the same way."""


def trees(scalars: st.SearchStrategy[Any] = SCALARS, keys: st.SearchStrategy[str] = TEXT | ODD_TEXT) -> Any:
    """Maps and lists of scalars, some levels deep; the root is a map."""
    inner = st.recursive(
        scalars,
        lambda child: st.lists(child, max_size=4) | st.dictionaries(keys, child, max_size=4),
        max_leaves=20,
    )
    return st.dictionaries(keys, inner, min_size=1, max_size=4)
