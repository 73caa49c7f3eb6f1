"""Time `casemate reach` on large clusters, and beside the naive way on a small one.

Writes the page docs/quality/network.md; what stands there below "## Reading" is kept.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.network.generate import Sizes, write_cluster, write_queries  # noqa: E402 # a program beside its own package
from bench.scan import machine, provide  # noqa: E402
from bench.scan.corpus import CHECKOUT  # noqa: E402
from bench.scan.report import BY_HAND  # noqa: E402
from bench.scan.timing import Timed, clean_environment, run_in_turn  # noqa: E402

_HERE = Path(__file__).parent
_PAGE = CHECKOUT / "docs" / "quality" / "network.md"
_CLUSTERS = ((Sizes(5_000, 250, 1_250), 1.0, 0), (Sizes(150_000, 10_000, 20_000), 20.0, 1_500))
_SMALL = Sizes(600, 30, 150)


def main() -> None:
    """Generate, run, print and write the page."""
    options = _options()
    cache: Path = options.cache.expanduser().resolve()
    try:
        casemate = provide.casemate(CHECKOUT, cache).program
    except provide.UnavailableError as error:
        sys.exit(f"bench: casemate cannot be installed: {error}")
    before = machine.load()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        environment = clean_environment(work / "cache")
        rows, changes = [], []
        for sizes, seconds, megabytes in _CLUSTERS:
            rows.append(_cluster(casemate, work, environment, options.runs, sizes, seconds, megabytes))
            changes += _changes(casemate, work / "cluster.json", environment, sizes)
        small = _beside_naive(casemate, work, environment, options.runs)
    facts = [
        f"Machine: {machine.describe()}; load {before} at the beginning, {machine.load()} at the end.",
        f"Medians of {options.runs} runs; CPU time is user and system of whole processes, from JSON, cold; "
        "peak memory the largest resident set in MB of 10⁶ bytes.",
        "The clusters are generated from a fixed seed as one JSON List; a third of the rules name ports, and "
        "ranges of addresses with exceptions are among the peers.",
    ]
    page = _render(facts, rows, changes, small)
    print(page)
    _write(options.output, page)


def _cluster(
    casemate: str,
    work: Path,
    environment: dict[str, str],
    runs: int,
    sizes: Sizes,
    seconds: float,
    megabytes: int,
) -> list[str]:
    cluster, queries = work / "cluster.json", work / "queries.jsonl"
    write_cluster(cluster, sizes)
    write_queries(queries, sizes, 100)
    job = Timed("reach", [casemate, "reach", str(cluster), "--queries", str(queries)], work / "reach.out")
    run_in_turn([job], runs, environment)
    cpu, memory = job.median("cpu"), job.median("megabytes")
    kept = cpu <= seconds and (not megabytes or memory <= megabytes)
    budget = f"{seconds:g} s" + (f", {megabytes:,} MB" if megabytes else "")
    return [_words(sizes), budget, f"{cpu:.2f}", f"{memory:.0f}", _kept(kept)]


def _changes(casemate: str, cluster: Path, environment: dict[str, str], sizes: Sizes) -> list[list[str]]:
    python = str(Path(casemate).with_name("python"))
    command = [python, str(_HERE / "changes.py"), str(cluster)]
    asked = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found = json.loads(asked.stdout)
    return [
        [
            f"one {what} of {_words(sizes)}",
            f"{found[what]['median'] * 1000:.1f} ms",
            f"{found[what]['worst'] * 1000:.1f} ms",
            _kept(found[what]["worst"] <= 0.1),
        ]
        for what in ("policy", "pod")
    ]


def _beside_naive(casemate: str, work: Path, environment: dict[str, str], runs: int) -> list[list[str]]:
    cluster, queries = work / "small.json", work / "small.jsonl"
    write_cluster(cluster, _SMALL)
    write_queries(queries, _SMALL, 20_000)
    jobs = [
        Timed("casemate", [casemate, "reach", str(cluster), "--queries", str(queries)], work / "ours.out"),
        Timed(
            "naive", [sys.executable, str(_HERE / "naive.py"), str(cluster), str(queries)], work / "naive.out"
        ),
    ]
    run_in_turn(jobs, runs, environment)
    ours, theirs = ([json.loads(line)["allowed"] for line in job.stdout.open("rb")] for job in jobs)
    if ours != theirs:
        sys.exit("bench: the naive way answers otherwise; one of the two is wrong")
    first = jobs[0].median("cpu")
    return [
        [
            f"{job.name}: 20,000 questions about {_words(_SMALL)}",
            f"{job.median('cpu'):.2f}",
            f"{job.median('cpu') / first:.1f}",
            f"{job.median('megabytes'):.0f}",
        ]
        for job in jobs
    ]


def _words(sizes: Sizes) -> str:
    return f"{sizes.pods:,} pods, {sizes.namespaces:,} namespaces, {sizes.policies:,} policies"


def _render(
    facts: Iterable[str],
    rows: Sequence[list[str]],
    changes: Sequence[list[str]],
    small: Sequence[list[str]],
) -> str:
    parts = [
        "# The cost of questions about connections",
        "Written by `python bench/network/run.py`; how it measures: "
        "[bench/README.md](../../bench/README.md).",
        "\n".join(f"- {fact}" for fact in facts),
        "## From JSON to answers",
        "All connections are worked out, and a hundred questions answered.",
        _table(["cluster", "budget", "CPU s", "peak MB", "kept"], rows),
        "## A change",
        "Worked out again after one policy or pod has changed, of what policies tell apart already "
        "(budget: 100 ms).",
        _table(["what", "CPU, median", "worst", "kept"], changes),
        "## Beside the naive way",
        "Load and answers, whole processes; both answer the same.",
        _table(["who", "CPU s", "times casemate", "peak MB"], small),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _kept(kept: bool) -> str:  # one private use
    return "yes" if kept else "**no**"


def _write(path: Path, page: str) -> None:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    by_hand = old[old.index(BY_HAND) :] if BY_HAND in old else ""
    path.write_text(page + (f"\n{by_hand}" if by_hand else ""), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="timed runs (default: 3)")
    parser.add_argument("--output", type=Path, default=_PAGE, metavar="FILE")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    parser.add_argument(
        "--cache", type=Path, default=caches / "casemate-bench", help="where casemate is installed"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
