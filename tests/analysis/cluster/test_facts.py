"""The smaller facts: flags, plugins, files, durations, addresses."""

import pytest

from casemate.analysis.cluster import admission
from casemate.analysis.cluster.addresses import host_of, is_loopback
from casemate.analysis.cluster.anonymous import Anonymous, Reach, anonymous
from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.authorities import client_authorities
from casemate.analysis.cluster.durations import seconds
from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.files import file_named
from casemate.analysis.cluster.flags import flags_of, takes_no_value
from casemate.analysis.cluster.tls import ACCEPTED, STRONG, SUGGESTED
from casemate.controls.cluster.apiserver_anonymous_auth import apiserver_anonymous_auth
from casemate.model.cluster_configs import EncryptionConfiguration
from casemate.model.components import Component
from casemate.model.control import Fault, Unanswered
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion
from tests.analysis.cluster.test_programs import estate, pod, programs

ENCRYPTION = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: []\n"
AUTHENTICATION = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n"


def test_flags_know_their_releases() -> None:
    flags = flags_of("kube-apiserver")
    assert flags["insecure-port"].known(KubernetesVersion(1, 23))
    assert not flags["insecure-port"].known(KubernetesVersion(1, 24))
    assert not flags["authentication-config"].known(KubernetesVersion(1, 28))
    assert flags["anonymous-auth"].default == "true"
    assert flags_of("kubelet") == {}


def test_which_flags_stand_alone() -> None:
    assert takes_no_value("kube-apiserver", "profiling") is True
    assert takes_no_value("kube-apiserver", "audit-log-path") is False
    assert takes_no_value("kube-apiserver", "no-such-flag") is None
    assert takes_no_value("kubelet", "anonymous-auth") is True
    assert takes_no_value("kubelet", "config") is None


def test_plugins_by_release() -> None:
    assert "PodSecurity" not in admission.defaults(KubernetesVersion(1, 22))
    assert "PodSecurity" in admission.defaults(KubernetesVersion(1, 23))
    assert admission.removed("PodSecurityPolicy", KubernetesVersion(1, 25))
    assert not admission.removed("PodSecurityPolicy", KubernetesVersion(1, 24))
    assert admission.removed("NoSuchPlugin", KubernetesVersion(1, 24))
    assert not admission.removed("ValidatingAdmissionPolicy", KubernetesVersion(1, 20))
    assert not admission.removed("PodSecurityPolicy", None)
    assert admission.removed("NoSuchPlugin", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("0", 0.0),
        ("1h30m", 5400.0),
        ("1.5s", 1.5),
        ("100ms", 0.1),
        ("5", None),
        ("1d", None),
        ("", None),
        ("1h x", None),
    ],
)
def test_durations(text: str | None, expected: float | None) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("10.0.0.0", False),
        ("", False),
        ("node", False),
    ],
)
def test_addresses(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected


def test_hosts_of_urls() -> None:
    assert host_of("https://10.0.0.1:2379") == "10.0.0.1"
    assert host_of("http://[::1]:2379") == "::1"
    assert host_of("http://[::1") == ""
    assert host_of("unix:///run/x") == ""


def test_suggested_suites_are_strong() -> None:
    assert set(SUGGESTED.split(",")) <= STRONG
    assert not STRONG & ACCEPTED


def one(path: str, *files: str, mounts: tuple[tuple[str, str], ...] = ()) -> str | None:
    world = estate(*((name, ENCRYPTION) for name in files))
    component = Component(name="kube-apiserver", started_by="x", at=(), files=mounts)
    found = file_named(path, component, EncryptionConfiguration, world)
    return found.origin.document.file if found is not None else None


def test_files_by_the_end_of_their_path() -> None:
    assert one("/etc/kubernetes/enc.yaml") is None
    assert one("/etc/kubernetes/enc.yaml", "other.yaml") is None
    assert one("/etc/kubernetes/enc.yaml", "a/enc.yaml") == "a/enc.yaml"
    assert (
        one("/etc/kubernetes/enc.yaml", "a/enc.yaml", "b/etc/kubernetes/enc.yaml")
        == "b/etc/kubernetes/enc.yaml"
    )
    assert (
        one("/etc/kubernetes/enc.yaml", "b/etc/kubernetes/enc.yaml", "a/enc.yaml")
        == "b/etc/kubernetes/enc.yaml"
    )
    assert one("/etc/kubernetes/enc.yaml", "a/enc.yaml", "b/enc.yaml") is None


def test_files_through_mounts() -> None:
    mounts = (("/config", "/etc/k8s/"), ("/config/deep", "/srv/deep"), ("/one.yaml", "/srv/two.yaml"))
    assert one("/config/enc.yaml", "k8s/enc.yaml", "x/enc.yaml", mounts=mounts) == "k8s/enc.yaml"
    assert one("/config/deep/enc.yaml", "deep/enc.yaml", "k8s/enc.yaml", mounts=mounts) == "deep/enc.yaml"
    assert one("/one.yaml", "two.yaml", mounts=mounts) == "two.yaml"
    assert one("/configs/enc.yaml", "k8s/enc.yaml", mounts=mounts) == "k8s/enc.yaml"


def asked(command: str, *files: tuple[str, str]) -> list[Fault | Unanswered]:
    (server,) = programs(estate(("a.yaml", pod(f"kube-apiserver, {command}")), *files))
    assert isinstance(server, ApiServer)
    return list(apiserver_anonymous_auth.ask(server))


def severity(command: str, *files: tuple[str, str]) -> Severity | None:
    (fault,) = asked(command, *files)
    assert isinstance(fault, Fault)
    return fault.severity


def test_how_bad_anonymous_requests_are() -> None:
    everywhere = ("authn.yaml", f"{AUTHENTICATION}anonymous: {{enabled: true}}\n")
    health = ("authn.yaml", f"{AUTHENTICATION}anonymous: {{enabled: true, conditions: [{{path: /api}}]}}\n")
    assert severity("--authorization-mode=RBAC") == Severity.LOW
    assert severity("--authorization-mode=Webhook") == Severity.MEDIUM
    assert severity("--authorization-config=/x.yaml") == Severity.MEDIUM
    assert severity("--authorization-mode=AlwaysAllow") == Severity.LOW
    assert severity("--authentication-config=/authn.yaml", everywhere) == Severity.CRITICAL
    assert (
        severity("--authentication-config=/authn.yaml, --authorization-mode=RBAC", everywhere) == Severity.LOW
    )
    assert severity("--authentication-config=/authn.yaml", health) == Severity.MEDIUM
    assert (
        severity("--authentication-config=/authn.yaml, --anonymous-auth=false", everywhere) == Severity.HIGH
    )


def test_what_is_missing_is_named() -> None:
    assert asked("--authentication-config=/authn.yaml") == [
        Unanswered("the file /authn.yaml that --authentication-config names")
    ]
    assert asked("--profiling, $(MORE)") == [
        Unanswered("the other flags of kube-apiserver: some come from a variable")
    ]


def test_anonymous_requests_by_a_file() -> None:
    text = f"{AUTHENTICATION}anonymous: {{enabled: true, conditions: [{{path: /livez}}, {{}}]}}\n"
    (server,) = programs(
        estate(("a.yaml", pod("kube-apiserver, --authentication-config=/authn.yaml")), ("authn.yaml", text))
    )
    assert isinstance(server, ApiServer)
    found = anonymous(server)
    assert isinstance(found, Anonymous)
    assert found.reach is Reach.PATHS
    assert found.by_file == "authn.yaml says anonymous.enabled: true for /livez, "


def test_authorities_of_the_servers_beside() -> None:
    world = estate(
        ("a.yaml", pod("etcd", "etcd:3", "tenant")),
        ("b.yaml", pod("kube-apiserver, --client-ca-file=/a", namespace="tenant")),
        ("c.yaml", pod("kube-apiserver", namespace="tenant")),
        ("d.yaml", pod("kube-apiserver, --client-ca-file=/b", namespace="other")),
        ("e.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: tenant}\n"),
    )
    (etcd,) = programs(world, Etcd)
    assert client_authorities(etcd) == {"/a"}
