"""Each Pod Security check by hand: a pod that it forbids and the words, at the versions that differ."""

from typing import Any

import msgspec
import pytest

from casemate.analysis.pod_security import Level, Verdict, evaluate
from casemate.analysis.pods import Pod
from casemate.model.estate import Workload
from casemate.model.version import KubernetesVersion
from casemate.readers.manifests import read_text

SOUND = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def judge(
    minor: int,
    pod: dict[str, Any] | None = None,
    container: dict[str, Any] | None = None,
    annotations: dict[str, str] | None = None,
) -> Verdict:
    """The verdict on a sound pod with these security settings of pod and container."""
    context = {key: value for key, value in {**SOUND, **(container or {})}.items() if value != "absent"}
    made = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "a", "annotations": annotations or {}},
        "spec": {"containers": [{"name": "main", "image": "a", "securityContext": context}], **(pod or {})},
    }
    (workload,) = read_text("a.json", msgspec.json.encode(made))
    assert isinstance(workload, Workload)
    return evaluate([Pod(t, workload.ref) for t in workload.templates], KubernetesVersion(1, minor))


def context(**settings: Any) -> dict[str, Any]:
    return {"securityContext": settings}


CASES: list[tuple[int, dict[str, Any], dict[str, Any], str, str]] = [
    (37, {}, {"procMount": "Unmasked"}, "procMount", 'must not set securityContext.procMount to "Unmasked"'),
    (37, {"hostUsers": False}, {"procMount": "Unmasked"}, "procMount_restricted", "procMount"),
    (34, {"hostUsers": False}, {"procMount": "Unmasked"}, "procMount", "procMount"),
    (37, context(runAsNonRoot=False), {}, "runAsNonRoot", "pod must not set securityContext.runAsNonRoot=false"),
    (37, context(runAsNonRoot=False), {"runAsNonRoot": False}, "runAsNonRoot", 'pod and container "main" must not'),
    (37, {}, {"runAsNonRoot": False}, "runAsNonRoot", 'container "main" must not set'),
    (37, {}, {"windowsOptions": {"hostProcess": True}}, "windowsHostProcess", 'container "main" must not set'),
    (37, {}, {"runAsNonRoot": "absent"}, "runAsNonRoot", 'pod or container "main" must set'),
    (37, context(runAsUser=0), {"runAsUser": 0}, "runAsUser", 'pod and container "main" must not set runAsUser=0'),
    (34, {**context(runAsUser=0), "hostUsers": False}, {}, "runAsUser", "pod must not set runAsUser=0"),
    (37, context(seLinuxOptions={"type": "spc_t"}), {}, "seLinuxOptions", 'pod set forbidden securityContext.seLinuxOptions: type "spc_t"'),
    (37, {}, {"seLinuxOptions": {"user": "u", "role": "r"}}, "seLinuxOptions", "user may not be set; role may not be set"),
    (30, {}, {"seLinuxOptions": {"type": "container_engine_t"}}, "seLinuxOptions", "container_engine_t"),
    (37, context(seccompProfile={"type": "Unconfined"}), {"seccompProfile": {"type": "Unconfined"}}, "seccompProfile_baseline", 'pod and container "main" must not set'),
    (37, {}, {"seccompProfile": {"type": "Unconfined"}}, "seccompProfile_restricted", "Unconfined"),
    (37, {}, {"seccompProfile": "absent"}, "seccompProfile_restricted", "must set securityContext.seccompProfile.type"),
    (37, context(windowsOptions={"hostProcess": True}), {"windowsOptions": {"hostProcess": True}}, "windowsHostProcess", 'pod and container "main"'),
    (36, context(sysctls=[{"name": "net.ipv4.tcp_notsent_lowat", "value": "1"}]), {}, "sysctls", "net.ipv4.tcp_notsent_lowat"),
    (37, {}, {"privileged": True}, "privileged", "privileged=true"),
    (37, {}, {"allowPrivilegeEscalation": "absent"}, "allowPrivilegeEscalation", "must set securityContext.allow"),
    (37, {}, {"capabilities": {"drop": ["all"], "add": ["SYS_TIME"]}}, "capabilities_restricted", '; container "main" must not include "SYS_TIME"'),
    (37, {}, {"capabilities": {"drop": ["ALL"], "add": ["SYS_TIME"]}}, "capabilities_baseline", "non-default"),
    (37, {"hostPID": True, "hostIPC": True}, {}, "hostNamespaces", "hostPID=true, hostIPC=true"),
    (37, {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, {}, "hostPathVolumes", 'volume "v"'),
    (37, {"volumes": [{"name": "v", "nfs": {}}]}, {}, "restrictedVolumes", 'restricted volume type "nfs"'),
]  # fmt: skip


@pytest.mark.parametrize(("minor", "pod", "container", "check", "told"), CASES)
def test_forbidden(minor: int, pod: dict[str, Any], container: dict[str, Any], check: str, told: str) -> None:
    found = {v.check: v.forbidden for v in judge(minor, pod, container).violations}
    assert check in found
    assert told in f"{found[check].reason} {found[check].detail}"
    assert found[check].paths


@pytest.mark.parametrize(
    ("minor", "pod", "container"),
    [
        (37, {}, {}),
        (37, {"volumes": [{"name": "v"}]}, {}),
        (37, {"hostUsers": False}, {"runAsNonRoot": "absent", "runAsUser": 0}),
        (37, context(seccompProfile={"type": "Localhost"}), {"seccompProfile": "absent"}),
        (37, context(sysctls=[{"name": "net.ipv4.tcp_notsent_lowat", "value": "1"}]), {}),
        (25, {"os": {"name": "windows"}}, {"capabilities": "absent", "seccompProfile": "absent"}),
        (7, {}, {"allowPrivilegeEscalation": "absent", "capabilities": "absent"}),
        (22, {}, {"runAsUser": 0}),
    ],
)
def test_restricted(minor: int, pod: dict[str, Any], container: dict[str, Any]) -> None:
    assert judge(minor, pod, container).level is Level.RESTRICTED


def test_older_seccomp_is_read_from_annotations() -> None:
    notes = {
        "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
        "container.seccomp.security.alpha.kubernetes.io/main": "localhost/fine",
    }
    verdict = judge(18, annotations=notes)
    assert [v.check for v in verdict.violations] == ["seccompProfile_baseline"]
    assert verdict.violations[0].forbidden.detail.startswith("forbidden annotation seccomp")
    assert judge(19, annotations=notes).level is Level.RESTRICTED
    assert judge(18).level is Level.RESTRICTED


def test_the_levels() -> None:
    assert judge(37, container={"runAsNonRoot": "absent"}).level is Level.BASELINE
    assert judge(37, {"hostPID": True}).level is Level.PRIVILEGED
    replaced = judge(37, container={"capabilities": {"drop": ["ALL"], "add": ["SYS_TIME"]}})
    assert [(v.check, v.replaced) for v in replaced.violations] == [
        ("capabilities_baseline", True),
        ("capabilities_restricted", False),
    ]
    assert [level.word for level in Level] == ["privileged", "baseline", "restricted"]
