"""Settings are checked key by key, and a slip says what may stand there."""

from pathlib import Path

import pytest

from casemate.model.errors import SettingsError, UsageError
from casemate.model.settings import Registries, Settings
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers.settings_file import parse_settings, read_settings, severity, suggestion
from casemate.readers.settings_path import find_settings

KNOWN = ("pod-privileged", "pod-host-pid")


def settings(text: str) -> Settings:
    return parse_settings(text.encode(), "x/casemate.yaml", KNOWN)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "{}", "---\n"])
def test_an_empty_file_is_all_defaults(text: str) -> None:
    assert settings(text) == Settings(source="x/casemate.yaml")
    assert settings(text).kubernetes == NEWEST
    assert settings(text).fail_on is Severity.HIGH


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("kubernetes: '1.30'", {"kubernetes": KubernetesVersion(1, 30), "kubernetes_given": True}),
        ("kubernetes: 1.34", {"kubernetes": KubernetesVersion(1, 34), "kubernetes_given": True}),
        ("kubernetes: v1.33.2", {"kubernetes": KubernetesVersion(1, 33), "kubernetes_given": True}),
        ("kubernetes: latest", {"kubernetes": NEWEST, "kubernetes_given": True}),
        ("registries: {}", {}),
        ("registries: {allowed: [a/b]}", {"registries": Registries(("a/b",))}),
        ("disable: [pod-host-pid]", {"disabled": frozenset(("pod-host-pid",))}),
        ("severities: {pod-host-pid: low}", {"severities": {"pod-host-pid": Severity.LOW}}),
        ("severities: {pod-host-pid: INFO}", {"severities": {"pod-host-pid": Severity.INFO}}),
        ("exclude: ['a/*', b]", {"exclude": ("a/*", "b")}),
        ("complete: true", {"complete": frozenset("*")}),
        ("complete: false", {}),
        ("complete: [Secret, Pod]", {"complete": frozenset(("Secret", "Pod"))}),
        ("owners: [squad, example.com/on-call]", {"owners": ("squad", "example.com/on-call")}),
        ("cni: calico", {"cni": "calico"}),
        ("cni: cilium@1.16", {"cni": "cilium@1.16"}),
        ("cni: ''", {}),
        ("fail-on: critical", {"fail_on": Severity.CRITICAL}),
        ("fail-on: none", {"fail_on": None}),
        ("\ufefffail-on: low", {"fail_on": Severity.LOW}),
    ],
)
def test_every_setting(text: str, changed: dict[str, object]) -> None:
    assert settings(text) == Settings(source="x/casemate.yaml", **changed)  # type: ignore[arg-type] # from the table


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("disabel: []", "there is no setting disabel; did you mean disable?"),
        ("fail_on: high", "there is no setting fail_on; did you mean fail-on?"),
        ("cni: celium", "there is no network plugin celium; did you mean cilium?"),
        ("zzz: 1", "there is no setting zzz; keys are kubernetes, registries, disable, "),
        ("registries: {alowed: []}", "there is no setting registries.alowed; did you mean allowed?"),
        ("registries: []", "registries: a map is expected, not a list"),
        ("disable: pod-host-pid", "disable: a list is expected, not text"),
        ("disable: [pod-privleged]", "there is no control pod-privleged; did you mean pod-privileged?"),
        ("disable: [other]", "there is no control other"),
        ("severities: {pod-hostpid: low}", "there is no control pod-hostpid; did you mean pod-host-pid?"),
        (
            "severities: {pod-host-pid: bad}",
            "'bad' is no severity: it is one of critical, high, medium, low, info",
        ),
        ("severities: {pod-host-pid: 1}", "severities: text is expected, not a number"),
        ("fail-on: sometimes", "fail-on: 'sometimes' is not one of critical, high, medium, low, none"),
        ("kubernetes: 1.30", 'kubernetes: 1.3 may have lost a zero: write it in quotes, as "1.30"'),
        ("kubernetes: 1", "may have lost a zero"),
        ("kubernetes: '2.0'", "'2.0' is no Kubernetes version"),
        ("kubernetes: [1]", "kubernetes: a number or text is expected, not a list"),
        ("complete: some", "complete: true or false or a list is expected, not text"),
        ("waivers:", "waivers: a list is expected, not nothing"),
        ("fail-on: info", "fail-on: 'info' is not one of critical, "),
        ("disable: [pod-host-pid]\ndisable: []", "disable is given twice"),
        ("registries: {allowed: [a], allowed: [b]}", "registries.allowed is given twice"),
        ("disable: []\n---\n# x\nexclude: []", "casemate.yaml:2: one document of settings is expected"),
        ("- a", "a map of settings is expected; keys are kubernetes, "),
        ("text", "a map of settings is expected"),
        ("null: 1", "a key is null"),
        ("a: [", "casemate.yaml:2:1: "),
        ("a: 1\nb: c: d", "casemate.yaml:2:5: "),
    ],
)
def test_slips(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(text)
    assert told in str(caught.value)
    assert str(caught.value).count("x/casemate.yaml") == 1, "the file is named, once"


def test_without_a_list_of_controls_none_is_checked() -> None:
    assert parse_settings(b"disable: [mine]", "casemate.yaml").disabled == {"mine"}


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "casemate.yaml").write_text("fail-on: none\n")
    assert read_settings(str(tmp_path / "casemate.yaml")).fail_on is None
    for path, told in ((tmp_path / "none", "no such file or directory"), (tmp_path, "is a directory")):
        with pytest.raises(SettingsError, match=f"^{path}: {told}$"):
            read_settings(str(path))


def test_words_for_severities() -> None:
    assert [severity(item.word) for item in Severity] == list(Severity)
    with pytest.raises(UsageError, match="'' is no severity"):
        severity("")


def test_suggestions() -> None:
    assert suggestion("pod-privilegd", KNOWN) == "; did you mean pod-privileged?"
    assert suggestion("nothing", KNOWN) == ""
    assert suggestion("a", ()) == ""


def test_the_nearest_settings_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "x.yaml").write_text("")
    above = tmp_path / "casemate.yaml"
    above.write_text("")
    for target in (inner, inner / "x.yaml", inner / "none", tmp_path):
        assert find_settings(str(target)) == str(above)
    (tmp_path / "a" / "casemate.yaml").write_text("")
    assert find_settings(str(inner)) == str(tmp_path / "a" / "casemate.yaml")
    (inner / "casemate.yaml").mkdir()
    assert find_settings(str(inner)) == str(tmp_path / "a" / "casemate.yaml"), "a folder is no settings"
    monkeypatch.chdir(inner)
    assert find_settings("x.yaml") == str(tmp_path / "a" / "casemate.yaml")
    assert find_settings("-") == str(tmp_path / "a" / "casemate.yaml")
    assert find_settings("/") is None
