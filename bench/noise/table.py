"""Write docs/quality/noise.md: the drawn findings with their judgements.

`python -m bench.noise.table` ends with status 1 where a drawn finding was not judged yet.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.noise.draw import COUNT, SEED, Finding, drawn, judged, key
from bench.scan.corpus import CHECKOUT, CORPUS, HELP, manifests

PAGE = CHECKOUT / "docs" / "quality" / "noise.md"
READING = "## Reading"


def main() -> None:
    """Draw, join with the judgements, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifests", type=Path, default=CORPUS, help=HELP)
    options = parser.parse_args()
    known = judged()
    with manifests(options.manifests) as folder:
        sample = drawn(folder)
    missing = [finding for finding in sample if key(finding) not in known]
    if missing:
        sys.exit(f"{len(missing)} findings are not judged: python -m bench.noise.draw shows them")
    old = PAGE.read_text().partition(READING) if PAGE.exists() else ("", "", "")
    PAGE.write_text("\n".join(_page(sample, known)) + "\n" + "".join(old[1:]))


def _page(sample: list[Finding], known: dict[str, dict[str, str]]) -> Iterator[str]:
    verdicts = Counter(known[key(finding)]["verdict"] for finding in sample)
    yield "# How many findings are false"
    yield ""
    yield f"{COUNT} findings above info, drawn from the published applications with the seed {SEED}"
    yield "(`bench/noise/draw.py`), each judged by reading its manifest. Written by"
    yield "`python -m bench.noise.table`; the judgements stand in `bench/noise/judgements.jsonl`."
    yield ""
    yield "| verdict | findings |"
    yield "|---|---|"
    for verdict, count in verdicts.most_common():
        yield f"| {verdict} | {count} ({count / len(sample):.1%}) |"
    yield ""
    yield "| | control | severity | where | what is said | verdict | why |"
    yield "|---|---|---|---|---|---|---|"
    for number, finding in enumerate(sample, 1):
        row = known[key(finding)]
        file = finding["file"].removeprefix("./")
        message = finding["message"].replace("|", "\\|")
        place = f"{file}:{finding['line']}"
        cells = (number, finding["control"], finding["severity"], place, message, row["verdict"], row["why"])
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""


if __name__ == "__main__":
    main()
