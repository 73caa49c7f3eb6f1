"""Time the questions about access on a large estate, and beside the naive way on a small one.

Writes the page docs/quality/rbac.md; what stands there below "## Reading" is kept.
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

from bench.rbac.generate import Sizes, write_estate, write_requests  # noqa: E402 # a program beside its own package
from bench.scan import machine, provide  # noqa: E402
from bench.scan.corpus import CHECKOUT  # noqa: E402
from bench.scan.report import BY_HAND  # noqa: E402
from bench.scan.timing import Timed, clean_environment, run_in_turn  # noqa: E402

_HERE = Path(__file__).parent
_PAGE = CHECKOUT / "docs" / "quality" / "rbac.md"


def main() -> None:
    """Generate, run, print and write the page."""
    options = _options()
    cache: Path = options.cache.expanduser().resolve()
    try:
        ours = provide.casemate(CHECKOUT, cache)
    except provide.UnavailableError as error:
        sys.exit(f"bench: casemate cannot be installed: {error}")
    casemate = str(ours.program)
    before = machine.load()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        environment = clean_environment(work / "cache")
        large, rows, questions = _large(casemate, work, environment, options)
        small = _small(casemate, work, environment, options)
    facts = [
        f"Machine: {machine.describe()}; load {before} at the beginning, {machine.load()} at the end.",
        f"Medians of {options.runs} runs, in turn; CPU time is user and system of whole processes, peak "
        "memory the largest resident set in MB of 10⁶ bytes.",
        f"The estate: {large.bindings:,} bindings, {large.roles:,} roles, {large.accounts:,} service "
        f"accounts in {large.namespaces:,} namespaces, generated from a fixed seed as one JSON List.",
    ]
    page = _render(facts, rows, questions, small)
    print(page)
    _write(options.output, page)


def _large(
    casemate: str, work: Path, environment: dict[str, str], options: argparse.Namespace
) -> tuple[Sizes, list[list[str]], list[list[str]]]:
    sizes = Sizes(options.bindings)
    estate, requests, nothing = work / "estate.json", work / "requests.jsonl", work / "nothing.jsonl"
    write_estate(estate, sizes)
    write_requests(requests, sizes, options.requests)
    nothing.write_text("")
    jobs = [
        Timed("load", [casemate, "can", str(estate), "--requests", str(nothing)], work / "load.out"),
        Timed("batch", [casemate, "can", str(estate), "--requests", str(requests)], work / "batch.out"),
        Timed(
            "scan",
            [casemate, "scan", "--no-cache", "--fail-on", "none", "--format", "json", str(estate)],
            work / "scan.out",
        ),
    ]
    run_in_turn(jobs, options.runs, environment)
    load, batch, scan = jobs
    after = batch.median("cpu") - load.median("cpu")
    answers = sum(1 for _ in (work / "batch.out").open("rb"))
    findings = len(json.loads((work / "scan.out").read_bytes())["findings"])
    rows = [
        ["load", "", f"{load.median('cpu'):.2f}", f"{load.median('megabytes'):.0f}", ""],
        [
            f"load and full analysis (`scan`, {findings:,} findings)",
            "20 s, 1,000 MB",
            f"{scan.median('cpu'):.2f}",
            f"{scan.median('megabytes'):.0f}",
            _kept(scan.median("cpu") <= 20 and scan.median("megabytes") <= 1000),
        ],
        [
            f"{answers:,} requests in a batch, after load",
            "20 s for 1,000,000",
            f"{after:.2f}",
            f"{batch.median('megabytes'):.0f}",
            _kept(after <= 20 * answers / 1_000_000),
        ],
    ]
    python = str(Path(casemate).with_name("python"))
    asked = subprocess.run(
        [python, str(_HERE / "queries.py"), str(estate)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    found = json.loads(asked.stdout)
    questions = [
        [
            row["question"],
            f"{row['seconds'] * 1000:.1f} ms",
            f"{row['worst'] * 1000:.1f} ms",
            f"{row['answers']:,}",
            _kept(row["worst"] <= 0.1),
        ]
        for row in found["questions"]
    ]
    return sizes, rows, questions


def _small(
    casemate: str, work: Path, environment: dict[str, str], options: argparse.Namespace
) -> list[list[str]]:
    sizes = Sizes(options.naive_bindings)
    estate, requests = work / "small.json", work / "small.jsonl"
    write_estate(estate, sizes)
    write_requests(requests, sizes, options.naive_requests)
    naive = [sys.executable, str(_HERE / "naive.py"), str(estate), str(requests)]
    jobs = [
        Timed("casemate", [casemate, "can", str(estate), "--requests", str(requests)], work / "ours.out"),
        Timed("naive", naive, work / "naive.out"),
    ]
    run_in_turn(jobs, min(options.runs, 3), environment)
    ours, theirs = ([json.loads(line)["allowed"] for line in job.stdout.open("rb")] for job in jobs)
    if ours != theirs:
        sys.exit("bench: the naive way answers otherwise; one of the two is wrong")
    first = jobs[0].median("cpu")
    return [
        [
            f"{job.name}: {options.naive_requests:,} requests to {sizes.bindings:,} bindings",
            f"{job.median('cpu'):.2f}",
            f"{job.median('cpu') / first:.1f}",
            f"{job.median('megabytes'):.0f}",
        ]
        for job in jobs
    ]


def _render(
    facts: Iterable[str],
    rows: Sequence[list[str]],
    questions: Sequence[list[str]],
    small: Sequence[list[str]],
) -> str:
    parts = [
        "# The cost of questions about access",
        "Written by `python bench/rbac/run.py`; how it measures: [bench/README.md](../../bench/README.md).",
        "\n".join(f"- {fact}" for fact in facts),
        "## A large estate",
        _table(["what", "budget", "CPU s", "peak MB", "kept"], rows),
        "`who-can` after load, each with an authorizer that remembers nothing (budget: 100 ms):",
        _table(["question", "CPU", "worst", "answers", "kept"], questions),
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
    parser.add_argument("--bindings", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--naive-bindings", type=int, default=2_000)
    parser.add_argument("--naive-requests", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3, help="timed runs (default: 3)")
    parser.add_argument("--output", type=Path, default=_PAGE, metavar="FILE")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    parser.add_argument(
        "--cache", type=Path, default=caches / "casemate-bench", help="where casemate is installed"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
