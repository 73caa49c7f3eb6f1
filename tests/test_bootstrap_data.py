"""The data about Kubernetes' own roles are what their program writes, where the releases' sources are there."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from casemate.analysis.rbac.bootstrap import table
from casemate.model.version import NEWEST

PROGRAM = Path(__file__).parent.parent / "docs" / "bootstrap_roles.py"


@pytest.mark.slow
def test_the_data_are_what_the_program_writes() -> None:
    spec = importlib.util.spec_from_file_location("bootstrap_roles", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    if shutil.which("go") is None:
        pytest.skip("Go is not there")
    try:
        modules = program.modules()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    for name, text in modules.items():
        assert (program.OUT / f"{name}.py").read_text(encoding="utf-8") == text, f"run: python {PROGRAM}"


def test_every_release_that_casemate_knows_is_in_the_data() -> None:
    history = table.roles()["ClusterRole", None, "cluster-admin"]
    assert [minor for minor in range(NEWEST.minor + 9) if history.is_made(minor)] == list(
        range(table.OLDEST, NEWEST.minor + 1)
    )
