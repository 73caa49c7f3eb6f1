"""The findings of a scan by group, for people."""

from collections import Counter
from collections.abc import Callable, Iterator

from casemate.engine.grouping import Groups
from casemate.writers.paint import Paint, plain

_FIRST = 3
Wrap = Callable[[str, str], Iterator[str]]


def lines(by: str, groups: Groups, paint: Paint, wrap: Wrap, *, verbose: bool) -> Iterator[str]:
    """Each group with its counts and its worst findings; `verbose` shows all of them."""
    yield paint.bold(f"By {by}")
    for name, findings in groups.items():
        counts = Counter(finding.severity for finding in findings)
        told = "   ".join(paint.severity(s, f"{counts[s]} {s.word}") for s in sorted(counts, reverse=True))
        yield ""
        yield f"  {paint.bold(plain(name))}   {told}"
        worst = sorted(findings, key=lambda finding: -finding.severity)
        for finding in worst if verbose else worst[:_FIRST]:
            told = f"{finding.severity.word}: {finding.entity.title}: {finding.fault.message}"
            yield from wrap(told, "      ")
        if not verbose and len(worst) > _FIRST:
            yield f"      and {len(worst) - _FIRST:,} more"
