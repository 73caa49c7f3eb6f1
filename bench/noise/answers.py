"""What each tool says about a folder: which check answered for which file."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.scan.tools import Tool


class Answer(NamedTuple):
    """A check that failed in a file, with the check's own short title."""

    check: str
    title: str
    file: str


def ours(folder: Path) -> set[tuple[str, str]]:
    """Our findings as pairs of control and file, every severity, known to `casemate` itself as JSON."""
    command = [sys.executable, "-m", "casemate", "scan", ".", "--format", "json", "--no-cache", "--quiet"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout
    return {(f["control"], f["file"].removeprefix("./")) for f in json.loads(answer)["findings"]}


def checkov(tool: Tool, folder: Path) -> Iterator[Answer]:
    """Checkov's failed checks."""
    options = "--framework kubernetes -o json --skip-download --quiet --compact".split()
    for report in _several(_run([tool.program, "-d", str(folder), *options], folder)):
        for item in report.get("results", {}).get("failed_checks", ()):
            yield Answer(item["check_id"], item["check_name"], item["file_path"].lstrip("/"))


def trivy(tool: Tool, folder: Path) -> Iterator[Answer]:
    """Trivy's failed misconfiguration checks."""
    options = "config --skip-check-update --skip-version-check -q -f json".split()
    (report,) = _several(_run([tool.program, *options, str(folder)], folder))
    for result in report.get("Results") or ():
        for item in result.get("Misconfigurations") or ():
            if item["Status"] == "FAIL":
                yield Answer(item["ID"], item["Title"], result["Target"])


def kube_score(tool: Tool, folder: Path) -> Iterator[Answer]:
    """kube-score's checks below their best grade, file by file, since one bad file ends its run."""
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        options = ["score", "-o", "json", "--kubernetes-version", "v1.33", str(path)]
        for item in _several(_run([tool.program, *options], folder)):
            for check in item["checks"] or ():
                if not check["skipped"] and check["grade"] < 10:
                    file = str(path.relative_to(folder))
                    yield Answer(check["check"]["id"], check["check"]["name"], file)


READERS = {"checkov": checkov, "trivy": trivy, "kube-score": kube_score}


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return re.sub(r"\A[^\[{]*", "", done.stdout)


def _several(text: str) -> list[Any]:
    """A JSON answer as a list; a tool that could not read its input says nothing."""
    value = json.loads(text) if text.strip() else []
    return value if isinstance(value, list) else [value]
