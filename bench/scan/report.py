"""The answer as Markdown: tools, one table per case, and which budgets are kept."""

from collections.abc import Iterable, Iterator, Sequence

from bench.scan.cases import Budget, Case
from bench.scan.timing import Timed
from bench.scan.tools import Tool

BY_HAND = "## Reading\n"
"""What stands below this heading is written by hand and kept when the page is written again."""

_OURS = "casemate"


def render(cases: Sequence[Case], tools: Sequence[Tool], facts: Sequence[str]) -> str:
    """The page without what is written by hand."""
    parts = [
        "# The cost of `casemate scan`, beside its peers",
        "Written by `make bench`; how it measures: [bench/README.md](../../bench/README.md).",
        "\n".join(f"- {fact}" for fact in facts),
        "## Budgets",
        _table(["case", "budget", "measured", "kept"], _verdicts(cases)),
    ]
    for case in cases:
        parts += [f"## {case.title}", *_case(case)]
    parts += ["## Tools", _table(["tool", "version", "command for `$D`"], map(_tool, tools))]
    return "\n\n".join(parts) + "\n"


def _case(case: Case) -> Iterator[str]:
    if case.skipped:
        yield f"Not measured: {case.skipped}."
        return
    ours = next(timed for timed in case.timed if timed.name == _OURS).median("cpu")
    head = ["tool", "CPU s (lowest to highest)", "times casemate", "wall s", "peak MB", "exit", "findings"]
    yield _table(head, (_row(case, timed, ours) for timed in case.timed))
    if _limits(case.budget):
        yield f"Casemate's budget: {_limits(case.budget)}."
    if case.notes:
        yield "\n".join(f"- {note}" for note in case.notes)


def _row(case: Case, timed: Timed, ours: float) -> list[str]:
    cpu = [run.cpu for run in timed.runs]
    findings = case.findings.get(timed.name)
    return [
        timed.name,
        f"**{timed.median('cpu'):.3f}** ({min(cpu):.3f} to {max(cpu):.3f})",
        f"{timed.median('cpu') / ours:.2f}",
        f"{timed.median('wall'):.3f}",
        f"{timed.median('megabytes'):.0f}",
        timed.statuses,
        "" if findings is None else f"{findings:,}",
    ]


def _limits(budget: Budget) -> str:
    limits = []
    if budget.cpu is not None:
        limits.append(f"{budget.cpu} s of CPU")
    if budget.megabytes is not None:
        limits.append(f"{budget.megabytes:.0f} MB")
    return ", ".join(limits)


def _verdicts(cases: Sequence[Case]) -> Iterator[list[str]]:
    for case in cases:
        title = case.title.partition(" (")[0]
        if case.skipped:
            yield [title, _limits(case.budget), f"not measured: {case.skipped}", ""]
            continue
        timed = {timed.name: timed for timed in case.timed}
        ours = timed.pop(_OURS)
        for words in _judged(case.budget, ours, timed):
            yield [title, *words]


def _judged(budget: Budget, ours: Timed, peers: dict[str, Timed]) -> Iterator[list[str]]:
    cpu = ours.median("cpu")
    if budget.cpu is not None:
        yield [f"≤ {budget.cpu} s CPU", f"{cpu:.3f} s", _yes(cpu <= budget.cpu)]
    if budget.megabytes is not None:
        peak = max(run.megabytes for run in ours.runs)
        yield [f"≤ {budget.megabytes:.0f} MB", f"{peak:.0f} MB", _yes(peak <= budget.megabytes)]
    if budget.times_less_than is not None and budget.times_less_than[0] in peers:
        name, times = budget.times_less_than
        ratio = peers[name].median("cpu") / cpu
        yield [f"{times:.0f} times less CPU than {name}", f"{ratio:.1f} times", _yes(ratio >= times)]
    if budget.less_than_any and peers:
        best = min(peers.values(), key=lambda peer: peer.median("cpu"))
        least = best.median("cpu")
        yield [
            "less CPU than any peer",
            f"{cpu:.3f} s; of {', '.join(peers)} the least is {best.name}, {least:.3f} s",
            _yes(cpu < least) + (", of those timed" if cpu < least else ""),
        ]


def _tool(tool: Tool) -> list[str]:
    if tool.missing:
        return [tool.name, tool.version, f"not timed: {tool.missing}"]
    return [tool.name, tool.version, f"`{tool.name} {tool.folder}`"]


def _yes(kept: bool) -> str:
    return "yes" if kept else "**no**"


def _table(head: Sequence[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
