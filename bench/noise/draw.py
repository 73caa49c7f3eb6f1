"""Draw findings at random from published applications, to be judged by reading the manifests.

`python -m bench.noise.draw` prints each drawn finding with the lines it points at; a judgement is
a line of `judgements.jsonl`: the finding's id, `true`, `false` or `disputed`, and why. What was
judged before is not printed again; `--all` prints it too.
"""

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.scan.corpus import CORPUS, HELP, manifests

SEED = 20261125
COUNT = 200
JUDGEMENTS = Path(__file__).with_name("judgements.jsonl")
_AROUND = 4

Finding = dict[str, Any]


def drawn(folder: Path, seed: int = SEED, count: int = COUNT) -> list[Finding]:
    """A sample of the findings above info in every application of a folder.

    Those whose hash with the seed is smallest: as good as random, and a finding that comes or goes
    with a new control changes the sample by one, so that what was judged stays judged.
    """
    command = [sys.executable, "-m", "casemate", "scan", ".", "--format", "json", "--no-cache", "--quiet"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout
    findings = [f for f in json.loads(answer)["findings"] if f["severity"] != "info"]
    return sorted(findings, key=lambda finding: _rank(finding, seed))[:count]


def _rank(finding: Finding, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed} {key(finding)}".encode()).digest()


def judged() -> dict[str, dict[str, str]]:
    """What was judged so far, by the finding's key."""
    if not JUDGEMENTS.exists():
        return {}
    rows = [json.loads(line) for line in JUDGEMENTS.read_text().splitlines()]
    return {row["key"]: row for row in rows}


def key(finding: Finding) -> str:
    """What a judgement is filed under: one file may be judged otherwise than its copy."""
    return f"{finding['file'].removeprefix('./')}#{finding['id']}"


def _lines(folder: Path, finding: Finding) -> Iterator[str]:
    try:
        text = (folder / finding["file"]).read_text(errors="replace").splitlines()
    except OSError:
        return
    first = max(0, finding["line"] - 1 - _AROUND)
    for number, line in enumerate(text[first : finding["line"] + _AROUND], first + 1):
        yield f"  {'>' if number == finding['line'] else ' '} {number:>4} {line}"


def main() -> None:
    """Print the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--manifests", type=Path, default=CORPUS, help=HELP)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    known = judged()
    with manifests(options.manifests) as folder:
        for number, finding in enumerate(drawn(folder, options.seed, options.count), 1):
            if key(finding) in known and not options.all:
                continue
            subject = finding["subject"]
            print(f"{number}. {key(finding)}")
            print(f"   {finding['control']} {finding['severity']}: {finding['message']}")
            print(f"   {subject['kind']} {subject['name']} · {finding['path']} · {'; '.join(finding['why'])}")
            print("\n".join(_lines(folder, finding)))


if __name__ == "__main__":
    main()
