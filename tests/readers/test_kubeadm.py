"""kubeadm's configuration, in all its versions, whole and broken."""

import pytest

from casemate.model.components import MAP, NAMED, Component, ComponentSettings
from casemate.model.estate import Entity, Unreadable
from casemate.readers.manifests import read_text


def read(body: str, kind: str = "ClusterConfiguration", version: str = "v1beta4") -> Entity | Unreadable:
    (found,) = read_text(
        "kubeadm.yaml", f"apiVersion: kubeadm.k8s.io/{version}\nkind: {kind}\n{body}".encode()
    )
    assert isinstance(found, (Entity, Unreadable))
    return found


def settings(body: str, kind: str = "ClusterConfiguration", version: str = "v1beta4") -> ComponentSettings:
    found = read(body, kind, version)
    assert isinstance(found, ComponentSettings)
    return found


def component(found: ComponentSettings, name: str) -> Component:
    return next(one for one in found.components if one.name == name)


@pytest.mark.parametrize("version", ["v1beta1", "v1beta2", "v1beta3"])
def test_until_v1beta3_arguments_are_a_map(version: str) -> None:
    one = component(
        settings("apiServer:\n  extraArgs: {anonymous-auth: 'false'}\n", version=version), "kube-apiserver"
    )
    assert one.form == MAP
    assert one.at == ("apiServer", "extraArgs")
    assert one.flags["anonymous-auth"][0].value == "false"
    assert one.flags["anonymous-auth"][0].path == ("apiServer", "extraArgs", "anonymous-auth")


def test_since_v1beta4_they_are_a_list() -> None:
    body = "kubernetesVersion: v1.35.1\nscheduler:\n  extraArgs: [{name: v, value: '2'}, {name: v, value: '3'}, {name: profiling}]\n"
    one = component(settings(body), "kube-scheduler")
    assert (one.form, one.size, one.version) == (NAMED, 3, "v1.35.1")
    assert [given.value for given in one.flags["v"]] == ["2", "3"]
    assert one.flags["v"][1].path == ("scheduler", "extraArgs", 1, "value")
    assert one.flags["profiling"][0].value == ""


@pytest.mark.parametrize("version", ["v1alpha3", "v1beta5", "v2"])
@pytest.mark.parametrize("kind", ["ClusterConfiguration", "InitConfiguration", "JoinConfiguration"])
def test_other_versions_are_named(version: str, kind: str) -> None:
    found = read("apiServer: {}\n", kind, version)
    assert isinstance(found, Unreadable)
    assert f"kubeadm.k8s.io/{version} is no version of kubeadm's configuration known here" in found.error


def test_other_kinds_of_the_group_are_objects() -> None:
    found = read("", "ResetConfiguration")
    assert type(found) is Entity


@pytest.mark.parametrize("kind", ["InitConfiguration", "JoinConfiguration"])
def test_a_node_starts_its_kubelet(kind: str) -> None:
    found = settings("nodeRegistration:\n  kubeletExtraArgs: [{name: read-only-port, value: '0'}]\n", kind)
    (one,) = found.components
    assert (one.name, one.at) == ("kubelet", ("nodeRegistration", "kubeletExtraArgs"))
    assert one.flags["read-only-port"][0].value == "0"


def test_what_kubeadm_gives_by_itself() -> None:
    found = settings("certificatesDir: /pki\nnetworking: {dnsDomain: shop.local}\n")
    server = component(found, "kube-apiserver")
    assert server.started_by == "kubeadm"
    assert server.defaults["authorization-mode"] == "Node,RBAC"
    assert server.defaults["client-ca-file"] == "/pki/ca.crt"
    assert server.defaults["etcd-cafile"] == "/pki/etcd/ca.crt"
    assert server.defaults["service-account-issuer"] == "https://kubernetes.default.svc.shop.local"
    assert "anonymous-auth" not in server.defaults
    assert component(found, "etcd").defaults["client-cert-auth"] == "true"
    assert component(found, "kube-controller-manager").defaults["bind-address"] == "127.0.0.1"


def test_a_file_takes_the_place_of_the_modes() -> None:
    body = "apiServer:\n  extraArgs: [{name: authorization-config, value: /a}]\n"
    assert "authorization-mode" not in component(settings(body), "kube-apiserver").defaults


def test_an_external_etcd_is_not_started() -> None:
    found = settings("etcd: {external: {endpoints: ['https://a', 'https://b'], certFile: /c}}\n")
    assert "etcd" not in [one.name for one in found.components]
    server = component(found, "kube-apiserver")
    assert server.defaults["etcd-servers"] == "https://a,https://b"
    assert "etcd-certfile" not in server.defaults
    assert "etcd-servers" not in component(settings("etcd: {external: {}}\n"), "kube-apiserver").defaults


def test_volumes_lead_to_the_host() -> None:
    body = "apiServer:\n  extraVolumes: [{name: a, hostPath: /host, mountPath: /in}, {name: b, hostPath: /x}, 5]\n"
    assert component(settings(body), "kube-apiserver").files == (("/in", "/host"),)


@pytest.mark.parametrize(
    ("body", "version", "message"),
    [
        ("apiServer: 5\n", "v1beta4", "apiServer must be a map, not a whole number"),
        (
            "apiServer: {extraArgs: {a: b}}\n",
            "v1beta4",
            "apiServer.extraArgs must be a list of names and values, not a map",
        ),
        ("apiServer: {extraArgs: [a]}\n", "v1beta3", "apiServer.extraArgs must be a map, not a list"),
        (
            "apiServer: {extraArgs: [{value: a}]}\n",
            "v1beta4",
            "apiServer.extraArgs[0] must be a name and a value, not a map",
        ),
        (
            "apiServer: {extraArgs: {profiling: false}}\n",
            "v1beta3",
            "apiServer.extraArgs.profiling must be text, not true or false",
        ),
        (
            "apiServer: {extraArgs: [{name: v, value: 2}]}\n",
            "v1beta4",
            "apiServer.extraArgs[0].value must be text, not a whole number",
        ),
        ("apiServer: {extraArgs: {v: [a]}}\n", "v1beta3", "apiServer.extraArgs.v must be text, not a list"),
        (
            "apiServer: {extraArgs: [{name: v, value: null}]}\n",
            "v1beta4",
            "apiServer.extraArgs[0].value must be text, not null",
        ),
        (
            "apiServer: {extraVolumes: [{name: a, hostPath: /host, mountPath: [{}]}]}\n",
            "v1beta4",
            "apiServer.extraVolumes[0].mountPath must be text, not a list",
        ),
        (
            "apiServer: {extraVolumes: {a: b}}\n",
            "v1beta4",
            "apiServer.extraVolumes must be a list, not a map",
        ),
        ("etcd: {external: [a]}\n", "v1beta4", "etcd.external must be a map, not a list"),
        ("certificatesDir: [a]\n", "v1beta4", "certificatesDir must be text, not a list"),
        ("etcd: text\n", "v1beta4", "etcd must be a map, not text"),
    ],
)
def test_half_a_file_is_read_as_far_as_it_goes(body: str, version: str, message: str) -> None:
    found = settings(body, version=version)
    assert [problem.message for problem in found.problems] == [message]
    assert "kube-apiserver" in [one.name for one in found.components]


def test_what_was_meant_is_taken() -> None:
    one = component(
        settings("apiServer: {extraArgs: {profiling: false, v: 2}}\n", version="v1beta3"), "kube-apiserver"
    )
    assert {name: given[0].value for name, given in one.flags.items()} == {"profiling": "false", "v": "2"}


@pytest.mark.parametrize(
    ("body", "version"),
    [
        ("apiServer: {extraArgs: {profiling: 'false'}}\n", "v1beta4"),
        ("apiServer: {extraArgs: [{name: profiling, value: 'false'}]}\n", "v1beta3"),
        ("apiServer: {extraArgs: [{value: 'false'}]}\n", "v1beta4"),
        ("apiServer: {extraArgs: [{name: profiling, value: [a]}]}\n", "v1beta4"),
        ("apiServer: {extraArgs: {profiling: {}}}\n", "v1beta3"),
        ("apiServer: [profiling]\n", "v1beta4"),
    ],
)
def test_flags_that_were_lost_leave_questions_open(body: str, version: str) -> None:
    found = settings(body, version=version)
    assert component(found, "kube-apiserver").gap == (
        f"apiServer.extraArgs is not of the form that {version} has"
    )
    assert component(found, "kube-scheduler").gap is None
    assert found.problems
