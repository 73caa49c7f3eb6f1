"""Which file decides a setting of the kubelet: flag, drop-in, file, default; and what was not read."""

from collections.abc import Iterator

from casemate.analysis.cluster.kubelet import Kubelet, Value
from casemate.analysis.cluster.kubelet_questions import must_not
from casemate.model.control import Unanswered
from casemate.model.estate import Entity, Estate
from casemate.model.settings import Settings
from casemate.model.version import KubernetesVersion
from casemate.readers.manifests import read_text

CONFIG = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
UNIT = "[Service]\nExecStart=/usr/bin/kubelet "
KUBEADM = (
    '[Service]\nEnvironment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"\n'
    "EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\nEnvironmentFile=-/etc/default/kubelet\nExecStart=\n"
    "ExecStart=/usr/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS\n"
)
SYSTEMD = "etc/systemd/system/kubelet.service"
DROP_IN = f"{SYSTEMD}.d/10-kubeadm.conf"


def read(files: dict[str, str]) -> Estate:
    found = [item for name, text in files.items() for item in read_text(name, text.encode())]
    assert all(isinstance(item, Entity) for item in found), found
    return Estate(entities=tuple(item for item in found if isinstance(item, Entity)))


def kubelets(world: Estate, settings: Settings | None = None) -> Iterator[Kubelet]:
    for entity in world.entities:
        if isinstance(entity, Kubelet.SOURCES):
            yield from Kubelet.parts_of(entity, world, settings or Settings())


def answer(files: dict[str, str], flag: str, settings: Settings | None = None) -> dict[str, object]:
    """What each file says for itself about a setting."""
    found: dict[str, object] = {}
    for kubelet in kubelets(read(files), settings):
        value = kubelet.value(flag)
        if isinstance(value, Unanswered):
            if kubelet.is_main:
                found[kubelet.entity.origin.document.file] = value.missing
        elif value is not None and value.entity is kubelet.entity:
            found[kubelet.entity.origin.document.file] = value.value
    return found


def test_a_node_of_kubeadm() -> None:
    files = {
        f"n/{SYSTEMD}": UNIT,
        f"n/{DROP_IN}": KUBEADM,
        "n/var/lib/kubelet/kubeadm-flags.env": "KUBELET_KUBEADM_ARGS=--pod-max-pids=10\n",
        "n/etc/default/kubelet": "KUBELET_EXTRA_ARGS=--read-only-port 10255 --seccomp-default --v=2 stray\n",
        "n/var/lib/kubelet/config.yaml": CONFIG + "readOnlyPort: 0\npodPidsLimit: 5\neventRecordQPS: 7\n",
        "m/var/lib/kubelet/config.yaml": CONFIG + "eventRecordQPS: 8\n",
    }
    assert answer(files, "read-only-port") == {
        "n/etc/default/kubelet": 10255,
        "m/var/lib/kubelet/config.yaml": 0,
    }
    assert answer(files, "pod-max-pids") == {
        "n/var/lib/kubelet/kubeadm-flags.env": 10,
        "m/var/lib/kubelet/config.yaml": -1,
    }
    assert answer(files, "seccomp-default")["n/etc/default/kubelet"] is True
    assert answer(files, "event-qps") == {
        "n/var/lib/kubelet/config.yaml": 7,
        "m/var/lib/kubelet/config.yaml": 8,
    }
    assert answer(files, "anonymous-auth") == {
        "n/var/lib/kubelet/config.yaml": False,
        "m/var/lib/kubelet/config.yaml": False,
    }


def test_a_file_that_was_not_read_leaves_the_answer_open() -> None:
    files = {DROP_IN: KUBEADM, "etc/default/kubelet": "KUBELET_EXTRA_ARGS=--read-only-port=0\n"}
    assert answer(files, "anonymous-auth") == {
        DROP_IN: "the file /var/lib/kubelet/config.yaml that --config names"
    }
    assert answer(files, "read-only-port") == {"etc/default/kubelet": 0}
    assert "kubeadm-flags.env" in str(answer(files, "hostname-override")[DROP_IN])


def test_flags_that_were_not_read_make_the_file_less_sure() -> None:
    files = {DROP_IN: KUBEADM, "var/lib/kubelet/config.yaml": CONFIG + "readOnlyPort: 10255\n"}
    values = [one.value("read-only-port") for one in kubelets(read(files))]
    assert [one.sure for one in values if isinstance(one, Value)] == [False, False]
    values = [one.value("anonymous-auth") for one in kubelets(read(files))]
    assert [one.sure for one in values if isinstance(one, Value)] == [False, False]


def test_without_a_file_the_kubelet_is_open() -> None:
    files = {"kubelet.service": UNIT + "--v=2\n"}
    assert answer(files, "anonymous-auth") == {"kubelet.service": True}
    assert answer(files, "read-only-port") == {"kubelet.service": 10255}
    old = Settings(kubernetes=KubernetesVersion(1, 26), kubernetes_given=True)
    assert answer(files, "event-qps", old) == {"kubelet.service": 5}


def test_a_unit_that_starts_something_else() -> None:
    files = {"kubelet.service": "[Service]\nExecStart=/opt/start.sh --read-only-port=0\n"}
    assert answer(files, "read-only-port") == {"kubelet.service": 0}
    assert answer(files, "anonymous-auth") == {
        "kubelet.service": "the other flags of the kubelet: the unit starts /opt/start.sh, which was not read"
    }
    assert "variable ALL" in str(answer({"kubelet.service": "[Service]\nExecStart=$ALL\n"}, "anonymous-auth"))


def test_a_variable_that_nothing_sets() -> None:
    files = {"kubelet.service": UNIT + "--read-only-port=0 $KUBELET_ARGS\n"}
    assert answer(files, "read-only-port") == {"kubelet.service": 0}
    assert "the variable KUBELET_ARGS of the unit is set in nothing" in str(answer(files, "anonymous-auth"))


def test_a_shell_and_a_template() -> None:
    files = {
        "kubelet.service": '[Service]\nExecStart=/bin/sh -c "exec /usr/bin/kubelet --read-only-port=0 --v=2"\n'
    }
    assert answer(files, "read-only-port") == {"kubelet.service": 0}
    assert answer(files, "anonymous-auth") == {"kubelet.service": True}
    files = {"kubelet.service": UNIT + "--read-only-port=0 {{ kubelet_flags }}\n"}
    assert answer(files, "anonymous-auth") == {
        "kubelet.service": "the other flags of the kubelet: some come from a template"
    }
    assert "starts nothing" in str(
        answer({"kubelet.service": "[Service]\nExecStart=/bin/sh -c\n"}, "anonymous-auth")
    )


def test_an_environment_file_by_itself() -> None:
    files = {"etc/sysconfig/kubelet": 'KUBELET_EXTRA_ARGS="--anonymous-auth=true"\n'}
    assert answer(files, "anonymous-auth") == {"etc/sysconfig/kubelet": True}
    assert "unit that starts" in str(answer(files, "pod-max-pids")["etc/sysconfig/kubelet"])


def test_drop_ins_of_the_unit_and_words_in_words() -> None:
    files = {
        "kubelet.service": UNIT + "--pod-max-pids=1\n",
        "kubelet.service.d/20-own.conf": (
            "[Service]\nEnvironment=DIR=/etc/kubernetes MORE=--pod-max-pids=2\nExecStart=\n"
            "ExecStart=-/usr/bin/kubelet --client-ca-file=${DIR}/ca.crt${NONE} $MORE $NOTHING --anonymous-auth\n"
        ),
        "kubelet.service.d/30-env.conf": "[Service]\nEnvironment=MORE=--pod-max-pids=3\n",
    }
    assert answer(files, "client-ca-file") == {"kubelet.service.d/20-own.conf": "/etc/kubernetes/ca.crt"}
    assert answer(files, "pod-max-pids") == {"kubelet.service.d/30-env.conf": 3}
    assert answer(files, "anonymous-auth") == {"kubelet.service.d/20-own.conf": True}


def test_drop_ins_of_the_configuration() -> None:
    unit = (
        UNIT + "--config=/etc/kubernetes/kubelet/config.yaml --config-dir=/etc/kubernetes/kubelet.conf.d/\n"
    )
    folder = "n/etc/kubernetes/kubelet.conf.d"
    files = {
        f"n/{SYSTEMD}": unit,
        "n/etc/kubernetes/kubelet/config.yaml": CONFIG + "readOnlyPort: 1\npodPidsLimit: 1\n",
        f"{folder}/20.conf": CONFIG + "podPidsLimit: 20\nfeatureGates: {A: false}\n",
        f"{folder}/10.conf": CONFIG + "podPidsLimit: 10\neventRecordQPS: 10\n",
        f"{folder}/30.yaml": CONFIG + "seccompDefault: true\n",
        "m/etc/kubernetes/kubelet.conf.d/10.conf": CONFIG + "podPidsLimit: 99\n",
    }
    assert answer(files, "pod-max-pids") == {
        f"{folder}/20.conf": 20,
        f"{folder}/30.yaml": -1,
        "m/etc/kubernetes/kubelet.conf.d/10.conf": 99,
    }
    assert answer(files, "event-qps")[f"{folder}/10.conf"] == 10
    assert answer(files, "read-only-port") == {
        "n/etc/kubernetes/kubelet/config.yaml": 1,
        f"{folder}/30.yaml": 0,
    }
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: k}\nspec:\n  containers:\n"
        "    - {name: k, image: kubelet, command: [kubelet, --config-dir=/etc/kubernetes/kubelet.conf.d]}\n"
    )
    only = {"pod.yaml": pod, f"{folder}/10.conf": CONFIG + "podPidsLimit: 10\n"}
    assert answer(only, "pod-max-pids") == {f"{folder}/10.conf": 10}
    assert answer(only, "anonymous-auth") == {"pod.yaml": True}


def test_kubeadm_writes_the_file() -> None:
    init = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n"
    join = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: JoinConfiguration\n"
    assert answer({"a.yaml": init}, "anonymous-auth") == {"a.yaml": False}
    assert answer({"a.yaml": init}, "client-ca-file") == {"a.yaml": "/etc/kubernetes/pki/ca.crt"}
    assert "nodes that join" in str(answer({"a.yaml": join}, "anonymous-auth")["a.yaml"])
    both = {"a.yaml": f"{join}---\n{CONFIG}rotateCertificates: false\npodPidsLimit: 4\n"}
    assert answer(both, "rotate-certificates") == {"a.yaml": True}
    assert answer(both, "pod-max-pids") == {"a.yaml": 4}
    cluster = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n"
    assert answer({"a.yaml": f"{cluster}---\n{CONFIG}"}, "rotate-certificates") == {"a.yaml": True}


def test_distributions_give_their_own() -> None:
    files = {"etc/rancher/k3s/config.yaml": "kubelet-arg: [anonymous-auth=true]\nserver: https://a:6443\n"}
    assert answer(files, "anonymous-auth") == {"etc/rancher/k3s/config.yaml": True}
    assert answer(files, "read-only-port") == {"etc/rancher/k3s/config.yaml": 0}


def test_feature_gates() -> None:
    world = read(
        {
            "a.yaml": CONFIG + "featureGates: {A: false}\n",
            "kubelet.service": UNIT + "--feature-gates=B=true\n",
        }
    )
    gates = [(one.gate("A"), one.gate("B"), one.gate("C")) for one in kubelets(world)]
    assert [tuple(None if one is None else one.value for one in three) for three in gates] == [
        (False, None, None),
        (None, True, None),
    ]


def test_edits() -> None:
    init = (
        "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration:\n"
        "  kubeletExtraArgs: [{name: read-only-port, value: '1'}, {name: event-qps, value: '0'}]\n"
    )
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: k}\nspec:\n  containers:\n"
        "    - {name: k, image: kubelet, command: [kubelet, --read-only-port=1, --anonymous-auth=true]}\n"
    )
    for text, flag, wanted, written in (
        (init, "read-only-port", 0, "0"),
        (pod, "anonymous-auth", False, "--anonymous-auth=false"),
        (CONFIG + "readOnlyPort: 1\n", "read-only-port", 0, 0),
    ):
        (kubelet,) = kubelets(read({"a.yaml": text}))
        value = kubelet.value(flag)
        assert isinstance(value, Value)
        fix = kubelet.mend(flag, value, wanted)
        assert fix is not None
        assert [edit.value for edit in fix.edits] == [written]
    (kubelet,) = kubelets(read({"kubelet.service": UNIT + "--read-only-port=1\n"}))
    value = kubelet.value("read-only-port")
    assert isinstance(value, Value)
    assert kubelet.mend("read-only-port", value, 0) is None


def test_an_open_question_is_said_once() -> None:
    files = {
        "kubelet.service": UNIT + "--config=/etc/unread.yaml --v=2\n",
        "kubelet.service.d/20.conf": "[Service]\nEnvironment=A=1\n",
        "etc/default/kubelet": "KUBELET_EXTRA_ARGS=--seccomp-default\n",
    }
    files["kubelet.service"] = (
        "[Service]\nEnvironmentFile=/etc/default/kubelet\nExecStart=/usr/bin/kubelet $KUBELET_EXTRA_ARGS --config=/etc/unread.yaml\n"
    )
    world = read(files)
    seen = list(kubelets(world))
    answers = [list(must_not(one, "pod-max-pids", bool, message="")) for one in seen]
    assert [len(found) for found in answers] == [1, 0]
    assert isinstance(answers[0][0], Unanswered)


def test_a_drop_in_that_takes_back() -> None:
    unit = UNIT + "--config=/etc/kubernetes/kubelet/config.yaml --config-dir=/etc/kubernetes/kubelet.conf.d\n"
    folder = "n/etc/kubernetes/kubelet.conf.d"
    files = {
        f"n/{SYSTEMD}": unit,
        "n/etc/kubernetes/kubelet/config.yaml": CONFIG
        + "rotateCertificates: true\nauthorization: {mode: AlwaysAllow}\n",
        f"{folder}/10.conf": CONFIG + "rotateCertificates: false\nauthorization: {mode: ''}\n",
    }
    assert answer(files, "rotate-certificates") == {f"{folder}/10.conf": False}
    assert answer(files, "authorization-mode") == {f"{folder}/10.conf": "Webhook"}
    (why,) = [
        value.why
        for one in kubelets(read(files))
        if isinstance(value := one.value("authorization-mode"), Value) and value.entity is one.entity
    ]
    assert why == "authorization.mode is , which counts as absent; the default is Webhook"


def test_seccomp_is_on_where_flag_or_file_says_so() -> None:
    config = "var/lib/kubelet/config.yaml"
    start = UNIT + "--config=/var/lib/kubelet/config.yaml --seccomp-default=false ''\n"
    assert answer(
        {"kubelet.service": start, config: CONFIG + "seccompDefault: true\n"}, "seccomp-default"
    ) == {config: True}
    assert answer({"kubelet.service": start, config: CONFIG}, "seccomp-default") == {"kubelet.service": False}
    assert "that --config names" in str(answer({"kubelet.service": start}, "seccomp-default"))
