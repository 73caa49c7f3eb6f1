"""Controls are found by looking into the folders of the families."""

import importlib
import sys
from pathlib import Path

import pytest

from casemate import controls
from casemate.analysis.pods import Container, Pod
from casemate.controls.catalogue import (
    _names,
    _subject,
    add_own,
    all_controls,
    controls_for,
    families,
    family,
    own,
)
from casemate.model.control import Control
from casemate.model.errors import ControlError
from casemate.model.estate import Entity, Workload
from casemate.readers.manifests import read_text


def test_families_are_the_folders() -> None:
    folders = {path.name for path in Path(controls.__path__[0]).iterdir() if path.is_dir()}
    assert set(families()) == {name for name in folders if not name.startswith("_")}
    assert list(families()) == sorted(families())


def test_each_module_is_one_control_of_its_family() -> None:
    for name in families():
        modules = [path.stem for path in (Path(controls.__path__[0]) / name).glob("[!_]*.py")]
        found = family(name)
        assert [control.module for control in found] == [
            f"casemate.controls.{name}.{module}" for module in sorted(modules)
        ]
        assert {control.family for control in found} == {name}
    assert [control.family for control in all_controls()] == sorted(
        control.family for control in all_controls()
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", 0),
        (
            "from casemate.controls.pods.host_pid import host_pid as a\nfrom casemate.controls.pods.host_ipc import host_ipc as b",
            2,
        ),
    ],
    ids=["none", "two"],
)
def test_a_module_that_is_not_one_control(
    text: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / f"odd{found}"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "thing.py").write_text(f"{text}\n")
    monkeypatch.setattr(controls, "__path__", [*controls.__path__, str(tmp_path)])
    name = f"casemate.controls.odd{found}"
    with pytest.raises(ControlError, match=f"^{name}.thing holds {found} controls; a module is one control$"):
        family(f"odd{found}")
    for module in (name, f"{name}.thing"):
        sys.modules.pop(module, None)
    if hasattr(controls, f"odd{found}"):
        delattr(controls, f"odd{found}")


def test_files_that_are_no_modules_are_left_out(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "__init__.py", "_private.py", ".hidden"):
        (tmp_path / name).write_text("")
    assert _names(str(tmp_path)) == ["a", "b"]


def test_controls_for_nothing_are_none() -> None:
    assert controls_for([]) == ()
    (entity,) = read_text("a.yaml", b"apiVersion: v1\nkind: ConfigMap\n")
    assert isinstance(entity, Entity)
    assert not {control.family for control in controls_for([entity])} & {"pods", "images"}
    (pod,) = read_text("a.yaml", b"apiVersion: v1\nkind: Pod\n")
    assert isinstance(pod, Entity)
    assert {control.family for control in controls_for([pod, entity])} >= {"pods", "images", "manifests"}


def test_own_controls_are_among_all_and_asked_wherever_something_is() -> None:
    one = family("pods")[0]
    (pod,) = read_text("a.yaml", b"apiVersion: v1\nkind: Pod\n")
    assert isinstance(pod, Entity)
    add_own([one])
    try:
        assert own() == (one,)
        assert all_controls()[-1] is one
        assert controls_for([pod])[-1] is one
        assert controls_for([]) == ()
    finally:
        add_own(())
    assert own() == ()


@pytest.mark.parametrize("control", all_controls(), ids=lambda control: control.id)
def test_a_family_names_what_its_controls_ask_about(control: Control) -> None:
    subjects = set(importlib.import_module(control.module.rpartition(".")[0]).SUBJECTS)
    if control.subject in {Pod, Container}:
        types: tuple[type, ...] = (Workload,)
    else:
        types = getattr(control.subject, "SOURCES", (control.subject,))
    for wanted in types:
        assert not subjects.isdisjoint(ancestor.__name__ for ancestor in wanted.__mro__)


@pytest.mark.parametrize("control", all_controls(), ids=lambda control: control.id)
def test_the_text_tells_the_subject(control: Control) -> None:
    name = "Workload" if control.subject in {Pod, Container} else control.subject.__name__
    file = importlib.import_module(control.module).__file__
    assert file is not None
    assert _subject(file) == name


def test_a_control_about_what_is_not_there_is_not_taken() -> None:
    (pod,) = read_text(
        "a.yaml", b"{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: x}]}}"
    )
    assert isinstance(pod, Entity)
    taken = {control.id for control in controls_for([pod])}
    assert {"pod-privileged", "secret-in-environment", "manifest-duplicate-key"} <= taken
    assert not {"secret-committed", "governance-missing-disruption-budget", "network-node-port"} & taken
