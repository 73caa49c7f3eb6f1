"""Random pods at every version get the verdict that upstream's own code gives.

Builds upstream's evaluator from its Go module, where a Go toolchain is there. The seed is fixed.
"""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from casemate.analysis.pod_security import Level, evaluate
from casemate.analysis.pods import Pod
from casemate.model.estate import Workload
from casemate.model.version import NEWEST, KubernetesVersion
from casemate.readers.manifests import read_text

SOURCE = Path(__file__).parent / "upstream" / "podsecurity"
SEED = 20261125
PODS = 4_000
_BOOL = (True, False, None)
_PROFILE: tuple[Any, ...] = (
    {"type": "RuntimeDefault"},
    {"type": "Localhost", "localhostProfile": "a"},
    {"type": "Unconfined"},
    {},
    None,
)
_SELINUX: tuple[Any, ...] = (
    {"type": "container_engine_t"},
    {"type": "spc_t"},
    {"user": "u"},
    {"role": "r"},
    {"level": "s0"},
    {"type": ""},
    None,
)
_CAPABILITIES = ("ALL", "NET_BIND_SERVICE", "SYS_ADMIN", "CHOWN", "NET_RAW", "chown", "CAP_CHOWN", "all")
_VOLUMES = (
    "hostPath emptyDir configMap secret projected csi ephemeral image persistentVolumeClaim downwardAPI nfs iscsi "
    "gitRepo rbd glusterfs cephfs fc azureFile azureDisk vsphereVolume portworxVolume storageos flocker cinder"
).split()
_REQUIRED: dict[str, Any] = {"hostPath": {"path": "/"}, "downwardAPI": {"items": []}}
_SYSCTLS = (
    "kernel.shm_rmid_forced net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_rmem "
    "net.ipv4.tcp_slow_start_after_idle net.ipv4.tcp_notsent_lowat kernel.msgmax net/ipv4/tcp_rmem"
).split()
_ANNOTATIONS = (
    (
        "container.apparmor.security.beta.kubernetes.io/c0",
        ("runtime/default", "localhost/x", "unconfined", ""),
    ),
    (
        "seccomp.security.alpha.kubernetes.io/pod",
        ("runtime/default", "docker/default", "unconfined", "localhost/x"),
    ),
    ("container.seccomp.security.alpha.kubernetes.io/c0", ("unconfined", "docker/default")),
    ("container.seccomp.security.alpha.kubernetes.io/absent", ("unconfined",)),
)


class Chance:
    """Random pods, mostly sound so that single faults decide."""

    def __init__(self) -> None:
        self.random = random.Random(SEED)

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    def context(self, *, pod: bool) -> dict[str, Any]:
        pick = self.random.choice
        made: dict[str, Any] = {}
        for key, values, share in (
            ("runAsNonRoot", _BOOL, 0.5),
            ("runAsUser", (0, 1, 1000), 0.2),
            ("seccompProfile", _PROFILE, 0.5),
            ("appArmorProfile", _PROFILE, 0.15),
            ("seLinuxOptions", _SELINUX, 0.15),
            ("windowsOptions", ({"hostProcess": True}, {"hostProcess": False}, {}), 0.1),
        ):
            if self.maybe(share):
                made[key] = pick(values)
        if pod:
            if self.maybe(0.2):
                made["sysctls"] = [{"name": pick(_SYSCTLS), "value": "1"} for _ in range(pick((1, 2)))]
            return made
        if self.maybe(0.1):
            made["privileged"] = pick(_BOOL)
        if self.maybe(0.7):
            made["allowPrivilegeEscalation"] = pick((False, False, False, True, None))
        if self.maybe(0.1):
            made["procMount"] = pick(("Default", "Unmasked", "Other"))
        if self.maybe(0.8):
            names = list(_CAPABILITIES)
            made["capabilities"] = {
                "drop": ["ALL"] if self.maybe(0.8) else self.random.sample(names, 2),
                "add": self.random.sample(names, pick((0, 0, 0, 1, 2))),
            }
        return made

    def container(self, name: str, *, ephemeral: bool = False) -> dict[str, Any]:
        pick = self.random.choice
        made: dict[str, Any] = {"name": name, "image": "registry.example/app:1"}
        if self.maybe(0.9):
            made["securityContext"] = self.context(pod=False)
        if ephemeral:
            return made
        if self.maybe(0.2):
            made["ports"] = [
                {"containerPort": 80, **({"hostPort": pick((0, 80, 443))} if self.maybe(0.5) else {})}
            ]
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            if self.maybe(0.05):
                made[probe] = {pick(("httpGet", "tcpSocket")): {"port": 80, "host": pick(("", "10.0.0.1"))}}
        if self.maybe(0.05):
            made["lifecycle"] = {
                pick(("postStart", "preStop")): {"httpGet": {"port": 80, "host": pick(("", "a"))}}
            }
        return made

    def pod(self) -> dict[str, Any]:
        pick = self.random.choice
        spec: dict[str, Any] = {"containers": [self.container(f"c{n}") for n in range(pick((1, 1, 2)))]}
        if self.maybe(0.3):
            spec["initContainers"] = [self.container("i0")]
        if self.maybe(0.1):
            spec["ephemeralContainers"] = [self.container("e0", ephemeral=True)]
        if self.maybe(0.8):
            spec["securityContext"] = self.context(pod=True)
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if self.maybe(0.05):
                spec[key] = True
        if self.maybe(0.3):
            spec["hostUsers"] = pick((True, False))
        if self.maybe(0.15):
            spec["os"] = {"name": pick(("windows", "linux"))}
        if self.maybe(0.3):
            kinds = [pick(_VOLUMES) for _ in range(pick((1, 2)))]
            spec["volumes"] = [
                {"name": f"v{n}", kind: _REQUIRED.get(kind, {})} for n, kind in enumerate(kinds)
            ]
            if self.maybe(0.2):
                spec["volumes"].append({"name": "none"})
        notes = {key: pick(values) for key, values in _ANNOTATIONS if self.maybe(0.05)}
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "p", "annotations": notes},
            "spec": spec,
        }


@pytest.mark.slow
def test_equal_to_upstream(tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("no Go toolchain to build upstream's evaluator with")
    program = tmp_path / "podsecurity"
    subprocess.run(
        [go, "build", "-o", program, "."], cwd=SOURCE, check=True, timeout=1200
    )  # a build of our own
    chance = Chance()
    pods = [chance.pod() for _ in range(PODS)]
    asked = [(pod, n % (NEWEST.minor + 1)) for n, pod in enumerate(pods)] + [
        (pod, NEWEST.minor) for pod in pods
    ]
    lines = "".join(json.dumps({"minor": minor, "pod": pod}) + "\n" for pod, minor in asked)
    done = subprocess.run(
        [program], input=lines, capture_output=True, text=True, check=True, timeout=300
    )  # the same
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(asked)
    levels = set()
    for (pod, minor), upstream in zip(asked, answers, strict=True):
        (workload,) = read_text("pod.json", json.dumps(pod).encode())
        assert isinstance(workload, Workload)
        verdict = evaluate([Pod(t, workload.ref) for t in workload.templates], KubernetesVersion(1, minor))
        ours = {
            "baseline": sorted(v.check for v in verdict.violations if v.level is Level.BASELINE),
            "restricted": sorted(v.check for v in verdict.violations if v.level is Level.RESTRICTED),
            "level": verdict.level.word,
        }
        assert ours == upstream, json.dumps({"minor": minor, "pod": pod})
        levels.add(verdict.level)
    assert len(levels) == 3, "the pods must reach every level"
