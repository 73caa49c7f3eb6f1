"""Corners of the pure rooms that no page shows: each with the answer that the facts allow."""

from typing import Any

import msgspec
import pytest

from casemate.analysis.pod_security import Level, Verdict, evaluate
from casemate.analysis.pods import Pod
from casemate.controls import catalogue
from casemate.controls.catalogue import all_controls
from casemate.engine.judge import judge
from casemate.model.control import Finding
from casemate.model.errors import ControlError
from casemate.model.estate import Coverage, Entity, Estate, Workload
from casemate.model.settings import Settings
from casemate.model.severity import Severity
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers.manifests import read_text


def entities(*objects: dict[str, Any]) -> tuple[Entity, ...]:
    text = b"\n".join(map(msgspec.json.encode, objects))
    return tuple(item for item in read_text("a.json", text) if isinstance(item, Entity))


def pod(spec: dict[str, Any], container: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    main = {"name": "main", "image": "registry.example/app:1", **(container or {})}
    whole = {"containers": [main], **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", **metadata}, "spec": whole}


def findings(*objects: dict[str, Any], kubernetes: KubernetesVersion = NEWEST) -> dict[str, Finding]:
    estate = Estate(entities=entities(*objects), coverage=Coverage(complete=frozenset("*")))
    return {f.control.id: f for f in judge(estate, all_controls(), Settings(kubernetes=kubernetes)).findings}


def verdict(made: dict[str, Any], minor: int = 37) -> Verdict:
    (workload,) = entities(made)
    assert isinstance(workload, Workload)
    pods = [Pod(template, workload.ref) for template in workload.templates]
    return evaluate(pods, KubernetesVersion(1, minor))


LINUX_ONLY = {
    "runAsGroup": 0,
    "seccompProfile": {"type": "Unconfined"},
    "appArmorProfile": {"type": "Unconfined"},
    "seLinuxOptions": {"type": "spc_t"},
}


def test_windows_pods_are_not_asked_about_linux() -> None:
    asked = {"pod-root-group", "pod-seccomp-unconfined", "pod-apparmor-unconfined", "pod-selinux-options"}
    assert asked <= findings(pod({"securityContext": LINUX_ONLY})).keys()
    assert not asked & findings(pod({"securityContext": LINUX_ONLY, "os": {"name": "windows"}})).keys()


def test_volume_types_by_what_the_kubelet_does() -> None:
    git = pod({"volumes": [{"name": "v", "gitRepo": {}}]})
    assert findings(git)["pod-volume-type"].severity is Severity.LOW
    older = findings(git, kubernetes=KubernetesVersion(1, 32))
    assert older["pod-volume-type"].severity is Severity.HIGH
    assert "pod-volume-type" in findings(pod({"volumes": [{"name": "v", "flexVolume": {}}]}))


def test_a_default_account_that_gives_no_token_is_no_fault() -> None:
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "default", "namespace": "shop"},
        "automountServiceAccountToken": False,
    }
    assert "pod-default-service-account" in findings(pod({}, namespace="shop"))
    assert "pod-default-service-account" not in findings(pod({}, namespace="shop"), account)


def test_seccomp_annotations_of_other_things_decide_nothing() -> None:
    made = pod({}, annotations={"team": "a"})
    assert "pod-seccomp-unset" in findings(made, kubernetes=KubernetesVersion(1, 18))


def test_host_paths_by_who_may_use_them() -> None:
    mounted = {"volumeMounts": [{"name": "v", "mountPath": "/x"}]}
    disk = {"volumes": [{"name": "v", "hostPath": {"path": "/dev/sda"}}]}
    privileged = pod(disk, {**mounted, "securityContext": {"privileged": True}})
    assert findings(privileged)["pod-host-path-devices"].severity is Severity.CRITICAL
    sound = {
        "allowPrivilegeEscalation": False,
        "runAsUser": 1000,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
    }
    etc = {"volumes": [{"name": "v", "hostPath": {"path": "/etc"}}]}
    plain = findings(pod(etc, mounted))["pod-host-path-etc"].severity
    assert findings(pod(etc, {**mounted, "securityContext": sound}))["pod-host-path-etc"].severity < plain
    grouped = {**etc, "securityContext": {"fsGroup": 0}}
    assert (
        findings(pod(grouped, {**mounted, "securityContext": sound}))["pod-host-path-etc"].severity == plain
    )


def test_capabilities_of_a_user_that_is_not_root_weigh_less() -> None:
    added = {"capabilities": {"add": ["SYS_ADMIN"]}}
    root = findings(pod({}, {"securityContext": {**added, "runAsUser": 0}}))["pod-capability-kernel"]
    user = findings(pod({}, {"securityContext": {**added, "runAsUser": 1000}}))["pod-capability-kernel"]
    assert user.severity < root.severity


def test_apparmor_fields_of_pod_and_container() -> None:
    made = pod(
        {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}},
        {"securityContext": {"appArmorProfile": {"type": "Wrong"}}},
        annotations={"container.apparmor.security.beta.kubernetes.io/main": "unconfined"},
    )
    (found,) = (v for v in verdict(made).violations if v.check == "appArmorProfile")
    assert found.forbidden.reason == "forbidden AppArmor profiles"
    assert found.forbidden.detail.startswith('pod and container "main" and annotation must not set')
    assert len(found.forbidden.paths) == 3
    single = verdict(pod({}, {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}))
    (found,) = (v for v in single.violations if v.check == "appArmorProfile")
    assert found.forbidden.detail == 'container "main" must not set AppArmor profile type to "Unconfined"'
    allowed = pod({"securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}}})
    assert "appArmorProfile" not in {v.check for v in verdict(allowed).violations}


def test_probes_and_hooks_to_other_hosts() -> None:
    container = {
        "livenessProbe": {"httpGet": {"port": 80, "host": "10.0.0.1"}},
        "lifecycle": {"preStop": {"tcpSocket": {"port": 80, "host": "10.0.0.2"}}},
    }
    (found,) = (v for v in verdict(pod({}, container)).violations if v.check == "hostProbesAndHostLifecycle")
    assert found.forbidden.detail == 'container "main" uses probe or lifecycle hosts "10.0.0.1", "10.0.0.2"'
    assert not [v for v in verdict(pod({}, container), 33).violations if v.level is Level.BASELINE]


def test_host_ports_are_filled_in_under_host_network() -> None:
    made = pod({"hostNetwork": True}, {"ports": [{"containerPort": 80}]})
    assert {v.check for v in verdict(made).violations if v.level is Level.BASELINE} == {
        "hostNamespaces",
        "hostPorts",
    }


def test_a_module_is_one_control(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ControlError, match="holds 0 controls"):
        catalogue._control("casemate.controls")
