"""Names in a sentence."""

from collections.abc import Sequence


def some(names: Sequence[str], shown: int = 5) -> str:
    """The first few names of a list, and how many there are besides."""
    first = ", ".join(names[:shown])
    return first if len(names) <= shown else f"{first} and {len(names) - shown:,} more"


def counted(names: Sequence[str], word: str = "workload", shown: int = 3) -> str:
    """How many there are, and the first few: `14 workloads (cart, catalog, checkout and 11 more)`."""
    return f"{len(names):,} {word}{'' if len(names) == 1 else 's'} ({some(names, shown)})"
