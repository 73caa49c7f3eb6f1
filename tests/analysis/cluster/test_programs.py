"""What a flag of the control plane is, and who decided it."""

import pytest

from casemate.analysis.cluster.apiserver import ApiServer
from casemate.analysis.cluster.controller_manager import ControllerManager
from casemate.analysis.cluster.etcd import Etcd
from casemate.analysis.cluster.program import DEFAULT, FLAG, LAUNCHER, Program
from casemate.controls.cluster.apiserver_always_admit import apiserver_always_admit
from casemate.controls.cluster.apiserver_anonymous_auth import apiserver_anonymous_auth
from casemate.controls.cluster.apiserver_audit_log_max_age import apiserver_audit_log_max_age
from casemate.controls.cluster.apiserver_authorization_rbac import apiserver_authorization_rbac
from casemate.controls.cluster.apiserver_node_restriction import apiserver_node_restriction
from casemate.controls.cluster.apiserver_profiling import apiserver_profiling
from casemate.controls.cluster.apiserver_request_timeout import apiserver_request_timeout
from casemate.controls.cluster.apiserver_service_account_lookup import apiserver_service_account_lookup
from casemate.controls.cluster.apiserver_service_account_plugin import apiserver_service_account_plugin
from casemate.controls.cluster.controller_manager_terminated_pods import controller_manager_terminated_pods
from casemate.controls.cluster.etcd_client_cert_auth import etcd_client_cert_auth
from casemate.controls.cluster.etcd_peer_client_cert_auth import etcd_peer_client_cert_auth
from casemate.model.control import Control, Edit, Unanswered
from casemate.model.estate import Entity, Estate
from casemate.model.settings import Settings
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers.manifests import read_text

POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: {namespace}}}\nspec: {{containers: [{{name: c, image: '{image}', command: [{command}]}}]}}\n"


def estate(*files: tuple[str, str]) -> Estate:
    found = [item for name, text in files for item in read_text(name, text.encode())]
    return Estate(entities=tuple(item for item in found if isinstance(item, Entity)))


def pod(
    command: str, image: str = "registry.k8s.io/kube-apiserver:v1.31.2", namespace: str = "kube-system"
) -> str:
    return POD.format(command=command, image=image, namespace=namespace)


def programs(
    world: Estate, kind: type[Program] = ApiServer, settings: Settings | None = None
) -> list[Program]:
    chosen = settings or Settings()
    return [
        part
        for entity in world.entities
        if isinstance(entity, kind.SOURCES)
        for part in kind.parts_of(entity, world, chosen)
    ]


def server(text: str) -> Program:
    (found,) = programs(estate(("a.yaml", text)))
    return found


def test_a_flag_decides() -> None:
    setting = server(pod("kube-apiserver, --profiling=true, --profiling=F")).setting("profiling")
    assert (setting.value, setting.decided_by, setting.true) == ("F", FLAG, False)
    assert setting.path == ("spec", "containers", 0, "command", 2)
    assert setting.why == "--profiling=F"


def test_lists_add_up_and_others_do_not() -> None:
    one = server(
        pod("kube-apiserver, '--enable-admission-plugins=A, B', --enable-admission-plugins=C, --v=1, --v=2")
    )
    assert one.setting("enable-admission-plugins").items == ("A", "B", "C")
    assert one.setting("v").value == "2"


def test_the_launcher_decides_where_nobody_does() -> None:
    one = server("apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n")
    setting = one.setting("authorization-mode")
    assert (setting.value, setting.decided_by) == ("Node,RBAC", LAUNCHER)
    assert setting.why == "kubeadm gives --authorization-mode=Node,RBAC where nobody sets it"
    assert setting.path == ("apiServer", "extraArgs")


def test_then_the_default_of_the_release() -> None:
    one = server(pod("kube-apiserver"))
    setting = one.setting("profiling")
    assert (setting.value, setting.decided_by, setting.true) == ("true", DEFAULT, True)
    assert (
        setting.why
        == "--profiling is not given; the default of kube-apiserver 1.31 (its own release) is true"
    )
    assert (
        one.setting("audit-log-path").why
        == "--audit-log-path is not given to kube-apiserver 1.31 (its own release)"
    )
    assert one.setting("no-such-flag").value is None


def test_passwords_in_addresses_are_not_shown() -> None:
    one = server(pod("kube-apiserver, '--etcd-servers=http://root:hunter2@etcd:2379,https://a'"))
    assert one.setting("etcd-servers").why == "--etcd-servers=http://etcd:2379,https://a"


def test_numbers() -> None:
    one = server(pod("kube-apiserver, --audit-log-maxage=-1, --audit-log-maxsize=many"))
    assert one.setting("audit-log-maxage").number == -1
    assert one.setting("audit-log-maxsize").number is None
    assert one.setting("audit-log-path").number is None


def test_the_release_that_was_asked_for_wins() -> None:
    world = estate(("a.yaml", pod("kube-apiserver")))
    chosen = Settings(kubernetes=KubernetesVersion(1, 29), kubernetes_given=True)
    assert programs(world, settings=chosen)[0].minor == 29
    assert programs(world, settings=Settings(kubernetes=KubernetesVersion(1, 29)))[0].minor == 31


def test_without_a_release_of_its_own_the_newest_counts() -> None:
    assert server(pod("kube-apiserver", "registry.example/kube-apiserver:main")).release.version == NEWEST
    assert server(pod("kube-apiserver", "registry.example/kube-apiserver:2024.5")).release.version == NEWEST


def test_nothing_is_said_of_flags_that_may_be_given_elsewhere() -> None:
    one = server(pod("kube-apiserver, --v=2, $(MORE)"))
    assert list(one.missing("v")) == []
    assert list(one.missing("v", "profiling")) == [
        Unanswered("the other flags of kube-apiserver: some come from a variable")
    ]


def test_edits_of_arguments() -> None:
    one = server(pod("kube-apiserver, --v=2, --audit-log-maxage, '5', --profiling, --profiling"))
    path = ("spec", "containers", 0, "command")
    put = one.put("v", "3")
    assert put is not None
    assert put.edits == (Edit("set", (*path, 1), "--v=3"),)
    added = one.put("anonymous-auth", "false")
    assert added is not None
    assert added.edits[0].path == (*path, 6 + one.known["anonymous-auth"].rank)
    assert added.edits[0].value == "--anonymous-auth=false"
    assert one.put("audit-log-maxage", "30") is None
    assert one.put("profiling", "false") is None
    assert one.drop("audit-log-maxage") is None
    assert one.drop("anonymous-auth") is None
    dropped = one.drop("profiling")
    assert dropped is not None
    assert [edit.path for edit in dropped.edits] == [(*path, 4), (*path, 5)]


def test_edits_of_other_forms() -> None:
    named = server(
        "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\napiServer: {extraArgs: [{name: v, value: '1'}]}\n"
    )
    assert [fix.edits[0] for fix in (named.put("v", "2"), named.drop("v")) if fix] == [
        Edit("set", ("apiServer", "extraArgs", 0, "value"), "2"),
        Edit("remove", ("apiServer", "extraArgs", 0)),
    ]
    added = named.put("profiling", "false")
    assert added is not None
    assert added.edits[0].value == {"name": "profiling", "value": "false"}
    mapped = server("apiVersion: kubeadm.k8s.io/v1beta3\nkind: ClusterConfiguration\n")
    added = mapped.put("profiling", "false")
    assert added is not None
    assert added.edits == (Edit("set", ("apiServer", "extraArgs", "profiling"), "false"),)
    pairs = server("kube-apiserver-arg: [v=1]\n")
    put = pairs.put("v", "2")
    assert put is not None
    assert put.edits[0].value == "v=2"
    script = server("kube-apiserver-arg: v=1\n")
    assert script.put("profiling", "false") is None
    assert script.put("v", "2") is None


def test_components_of_other_programs_are_not_asked() -> None:
    assert programs(estate(("a.yaml", pod("kube-apiserver"))), ControllerManager) == []


def test_the_etcd_of_a_cluster() -> None:
    image = "registry.k8s.io/etcd:3.6"
    alone = estate(("a.yaml", pod("etcd", image, "shop")))
    assert programs(alone, Etcd) == []
    beside = estate(
        ("a.yaml", pod("etcd", image, "tenant")), ("b.yaml", pod("kube-apiserver", namespace="tenant"))
    )
    assert len(programs(beside, Etcd)) == 1
    elsewhere = estate(
        ("a.yaml", pod("etcd", image, "shop")), ("b.yaml", pod("kube-apiserver", namespace="tenant"))
    )
    assert programs(elsewhere, Etcd) == []
    certified = estate(
        ("a.yaml", pod("etcd, --cert-file=/etc/kubernetes/pki/etcd/server.crt", image, "shop"))
    )
    assert [part.title for part in programs(certified, Etcd)] == ["etcd"]
    labelled = pod("etcd", image, "shop").replace("{name: a,", "{name: a, labels: {tier: control-plane},")
    assert len(programs(estate(("a.yaml", labelled)), Etcd)) == 1
    together = pod("etcd", image, "shop").replace(
        "containers: [", "containers: [{name: x, image: a/b, command: [kube-apiserver]}, "
    )
    assert len(programs(estate(("a.yaml", together)), Etcd)) == 1


def answers(text: str, question: Control) -> list[str]:
    found = question.ask(server(text))
    return [one.missing if isinstance(one, Unanswered) else one.message for one in found]


ELSEWHERE = "the other flags of kube-apiserver: some come from a variable"


@pytest.mark.parametrize(
    ("command", "question", "expected"),
    [
        ("'--profiling=no'", apiserver_profiling, "what --profiling is: its value is neither true nor false"),
        ("'--profiling=$(P)'", apiserver_profiling, "what --profiling is: its value is neither true nor false"),
        ("'--audit-log-path=/a', '--audit-log-maxage=many'", apiserver_audit_log_max_age,
         "what --audit-log-maxage is: its value is no number"),
        ("'--request-timeout=soon'", apiserver_request_timeout,
         "what --request-timeout is: its value is no length of time"),
        ("'--anonymous-auth=off'", apiserver_anonymous_auth,
         "what --anonymous-auth is: its value is neither true nor false"),
        ("'--authorization-mode=$(MODES)'", apiserver_authorization_rbac,
         "what --authorization-mode is: its value is a variable"),
        ("'--enable-admission-plugins=$(ON)'", apiserver_node_restriction,
         "what --enable-admission-plugins is: its value is a variable"),
        ("'--enable-admission-plugins=$(ON)'", apiserver_always_admit,
         "what --enable-admission-plugins is: its value is a variable"),
        ("$(MORE)", apiserver_service_account_lookup, ELSEWHERE),
        ("$(MORE)", apiserver_request_timeout, ELSEWHERE),
        ("$(MORE)", apiserver_service_account_plugin, ELSEWHERE),
        ("$(MORE)", apiserver_always_admit, ELSEWHERE),
        ("--audit-log-path=/a, $(MORE)", apiserver_audit_log_max_age, ELSEWHERE),
    ],
)  # fmt: skip
def test_what_a_flag_is_may_not_be_known(command: str, question: Control, expected: str) -> None:
    image = "registry.k8s.io/kube-apiserver:v1.36.0"
    assert answers(pod(f"kube-apiserver, {command}", image), question) == [expected]


def test_a_plugin_that_is_switched_on_runs_whatever_else_is_given() -> None:
    text = pod("kube-apiserver, --enable-admission-plugins=NodeRestriction, $(MORE)")
    assert answers(text, apiserver_node_restriction) == []


def test_numbers_and_booleans_of_other_programs_may_not_be_known() -> None:
    world = estate(
        (
            "a.yaml",
            pod("etcd, --client-cert-auth=yes, --peer-client-cert-auth=yes", "registry.k8s.io/etcd:3.6"),
        ),
        ("b.yaml", pod("kube-controller-manager, '--terminated-pod-gc-threshold=few'", "a/b")),
    )
    (etcd,) = programs(world, Etcd)
    (manager,) = programs(world, ControllerManager)
    for question in (etcd_client_cert_auth, etcd_peer_client_cert_auth):
        assert [type(one) for one in question.ask(etcd)] == [Unanswered]
    assert [type(one) for one in controller_manager_terminated_pods.ask(manager)] == [Unanswered]


def test_a_configuration_file_leaves_the_flags_of_etcd_without_effect() -> None:
    text = pod("etcd, --client-cert-auth=true, --config-file=/etc/etcd.yaml", "registry.k8s.io/etcd:3.6")
    (etcd,) = programs(estate(("a.yaml", text)), Etcd)
    assert set(etcd.component.flags) == {"config-file"}
    assert list(etcd.missing("client-cert-auth")) == [
        Unanswered("the other flags of etcd: they stand in the file that --config-file names")
    ]


def test_defaults_that_a_release_changed() -> None:
    old, new = (server(pod("kube-apiserver", f"a/kube-apiserver:v1.{minor}.0")) for minor in (35, 36))
    assert (old.setting("audit-log-maxage").value, new.setting("audit-log-maxage").value) == ("0", "366")
