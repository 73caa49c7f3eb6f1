"""Time `casemate scan` beside its peers and write the page docs/quality/scan.md."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.scan import machine, provide, report  # noqa: E402 # a program beside its own package
from bench.scan.cases import Bench  # noqa: E402
from bench.scan.corpus import CHECKOUT, CORPUS, HELP, manifests  # noqa: E402
from bench.scan.timing import clean_environment  # noqa: E402
from bench.scan.tools import PEERS  # noqa: E402


def main() -> None:
    """Get the tools, run the cases, print and write the page."""
    options = _options()
    cache: Path = options.cache.expanduser().resolve()
    try:
        ours = provide.casemate(CHECKOUT, cache)
    except provide.UnavailableError as error:
        sys.exit(f"bench: casemate cannot be installed: {error}")
    peers = [provide.peer(PEERS[name], cache) for name in options.peers]
    before = machine.load()
    with manifests(options.manifests) as folder, tempfile.TemporaryDirectory() as work:
        environment = clean_environment(Path(work) / "cache")
        tools = [ours, *(tool for tool in peers if not tool.missing)]
        bench = Bench(tools, folder, Path(work), cache, environment, options.runs)
        cases = [bench.start_up(), bench.small_file(), bench.all_files(), bench.unchanged()]
        if options.objects:
            cases.append(bench.large_cluster(options.objects))
    facts = [
        f"Machine: {machine.describe()}; load {before} at the beginning, {machine.load()} at the end.",
        f"Medians of {options.runs} runs after one warm-up, the tools in turn. Time is CPU time (user and "
        "system, all threads and children) unless it says wall; trust CPU where the machine is shared.",
        "Peak memory is the largest resident set of any one process of the tool, in MB of 10⁶ bytes.",
        "Findings only show that a tool judged its input: the tools ask different questions.",
    ]
    page = report.render(cases, [ours, *peers], facts)
    print(page)
    _write(options.output, page)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifests", type=Path, default=CORPUS, metavar="FOLDER", help=HELP)
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each tool (default: 5)")
    parser.add_argument(
        "--output", type=Path, default=CHECKOUT / "docs" / "quality" / "scan.md", metavar="FILE"
    )
    parser.add_argument(
        "--peers",
        type=_peers,
        default=list(PEERS),
        metavar="NAMES",
        help=f"all, none, or some of {','.join(PEERS)}",
    )
    parser.add_argument(
        "--objects", type=int, default=50_000, help="objects of the large file; 0 leaves it out"
    )
    caches = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    parser.add_argument(
        "--cache", type=Path, default=caches / "casemate-bench", help="where the tools are installed"
    )
    return parser.parse_args()


def _peers(text: str) -> list[str]:
    names = {"all": list(PEERS), "none": []}.get(text, text.split(","))
    if unknown := [name for name in names if name not in PEERS]:
        raise argparse.ArgumentTypeError(
            f"there is no peer {', '.join(unknown)}; peers are {', '.join(PEERS)}"
        )
    return names


def _write(path: Path, page: str) -> None:
    """Write the page; what stands in the old one below its heading by hand stays."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    _, heading, by_hand = old.partition(report.BY_HAND)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page + (f"\n{heading}{by_hand}" if heading else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
