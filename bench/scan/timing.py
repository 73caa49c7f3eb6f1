"""Whole processes, timed in turn, so that a noisy minute falls on every tool alike."""

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_LAUNCHER = str(Path(__file__).with_name("launch.py"))


@dataclass(frozen=True)
class Run:
    """What one process cost."""

    cpu: float
    wall: float
    megabytes: float
    status: int


@dataclass
class Timed:
    """A command, where its output goes, and what its runs cost."""

    name: str
    command: Sequence[str]
    stdout: Path
    runs: list[Run] = field(default_factory=list)

    def median(self, what: str) -> float:
        """The median over the runs of `cpu`, `wall` or `megabytes`."""
        return float(statistics.median(getattr(run, what) for run in self.runs))

    @property
    def statuses(self) -> str:
        """The exit status, or all of them where runs differ."""
        return ", ".join(sorted({str(run.status) for run in self.runs}))


def clean_environment(cache: Path) -> dict[str, str]:
    """The environment of the timed processes: no Python switches, and caches in a folder of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "XDG_CACHE_HOME": str(cache)}


def run_once(timed: Timed, environment: Mapping[str, str]) -> Run:
    """Run a command once."""
    stderr = timed.stdout.with_suffix(".err")
    launch = [sys.executable, "-I", "-S", _LAUNCHER, str(timed.stdout), str(stderr), *timed.command]
    answer = subprocess.run(launch, check=True, capture_output=True, text=True, env=environment)
    cpu, wall, kib, status = answer.stdout.split()
    return Run(float(cpu), float(wall), int(kib) * 1024 / 1e6, int(status))


def run_in_turn(jobs: Sequence[Timed], runs: int, environment: Mapping[str, str]) -> None:
    """One warm-up each, then A B C, A B C, ..."""
    for job in jobs:
        run_once(job, environment)
    for _ in range(runs):
        for job in jobs:
            job.runs.append(run_once(job, environment))
