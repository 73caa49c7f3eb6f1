"""Configuration files of k3s and RKE2: which files are such, and what they start."""

import pytest

from casemate.model.components import Component, DistributionSettings
from casemate.model.estate import Skipped
from casemate.readers.manifests import read_text


def settings(text: str, file: str = "config.yaml") -> DistributionSettings:
    (found,) = read_text(file, text.encode())
    assert isinstance(found, DistributionSettings)
    return found


def component(found: DistributionSettings, name: str) -> Component:
    return next(one for one in found.components if one.name == name)


@pytest.mark.parametrize(
    ("file", "text", "distribution"),
    [
        ("node/etc/rancher/k3s/config.yaml", "debug: true\n", "k3s"),
        ("etc/rancher/rke2/config.yaml", "debug: true\n", "RKE2"),
        ("rancher/k3s/config.yaml.d/10-more.yml", "x: y\n", "k3s"),
        ("a.yaml", "kube-apiserver-arg: [a=b]\n", "k3s"),
        ("a.yaml", "kubelet-arg+: [a=b]\n", "k3s"),
        ("a.yaml", "kube-apiserver-arg: [a=b]\ncni: cilium\n", "RKE2"),
        ("a.yaml", "cluster-init: true\ntls-san: [a]\ntoken: b\n", "k3s"),
    ],
)
def test_files_are_recognised(file: str, text: str, distribution: str) -> None:
    found = settings(text, file)
    assert found.distribution == distribution
    assert found.ref.kind == f"{distribution.capitalize()}Configuration"


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n",
        "disable: [x]\ntoken: y\n",
        "tls-san: [a]\ncluster-init: true\nImage: x\n",
        "server: a\ntoken: b\n",
        "1: 2\n",
        "tls-san: [a]\n",
        "{}\n",
    ],
)
def test_others_are_not(text: str) -> None:
    (found,) = read_text("values.yaml", text.encode())
    assert isinstance(found, Skipped)


def test_standard_input_has_a_name() -> None:
    assert settings("cluster-init: true\ntls-san: a\n", "-").ref.name == "config.yaml"


def test_values_are_texts_and_lists_of_them() -> None:
    found = settings(
        "kube-apiserver-arg: [a=b, 5, true, null]\ntls-san: x\ndata-dir: /d\ncluster-init: true\nlb-server-port: 6444\n"
    )
    assert [given.value for given in found.options["kube-apiserver-arg"]] == ["a=b", "5", "true", ""]
    assert found.options["lb-server-port"][0].value == "6444"
    assert not found.problems


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("[{a: b}]", "must be text or a list of texts, not a map"),
        ("{a: b}", "must be text or a list of texts, not a map"),
    ],
)
def test_other_values_are_noted(value: str, message: str) -> None:
    found = settings(f"kube-apiserver-arg: {value}\n")
    assert [problem.message for problem in found.problems] == [f"kube-apiserver-arg {message}"]


def test_a_key_given_twice_is_noted() -> None:
    found = settings("kube-apiserver-arg: [a=b]\nkube-apiserver-arg: [c=d]\n")
    assert [problem.kind for problem in found.problems] == ["duplicate-key"]
    assert list(component(found, "kube-apiserver").flags) == ["c"]
