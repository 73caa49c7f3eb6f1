"""Which options of k3s and RKE2 start what, and how files of one folder count together."""

import pytest

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.distributions import components
from casemate.model.components import Component, Given
from casemate.model.estate import Estate
from casemate.model.settings import Settings
from tests.analysis.cluster.test_programs import estate, programs


def started(distribution: str, **options: str | list[str]) -> dict[str, Component]:
    given = {
        name.replace("_", "-").replace("PLUS", "+"): tuple(
            Given(text, (name, index) if isinstance(value, list) else (name,), alone=isinstance(value, list))
            for index, text in enumerate(value if isinstance(value, list) else [value])
        )
        for name, value in options.items()
    }
    return {one.name: one for one in components(distribution, given)}


def test_an_agent_starts_a_kubelet_only() -> None:
    assert list(started("k3s", server="https://a", node_name="b")) == ["kubelet"]
    assert list(started("RKE2", server="https://a", profile="cis")) == ["kubelet"]
    assert (
        started("RKE2", server="https://a", profile="cis")["kubelet"].defaults["protect-kernel-defaults"]
        == "true"
    )
    assert "protect-kernel-defaults" not in started("k3s", server="https://a")["kubelet"].defaults


@pytest.mark.parametrize(
    ("options", "etcd", "servers"),
    [
        ({"tls_san": "a"}, False, "unix://kine.sock"),
        ({"cluster_init": "true"}, True, "https://127.0.0.1:2379"),
        ({"server": "https://a", "tls_san": "a"}, True, "https://127.0.0.1:2379"),
        ({"etcd_arg": ["v=1"]}, True, "https://127.0.0.1:2379"),
        ({"datastore_endpoint": "mysql://user:pass@tcp(db)/k"}, False, "unix://kine.sock"),
        ({"datastore_endpoint": "https://etcd:2379"}, False, "https://etcd:2379"),
    ],
)
def test_where_k3s_stores(options: dict[str, str | list[str]], etcd: bool, servers: str) -> None:
    found = started("k3s", **options)
    assert ("etcd" in found) is etcd
    assert found["kube-apiserver"].defaults["etcd-servers"] == servers


def test_certificates_for_an_external_etcd() -> None:
    found = started("k3s", datastore_endpoint="https://a", datastore_cafile="/ca")["kube-apiserver"].defaults
    assert found["etcd-cafile"] == "/ca"
    assert "etcd-certfile" not in found


def test_programs_that_are_switched_off() -> None:
    found = started(
        "k3s", cluster_init="true", disable_etcd="true", disable_scheduler="1", disable_apiserver="false"
    )
    assert list(found) == ["kube-apiserver", "kube-controller-manager", "kubelet"]


def test_rke2_with_its_profile() -> None:
    found = started("RKE2", profile="cis", data_dir="/d")["kube-apiserver"].defaults
    assert found["audit-log-path"] == "/d/server/logs/audit.log"
    assert found["audit-policy-file"] == "/etc/rancher/rke2/audit-policy.yaml"
    assert found["service-account-extend-token-expiration"] == "false"
    plain = started("RKE2", tls_san="a")["kube-apiserver"].defaults
    assert "audit-policy-file" not in plain
    assert plain["encryption-provider-config"].endswith("encryption-config.json")
    assert (
        started("RKE2", tls_san="a")["kube-controller-manager"].defaults["terminated-pod-gc-threshold"]
        == "1000"
    )


def test_values_take_the_place_of_the_distributions_or_stand_beside_them() -> None:
    arguments = [
        "enable-admission-plugins+=A",
        "--authorization-mode-=ABAC",
        "profiling",
        "enable-admission-plugins=B",
    ]
    one = started("k3s", kube_apiserver_arg=arguments)["kube-apiserver"]
    assert [given.value for given in one.flags["enable-admission-plugins"]] == ["NodeRestriction", "A", "B"]
    assert one.flags["enable-admission-plugins"][0].by == "given by k3s"
    assert [given.value for given in one.flags["authorization-mode"]] == ["ABAC", "Node,RBAC"]
    assert one.flags["profiling"][0].value == "true"
    assert not set(one.flags) & set(one.defaults)


def test_a_file_takes_the_place_of_the_flag_that_it_replaces() -> None:
    one = started("k3s", kube_apiserver_arg=["authentication-config=/a", "authorization-config=/b"])[
        "kube-apiserver"
    ]
    assert "anonymous-auth" not in one.defaults
    assert "authorization-mode" not in one.defaults


def folder(*files: tuple[str, str]) -> Estate:
    return estate(*((f"etc/rancher/k3s/{name}", text) for name, text in files))


def test_drop_ins_count_after_the_file_in_their_order() -> None:
    world = folder(
        ("config.yaml.d/20-b.yaml", "kube-apiserver-arg+: [v=3]\n"),
        ("config.yaml", "cluster-init: true\nkube-apiserver-arg: [profiling=true]\n"),
        ("config.yaml.d/10-a.yaml", "kube-apiserver-arg: [v=2]\nsecrets-encryption: true\n"),
        ("other.yaml", "cluster-init: true\ntls-san: a\n"),
    )
    (one,) = [
        part for part in programs(world) if part.entity.origin.document.file == "etc/rancher/k3s/config.yaml"
    ]
    assert [given.value for given in one.component.flags["v"]] == ["2", "3"]
    assert one.setting("profiling").value == "false"
    assert one.has("encryption-provider-config")
    setting = one.setting("v")
    assert setting.path == ("kube-apiserver-arg",)
    assert setting.why == "--v=3 (20-b.yaml)"
    assert one.put("v", "1") is None
    assert one.put("audit-log-path", "-") is None
    assert len(programs(world)) == 2


def test_flags_of_the_file_itself_keep_their_place() -> None:
    world = folder(
        ("config.yaml", "kube-apiserver-arg: [v=1]\n"), ("config.yaml.d/a.yaml", "kubelet-arg: [v=2]\n")
    )
    (one,) = programs(world)
    assert one.setting("v").path == ("kube-apiserver-arg", 0)


def test_drop_ins_alone_count_together() -> None:
    world = folder(
        ("config.yaml.d/a.yaml", "kube-apiserver-arg+: [v=1]\n"),
        ("config.yaml.d/b.yaml", "kube-apiserver-arg+: [v=2]\n"),
    )
    (one,) = programs(world, ApiServer, Settings())
    assert [given.value for given in one.component.flags["v"]] == ["1", "2"]


def test_one_that_adds_alone_is_edited_where_it_stands() -> None:
    (one,) = programs(folder(("config.yaml.d/a.yaml", "kube-apiserver-arg+: [v=1]\n")))
    assert one.component.at == ("kube-apiserver-arg+",)
