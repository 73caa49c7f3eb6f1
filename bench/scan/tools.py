"""The tools by name: their command lines, and how findings are counted in their JSON answers.

In a command line `$F` is the small file, `$D` the folder, `$FILES` the files of either that the tool
accepts, `$OUT` the file the answer goes to, and `$CACHE` the bench's own folder.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

Count = Callable[[Any], int]


@dataclass(frozen=True)
class Tool:
    """A scanner as it is called."""

    name: str
    version: str
    start: str
    file: str
    folder: str
    count: Count
    program: str = ""
    missing: str = ""

    def command(self, line: str, files: list[str], target: Path, out: Path, cache: Path) -> list[str]:
        """The words of a command line with everything put in."""
        values = {"$F": target, "$D": target, "$OUT": out}
        words: list[str] = [self.program]
        for word in line.split():
            if word == "$FILES":
                words += files
            else:
                words.append(str(values.get(word, word)).replace("$CACHE", str(cache)))
        return words

    def at(self, program: str, version: str = "") -> "Tool":
        """The tool, found."""
        return replace(self, program=program, version=version or self.version)

    def without(self, reason: str) -> "Tool":
        """The tool, not to be had."""
        return replace(self, missing=reason)


def _kubescape(answer: Any) -> int:
    controls = [control for result in answer["results"] for control in result.get("controls") or ()]
    return sum(control["status"]["status"] == "failed" for control in controls)


def _kube_score(answer: Any) -> int:
    checks = [check for item in answer for check in item["checks"] if not check["skipped"]]
    return sum(len(check["comments"] or ()) or 1 for check in checks if check["grade"] < 10)


def _trivy(answer: Any) -> int:
    found = [item for result in answer.get("Results") or () for item in result.get("Misconfigurations") or ()]
    return sum(item["Status"] == "FAIL" for item in found)


def _polaris(answer: Any) -> int:
    """Every check that says `Success: false`, at whatever depth."""
    if isinstance(answer, list):
        return sum(map(_polaris, answer))
    if not isinstance(answer, dict):
        return 0
    return (answer.get("Success") is False) + sum(map(_polaris, answer.values()))


CASEMATE = Tool(
    "casemate",
    "",
    start="--version",
    file="scan $F --format json",
    folder="scan $D --format json",
    count=lambda answer: len(answer["findings"]),
)
CHECKOV = Tool(
    "checkov",
    "3.3.30",
    start="--version",
    file="-f $F --framework kubernetes -o json --skip-download --quiet --compact",
    folder="-d $D --framework kubernetes -o json --skip-download --quiet --compact",
    count=lambda answer: int(answer["summary"]["failed"]),
)
TRIVY = Tool(
    "trivy",
    "0.74.0",
    start="--version",
    file="config --skip-check-update --skip-version-check -q -f json $F",
    folder="config --skip-check-update --skip-version-check -q -f json $D",
    count=_trivy,
)
KUBE_SCORE = Tool(
    "kube-score",
    "1.20.0",
    start="version",
    file="score -o json --kubernetes-version v1.33 $FILES",
    folder="score -o json --kubernetes-version v1.33 $FILES",
    count=_kube_score,
)
KUBE_LINTER = Tool(
    "kube-linter",
    "",
    start="version",
    file="lint $F --format json",
    folder="lint $D --format json",
    count=lambda answer: len(answer["Reports"] or ()),
)
POLARIS = Tool(
    "polaris",
    "",
    start="version",
    file="audit --audit-path $F --format json",
    folder="audit --audit-path $D --format json",
    count=_polaris,
)
_KUBESCAPE = "--use-artifacts-from $CACHE/kubescape --keep-local --format json --output $OUT"
KUBESCAPE = Tool(
    "kubescape",
    "",
    start="version",
    file=f"scan framework nsa $F {_KUBESCAPE}",
    folder=f"scan framework nsa $D {_KUBESCAPE}",
    count=_kubescape,
)
PEERS = {tool.name: tool for tool in (CHECKOV, TRIVY, KUBE_SCORE, KUBE_LINTER, POLARIS, KUBESCAPE)}
