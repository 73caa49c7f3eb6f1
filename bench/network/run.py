"""Time connections of large clusters, one change, and small clusters beside the naive way and a peer.

Writes the page docs/quality/network.md; what stands there below "## Reading" is kept.
"""

import argparse
import csv
import json
import os
import re
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
_PEER, _VERSION = "network-config-analyzer", "2.1.0"
_MIDDLE, _LARGE = Sizes(5_000, 250, 1_250), Sizes(150_000, 10_000, 20_000)
_BESIDE = Sizes(400, 20, 100)
_PAIR = re.compile(r"(\S+\[\w+\]) => (\S+\[\w+\]) :")


def main() -> None:
    """Generate, run, print and write the page."""
    options = _options()
    cache: Path = options.cache.expanduser().resolve()
    try:
        casemate = str(provide.casemate(CHECKOUT, cache).program)
    except provide.UnavailableError as error:
        sys.exit(f"bench: casemate cannot be installed: {error}")
    before = machine.load()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        environment = clean_environment(work / "cache")
        rows = _clusters(casemate, work, environment, options.runs)
        changes = _changes(casemate, work, environment)
        naive = _naive(casemate, work, environment, options)
        peer = _peer(casemate, work, environment, cache, options.runs)
    facts = [
        f"Machine: {machine.describe()}; load {before} at the beginning, {machine.load()} at the end.",
        f"Medians of {options.runs} runs, in turn; CPU time is user and system of whole processes, peak "
        "memory the largest resident set in MB of 10⁶ bytes.",
        "Clusters are generated from a fixed seed as one JSON List: workloads of one to eight replicas with "
        "two named ports, rules with names and ranges of ports, with labels of pods and namespaces, and with "
        "ranges of addresses that have exceptions.",
    ]
    page = _render(facts, rows, changes, naive, peer)
    print(page)
    _write(options.output, page)


def _clusters(casemate: str, work: Path, environment: dict[str, str], runs: int) -> list[list[str]]:
    rows = []
    for name, sizes, budget in (("middle", _MIDDLE, (1.0, 1_500)), ("large", _LARGE, (20.0, 1_500))):
        cluster, queries = work / f"{name}.json", work / f"{name}.jsonl"
        write_cluster(cluster, sizes)
        write_queries(queries, sizes, 1_000)
        asked = [casemate, "reach", str(cluster), "--queries", str(queries)]
        all_of_it = [casemate, "reach", str(cluster), "--format", "classes"]
        jobs = [
            Timed("all connections, asked for 1,000", asked, work / f"{name}.asked"),
            Timed("all connections, written as classes", all_of_it, work / f"{name}.classes"),
        ]
        run_in_turn(jobs, runs, environment)
        for job in jobs:
            _check(job)
            cpu, peak = job.median("cpu"), job.median("megabytes")
            kept = cpu <= budget[0] and peak <= budget[1]
            size = f"{job.stdout.stat().st_size / 1e6:.1f}"
            limit = f"{budget[0]:.0f} s, {budget[1]:,} MB"
            rows.append([_words(sizes), job.name, limit, f"{cpu:.2f}", f"{peak:.0f}", size, _kept(kept)])
    return rows


def _changes(casemate: str, work: Path, environment: dict[str, str]) -> list[list[str]]:
    python = str(Path(casemate).with_name("python"))
    command = [python, str(_HERE / "changes.py"), str(work / "large.json")]
    asked = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return [
        [row["change"], _milliseconds(row["median"]), _milliseconds(row["worst"]), _kept(row["worst"] <= 0.1)]
        for row in json.loads(asked.stdout)
    ]


def _naive(
    casemate: str, work: Path, environment: dict[str, str], options: argparse.Namespace
) -> list[list[str]]:
    cluster, queries = work / "middle.json", work / "naive.jsonl"
    write_queries(queries, _MIDDLE, options.questions)
    words = [str(cluster), str(queries)]
    jobs = [
        Timed("casemate", [casemate, "reach", words[0], "--queries", words[1]], work / "ours.out"),
        Timed("naive", [sys.executable, str(_HERE / "naive.py"), *words], work / "naive.out"),
    ]
    run_in_turn(jobs, options.runs, environment)
    ours, theirs = ([json.loads(line)["allowed"] for line in job.stdout.open("rb")] for job in jobs)
    if ours != theirs or len(ours) != options.questions:
        sys.exit("bench: the naive way answers otherwise; one of the two is wrong")
    what = f"{options.questions:,} questions to {_words(_MIDDLE)}, {sum(ours):,} of them allowed"
    return [_beside(job, jobs[0], what) for job in jobs]


def _peer(
    casemate: str, work: Path, environment: dict[str, str], cache: Path, runs: int
) -> list[list[str]] | str:
    """The rows beside the peer, or the reason why there are none."""
    try:
        program = provide.from_index(_PEER, _VERSION, "nca", cache)
    except provide.UnavailableError as error:
        return str(error)
    cluster, listed = work / "peer.json", work / "peer.txt"
    write_cluster(cluster, _BESIDE)
    file = str(cluster)
    theirs = [
        program,
        "--connectivity",
        file,
        "-n",
        file,
        "-p",
        file,
        "-o",
        "txt_no_fw_rules",
        "-f",
        str(listed),
    ]
    jobs = [
        Timed("casemate", [casemate, "reach", file, "--format", "csv"], work / "peer.csv"),
        Timed(f"{_PEER} {_VERSION}", theirs, work / "peer.log"),
    ]
    run_in_turn(jobs, runs, environment)
    mine = {(row["src"], row["dst"]) for row in csv.DictReader(jobs[0].stdout.open(encoding="utf-8"))}
    mine = {pair for pair in mine if all("[" in name for name in pair)}
    other = {tuple(found) for found in _PAIR.findall(listed.read_text(encoding="utf-8"))}
    if mine == other:
        same = f"the same {len(mine):,} pairs of workloads"
    else:
        same = f"{len(mine - other):,} pairs of workloads more, {len(other - mine):,} less"
    what = f"all connections of {_words(_BESIDE)}: {same}"
    return [_beside(job, jobs[0], what) for job in jobs]


def _beside(job: Timed, first: Timed, what: str) -> list[str]:
    cpu = job.median("cpu")
    times = f"{cpu / first.median('cpu'):.1f}"
    return [f"{job.name}: {what}", f"{cpu:.2f}", times, f"{job.median('megabytes'):.0f}"]


def _check(job: Timed) -> None:
    if job.statuses != "0":
        sys.exit(f"bench: {' '.join(job.command)} ended with {job.statuses}")


def _render(
    facts: Iterable[str],
    rows: Sequence[list[str]],
    changes: Sequence[list[str]],
    naive: Sequence[list[str]],
    peer: Sequence[list[str]] | str,
) -> str:
    beside = ["who", "CPU s", "times casemate", "peak MB"]
    parts = [
        "# The cost of connections",
        "Written by `python bench/network/run.py`; how it measures: "
        "[bench/README.md](../../bench/README.md).",
        "\n".join(f"- {fact}" for fact in facts),
        "## Large clusters",
        "Cold, from JSON: start, reading, all connections, and the answer.",
        _table(["cluster", "what", "budget", "CPU s", "peak MB", "answer MB", "kept"], rows),
        "## One change",
        f"With the cluster of {_words(_LARGE)} loaded, each change by itself (budget: 100 ms). A pod that is "
        "like no other one, and a policy that asks for what none asked for, are worked out anew.",
        _table(["change", "CPU", "worst", "kept"], changes),
        "## Beside the naive way",
        "Whole processes; both answer the same.",
        _table(beside, naive),
        "## Beside a peer",
        f"{_PEER} cannot be had: {peer}." if isinstance(peer, str) else _table(beside, peer),
    ]
    return "\n\n".join(parts) + "\n"


def _words(sizes: Sizes) -> str:
    return f"{sizes.pods:,} pods, {sizes.namespaces:,} namespaces, {sizes.policies:,} policies"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


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
    parser.add_argument("--questions", type=int, default=20_000, help="to the naive way (default: 20,000)")
    parser.add_argument("--runs", type=int, default=3, help="timed runs (default: 3)")
    parser.add_argument("--output", type=Path, default=_PAGE, metavar="FILE")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    parser.add_argument(
        "--cache",
        type=Path,
        default=caches / "casemate-bench",
        help="where casemate and the peer are installed",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
