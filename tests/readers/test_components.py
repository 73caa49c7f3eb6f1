"""Which containers run parts of Kubernetes, and with which flags."""

import re
from pathlib import Path
from typing import Any

import pytest

from casemate.controls.catalogue import all_controls
from casemate.engine.judge import judge
from casemate.model.components import Component, ComponentWorkload, ReplicatedComponentWorkload
from casemate.model.estate import Entity, Estate, Unreadable
from casemate.model.settings import Settings
from casemate.readers.manifests import read_text

HERE = Path(__file__).parent / "control_plane"


def read(container: str, kind: str = "Pod", above: str = "") -> Entity:
    text = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a, namespace: kube-system}}\nspec:\n{above}  containers:\n    - {container}\n"
    (found,) = read_text("a.yaml", text.encode())
    assert isinstance(found, Entity)
    return found


def component(container: str, above: str = "") -> Component:
    found = read(container, above=above)
    assert isinstance(found, ComponentWorkload)
    (one,) = found.components
    return one


def values(one: Component) -> dict[str, list[str]]:
    return {name: [given.value for given in all_given] for name, all_given in one.flags.items()}


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("[kube-apiserver, --v=2]", "kube-apiserver"),
        ("[/usr/local/bin/kube-apiserver]", "kube-apiserver"),
        ("[/hyperkube, apiserver, --v=2]", "kube-apiserver"),
        ("[hyperkube, kubelet]", "kubelet"),
        ("[/hyperkube, kube-scheduler]", "kube-scheduler"),
        ("[/go-runner, --log-file=/x, --also-stdout=false, /usr/local/bin/kube-scheduler]", "kube-scheduler"),
        ("[env, A=B, kube-controller-manager]", "kube-controller-manager"),
        ('["/bin/sh", "-ec", "exec etcd --name=a"]', "etcd"),
        (
            '["sh", "-c", "mkdir -p /x; A=1 exec /usr/bin/kube-apiserver --v=2 2>&1 | tee /log"]',
            "kube-apiserver",
        ),
    ],
)
def test_programs_are_found(command: str, name: str) -> None:
    assert component(f"{{name: c, image: registry.example/x:1, command: {command}}}").name == name


@pytest.mark.parametrize(
    "command",
    [
        "[]",
        "[kubectl, get, etcd]",
        "[sleep, kube-apiserver]",
        "[sh, kube-apiserver]",
        "[sh, -c]",
        '[sh, -c, "systemctl restart kubelet"]',
        '[sh, -c, "while pgrep kubelet; do sleep 1; done"]',
        '[sh, -c, "etcdctl --endpoints=etcd:2379 get /"]',
        "[kube-apiserver, --version]",
        "[etcd, --help]",
        "[--kubelet-service=kube-system/kubelet, --endpoints=true]",
        "[--target, kubelet]",
        "[env, NAME=/usr/bin/kubelet, sleep]",
    ],
)
def test_others_are_left_alone(command: str) -> None:
    assert not isinstance(
        read(f"{{name: c, image: registry.example/kubelet-tool:1, command: {command}}}"), ComponentWorkload
    )


def test_flags_are_read_as_pflag_does() -> None:
    one = component(
        "{name: c, image: registry.k8s.io/kube-apiserver:v1.35.1, command: [kube-apiserver], args: [--a_b=1, --profiling, "
        '--etcd-servers, "https://a", --authorization-mode=Node, --authorization-mode, RBAC, -v4, -v=2, -v, "3", '
        "--unknown, --other, value, stray, -x=1, --audit-log-path, --, --after=1]}"
    )
    assert values(one) == {
        "a-b": ["1"],
        "profiling": ["true"],
        "etcd-servers": ["https://a"],
        "authorization-mode": ["Node", "RBAC"],
        "v": ["4", "2", "3"],
        "unknown": ["true"],
        "other": ["value"],
        "-x": ["1"],
        "audit-log-path": ["--"],
        "after": ["1"],
    }
    assert one.at == ("spec", "containers", 0, "args")
    assert one.flags["etcd-servers"][0].path == ("spec", "containers", 0, "args", 3)
    assert not one.flags["etcd-servers"][0].alone
    assert one.version == "1.35.1"


def test_a_flag_at_the_end_without_its_value_is_empty() -> None:
    assert values(component("{name: c, image: a/b, command: [kube-apiserver, --audit-log-path]}")) == {
        "audit-log-path": [""]
    }


def test_the_end_of_flags_ends_them() -> None:
    assert values(component("{name: c, image: a/b, command: [kube-apiserver, --profiling, --, --v=1]}")) == {
        "profiling": ["true"]
    }


def test_etcd_takes_one_dash_keeps_underscores_and_reads_variables() -> None:
    one = component(
        "{name: c, image: quay.io/coreos/etcd:v3.6.4, command: [etcd, -name=a, --x_y=1, -auto-tls], env: "
        "[{name: ETCD_NAME, value: b}, {name: ETCD_KEY_FILE, value: /k}, {name: PATH, value: /bin}]}"
    )
    assert values(one) == {"name": ["a"], "x_y": ["1"], "auto-tls": ["true"], "key-file": ["/k"]}
    assert one.flags["key-file"][0].by == "the variable ETCD_KEY_FILE"
    assert one.gap is None
    assert one.version is None


def test_a_variable_whose_value_stands_elsewhere_is_a_gap() -> None:
    one = component(
        "{name: c, image: etcd, command: [etcd], env: [{name: ETCD_X, valueFrom: {fieldRef: {fieldPath: a}}}]}"
    )
    assert one.gap == "the value of the variable ETCD_X stands elsewhere"


@pytest.mark.parametrize(
    ("command", "gap"),
    [
        ('[sh, -c, "exec kube-apiserver --v=2 $ARGS"]', "some come from a variable"),
        ("[sh, -c, 'exec kube-apiserver \"$@\"']", "some come from a variable"),
        ("[kube-apiserver, $(EXTRA)]", "some come from a variable"),
        ("[kube-apiserver, --openshift-config=/a]", "they stand in the file that --openshift-config names"),
        ("[etcd, --config-file=/a]", "they stand in the file that --config-file names"),
    ],
)
def test_what_may_add_flags_is_a_gap(command: str, gap: str) -> None:
    assert component(f"{{name: c, image: a/b, command: {command}}}").gap == gap


def test_a_script_with_an_open_quote_is_left_alone() -> None:
    found = read('{name: c, image: a/b, command: [sh, -c, "exec kube-apiserver --a=\'b"]}')
    assert not isinstance(found, ComponentWorkload)


def test_flags_of_a_script_stand_where_it_does_and_are_not_edited() -> None:
    one = component('{name: c, image: a/b, command: [sh, -c, "exec kube-scheduler --v=2"]}')
    assert one.at == ("spec", "containers", 0, "command", 2)
    assert one.form == ""
    assert not one.flags["v"][0].alone


def test_arguments_alone_count_with_the_image_of_a_program() -> None:
    one = component("{name: c, image: 'registry.example:5000/k/kube-scheduler@sha256:abc', args: [--v=2]}")
    assert (one.name, one.at, one.version) == ("kube-scheduler", ("spec", "containers", 0, "args"), None)
    assert component("{name: c, image: 'a/etcd:3.6'}").at == ("spec", "containers", 0, "args")
    assert not isinstance(read("{name: c, image: a/etcd:3, args: [sleep]}"), ComponentWorkload)


def test_mounts_lead_to_the_host() -> None:
    one = component(
        "{name: c, image: a/b, command: [kube-apiserver], volumeMounts: [{name: a, mountPath: /in}, {name: a, mountPath: /sub, "
        "subPath: x/y}, {name: b, mountPath: /b}, {mountPath: /c}]}",
        above="  volumes: [{name: a, hostPath: {path: /host/}}, {name: b, secret: {secretName: s}}]\n",
    )
    assert one.files == (("/in", "/host/"), ("/sub", "/host/x/y"))


@pytest.mark.parametrize("argument", ["5", "null", "[a]", "{a: b}", "1.5", "true"])
def test_arguments_that_are_no_text_are_noted_and_the_rest_is_read(argument: str) -> None:
    found = read(f"{{name: c, image: a/b, command: [kube-apiserver, {argument}, --profiling=false]}}")
    assert isinstance(found, ComponentWorkload)
    assert found.components[0].flags["profiling"][0].path[-1] == 2
    assert found.problems


def test_workloads_of_other_kinds_run_them_too() -> None:
    text = b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: tenant}\nspec: {template: {spec: {containers: [{name: c, image: a/b, command: [kube-apiserver]}, {name: d, image: a/b, command: [etcd]}, {name: e, image: sleep}]}}}\n"
    (found,) = read_text("a.yaml", text)
    assert isinstance(found, ReplicatedComponentWorkload)
    assert [one.name for one in found.components] == ["kube-apiserver", "etcd"]
    assert found.components[1].at == ("spec", "template", "spec", "containers", 1, "command")
    assert found.components[0].started_by == "the Deployment"


@pytest.mark.parametrize("release", ["1.31", "1.35"])
def test_what_kubeadm_writes(release: str) -> None:
    found: list[Any] = []
    for file in sorted((HERE / f"kubeadm-{release}").glob("*.yaml")):
        found += read_text(file.name, file.read_bytes())
    assert not [item for item in found if isinstance(item, Unreadable)]
    names = [one.name for item in found for one in item.components]
    assert names == ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]
    assert all(one.gap is None for item in found for one in item.components)
    assert found[1].components[0].version.startswith(release)


@pytest.mark.parametrize("release", ["1.31", "1.35"])
def test_no_edit_takes_its_keys_from_the_control_plane(release: str) -> None:
    found: list[Any] = []
    for file in sorted((HERE / f"kubeadm-{release}").glob("*.yaml")):
        found += read_text(file.name, file.read_bytes())
    answers = judge(Estate(entities=tuple(found)), all_controls(), Settings())
    edits = [edit for finding in answers.findings if finding.fault.fix for edit in finding.fault.fix.edits]
    assert edits
    assert not [edit.path for edit in edits if "volumes" in edit.path or "volumeMounts" in edit.path]
    failed = {
        name
        for finding in answers.findings
        for name in finding.control.standards
        if name.startswith("CIS-Kubernetes-1.12:")
    }
    of_control_plane = {
        name.partition(":")[2] for name in failed if re.match(r".*:(1\.[234]|2|3\.2)\.", name)
    }
    assert of_control_plane == set(
        "1.2.1 1.2.3 1.2.5 1.2.9 1.2.11 1.2.15 1.2.16 1.2.17 1.2.18 1.2.19 1.2.27 1.2.28 1.2.29 1.2.30 1.3.1 1.3.2 1.4.1 3.2.1 3.2.2".split()
    )
