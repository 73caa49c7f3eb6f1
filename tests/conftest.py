"""What many tests share: the corpora, where they are, and the command line in this process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of independent cases; tests that need it are skipped where it is absent."""
    if not CORPORA.is_dir():
        pytest.skip(f"the corpora are not here: {CORPORA}")
    return CORPORA


class Ran:
    """What a command did."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.status = done.returncode
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

    @property
    def answer(self) -> Any:
        """Its standard output as JSON."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def run() -> Any:
    """Run the command line as a user does, in a process of its own."""

    def call(*arguments: object, stdin: bytes = b"", timeout: float = 60, **options: Any) -> Ran:
        command = [sys.executable, "-m", "casemate", *map(str, arguments)]
        done = subprocess.run(
            command, input=stdin, capture_output=True, timeout=timeout, check=False, **options
        )  # our own program
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        assert done.returncode in {0, 1, 2, 3}, done.stderr.decode()
        return Ran(done)

    return call
