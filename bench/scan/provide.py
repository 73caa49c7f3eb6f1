"""Get the tools: casemate and checkov into environments of their own, Go peers built or found on PATH."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bench.scan.tools import CASEMATE, Tool

_MODULES = {
    "trivy": "github.com/aquasecurity/trivy/cmd/trivy",
    "kube-score": "github.com/zegl/kube-score/cmd/kube-score",
}
_VERSION = re.compile(r"\d+\.\d+\.\d+\S*|\d+\.\d+")


class UnavailableError(Exception):
    """A tool cannot be had; the text says why."""


def casemate(checkout: Path, cache: Path) -> Tool:
    """Casemate as its users have it: the built wheel and the locked set."""
    python = _environment(cache / "casemate")
    _pip(python, "--require-hashes", "-r", str(checkout / "requirements" / "run.txt"))
    _pip(python, "--no-deps", "--force-reinstall", str(checkout))
    program = str(python.with_name("casemate"))
    tool = CASEMATE.at(program, _call(program, "--version").split()[-1])
    if "--no-cache" not in _call(program, "scan", "--help"):
        return tool
    return replace(tool, file=f"{tool.file} --no-cache", folder=f"{tool.folder} --no-cache")


def peer(tool: Tool, cache: Path) -> Tool:
    """A peer ready to run, or with the reason why it is missing."""
    try:
        if tool.name == "checkov":
            return _checkov(tool, cache)
        if tool.name in _MODULES:
            return _built(tool, cache)
        return _on_path(tool, cache)
    except UnavailableError as error:
        return tool.without(str(error))


def from_index(package: str, version: str, program: str, cache: Path) -> str:
    """A program of a package, in an environment of its own.

    Raises `UnavailableError` where it cannot be installed.
    """
    folder = cache / f"{package}-{version}"
    found = folder / "bin" / program
    if not found.exists():
        _say(f"installing {package} {version}")
        _pip(_environment(folder), f"{package}=={version}")
    return str(found)


def _checkov(tool: Tool, cache: Path) -> Tool:
    return tool.at(from_index("checkov", str(tool.version), "checkov", cache))


def _built(tool: Tool, cache: Path) -> Tool:
    folder = cache / f"{tool.name}-{tool.version}"
    program = folder / tool.name
    if not program.exists():
        if shutil.which("go") is None:
            raise UnavailableError("no Go toolchain to build it with")
        _say(f"building {tool.name} {tool.version}; this takes minutes")
        environment = {**os.environ, "GOBIN": str(folder), "GOEXPERIMENT": "jsonv2"}
        _call("go", "install", f"{_MODULES[tool.name]}@v{tool.version}", environment=environment)
    return tool.at(str(program))


def _on_path(tool: Tool, cache: Path) -> Tool:
    program = shutil.which(tool.name)
    if program is None:
        raise UnavailableError("not found on PATH")
    if tool.name == "kubescape" and not (cache / "kubescape").exists():
        _call(program, "download", "artifacts", "--output", str(cache / "kubescape"))
    version = _VERSION.search(_call(program, tool.start))
    return tool.at(program, version[0] if version else "unknown")


def accepted(tool: Tool, files: list[str]) -> list[str]:
    """The files a tool answers for: kube-score refuses a whole run for one file it cannot read."""
    line = [tool.program, *tool.file.replace("$FILES", "").split()]
    return [file for file in files if subprocess.run([*line, file], capture_output=True, check=False).stdout]


def _environment(folder: Path) -> Path:
    """The Python of a virtual environment, made when it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        _call(sys.executable, "-m", "venv", str(folder))
    return python


def _pip(python: Path, *arguments: str) -> None:
    """Install, with bytecode: a tool's first start must not pay for compiling it."""
    _call(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--compile", *arguments)


def _call(*command: str, environment: Mapping[str, str] | None = None) -> str:
    """The output of a command that must succeed; its last words are the reason when it does not."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines() or [f"status {done.returncode}"]
        raise UnavailableError(f"{Path(command[0]).name} {' '.join(command[1:3])}: {words[-1]}")
    return done.stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
