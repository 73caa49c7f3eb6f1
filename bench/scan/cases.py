"""What is measured: the cases, their budgets, and the runs of each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.scan.generate import write_cluster
from bench.scan.provide import accepted
from bench.scan.timing import Timed, run_in_turn
from bench.scan.tools import Tool

SMALL_FILE = "microservices-demo/kubernetes-manifests/adservice.yaml"


@dataclass(frozen=True)
class Budget:
    """What casemate must keep to in a case, in CPU seconds and megabytes."""

    cpu: float | None = None
    megabytes: float | None = None
    times_less_than: tuple[str, float] | None = None
    less_than_any: bool = False


@dataclass
class Case:
    """One question put to several tools, and what they needed for it."""

    title: str
    budget: Budget
    timed: list[Timed] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    skipped: str = ""


class Bench:
    """The tools, the input and a folder to work in; one method per case."""

    def __init__(
        self,
        tools: Sequence[Tool],
        folder: Path,
        work: Path,
        cache: Path,
        environment: Mapping[str, str],
        runs: int,
    ) -> None:
        self.tools = tools
        self.folder = folder
        self.work = work
        self.cache = cache
        self.environment = environment
        self.runs = runs
        self.files = sorted(str(path) for path in folder.rglob("*") if path.is_file())

    def start_up(self) -> Case:
        """How long it takes to say a version; the interpreter alone is the floor."""
        case = Case("Start-up (`casemate --version`)", Budget(cpu=0.06))
        python = str(Path(self.tools[0].program).with_name("python"))
        case.timed.append(
            Timed("the interpreter alone (`-c pass`)", [python, "-c", "pass"], self.work / "python")
        )
        for tool in self.tools:
            case.timed.append(Timed(tool.name, [tool.program, tool.start], self.work / f"{tool.name}.start"))
        run_in_turn(case.timed, self.runs, self.environment)
        return case

    def small_file(self) -> Case:
        """One file of 2 kB, as in an editor or a commit hook."""
        path = self.folder / SMALL_FILE
        case = Case("One small file", Budget(cpu=0.15, times_less_than=("checkov", 20)))
        if not path.exists():
            case.skipped = f"the manifests hold no {SMALL_FILE}"
            return case
        case.title += f" (`$F`, {path.stat().st_size:,} bytes)"
        self._scan(case, [(tool, tool.file) for tool in self.tools], path)
        return case

    def all_files(self) -> Case:
        """The whole folder, nothing remembered from an earlier run."""
        size = sum(Path(file).stat().st_size for file in self.files)
        case = Case(
            f"All manifests (`$D`, {len(self.files)} files, {size / 1e6:.1f} MB)",
            Budget(cpu=0.4, megabytes=120, less_than_any=True),
        )
        self._scan(case, [(tool, tool.folder) for tool in self.tools], self.folder)
        return case

    def unchanged(self) -> Case:
        """The folder again, with casemate's answers of the last run at hand."""
        case = Case("The same manifests again, unchanged, with the cache", Budget(cpu=0.2, megabytes=120))
        tool = self.tools[0]
        line = tool.folder.replace(" --no-cache", "")
        if line == tool.folder:
            case.skipped = "this casemate has no cache"
        else:
            self._scan(case, [(tool, line)], self.folder)
        return case

    def large_cluster(self, objects: int) -> Case:
        """One file with many objects, no two alike."""
        case = Case(f"{objects:,} distinct objects in one file", Budget(megabytes=512))
        path = self.work / "cluster.json"
        write_cluster(path, objects)
        case.title += f" (`kubectl get -o json`, {path.stat().st_size / 1e6:.0f} MB)"
        self._scan(case, [(self.tools[0], self.tools[0].file)], path)
        path.unlink()
        return case

    def _scan(self, case: Case, lines: Sequence[tuple[Tool, str]], target: Path) -> None:
        for tool, line in lines:
            out = self.work / f"{tool.name}.json"
            stdout = out.with_suffix(".out") if "$OUT" in line else out
            files = self.files if target.is_dir() else [str(target)]
            if "$FILES" in line:
                kept = accepted(tool, files)
                if len(kept) < len(files):
                    case.notes.append(
                        f"{tool.name} refuses {len(files) - len(kept)} of the files and got the others"
                    )
                files = kept
            command = tool.command(line, files, target, out, self.cache)
            case.timed.append(Timed(tool.name, command, stdout))
        run_in_turn(case.timed, self.runs, self.environment)
        for tool, _ in lines:
            self._count(case, tool)

    def _count(self, case: Case, tool: Tool) -> None:
        try:
            with (self.work / f"{tool.name}.json").open(encoding="utf-8") as file:
                case.findings[tool.name] = tool.count(json.load(file))
        except (OSError, ValueError, LookupError, TypeError) as error:
            case.notes.append(f"the findings of {tool.name} could not be counted: {type(error).__name__}")
