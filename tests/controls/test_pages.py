"""A control's page is its test: faulty cases give the marked findings, clean ones none."""

from pathlib import Path

import pytest

from casemate.controls.catalogue import all_controls, family
from casemate.model.control import Control
from casemate.testing import read_page, run

PAGES = Path(__file__).parents[1] / "cases"


def page_path(control: Control) -> Path:
    return PAGES / control.family / f"{control.module.rpartition('.')[2]}.md"


@pytest.mark.parametrize("control", all_controls(), ids=lambda control: control.id)
def test_page(control: Control) -> None:
    page = read_page(page_path(control).read_text())
    assert not [f"{page_path(control)}:{m.line}: {m.message}" for m in run(page, control)]
    marks = [case.expected + case.settings_expected for case in page.cases]
    assert any(marks), "a page needs a faulty case"
    assert not all(marks), "a page needs a clean case"
    assert "## Why it matters" in page.text


@pytest.mark.parametrize("control", all_controls(), ids=lambda control: control.id)
def test_names_agree(control: Control) -> None:
    module = control.module.rpartition(".")[2]
    prefix = {
        "pods": "pod",
        "images": "image",
        "manifests": "manifest",
        "network": "network",
        "functions": "function",
        "governance": "governance",
        "waivers": "waiver",
        "secrets": "secret",
        "cluster": "cluster",
        "compose": "compose",
        "references": "reference",
        "admission": "admission",
        "rbac": "rbac",
    }[control.family]
    assert control.id == f"{prefix}-{module.replace('_', '-')}"
    assert control.ask.__name__ == module
    assert control.title
    assert not control.title.endswith(".")
    assert not control.remedy.endswith(".")


def test_ids_are_unique_and_enough() -> None:
    ids = [control.id for control in all_controls()]
    assert len(ids) == len(set(ids))
    assert len(family("pods")) + len(family("images")) >= 35


def test_no_page_without_a_control() -> None:
    assert {page_path(control) for control in all_controls()} == set(PAGES.glob("*/*.md"))


def test_a_wrong_mark_is_noticed() -> None:
    control = next(control for control in all_controls() if control.id == "pod-privileged")
    text = (
        page_path(control)
        .read_text()
        .replace("privileged: true  # finding: pod-privileged", "privileged: true")
    )
    assert list(run(read_page(text), control))
