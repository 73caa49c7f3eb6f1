"""The filter of system calls is switched off for a container.

The default profile of container engines refuses about sixty system calls that programs do not
need and that many exploits of the kernel do: loading modules, keyrings, rare sockets. Unconfined
leaves the whole kernel open to whoever is inside.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.places import by_place, told
from casemate.analysis.pods.seccomp import seccomp_profile
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity
from casemate.model.version import KubernetesVersion


@control(
    "pod-seccomp-unconfined",
    title="System calls unfiltered",
    severity=Severity.HIGH,
    consequence=Consequence.ESCALATION,
    remedy="Set seccompProfile.type: RuntimeDefault, or Localhost with a profile of your own",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.6.2",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:seccomp",
        "MITRE:T1068",
        "MITRE:T1562.001",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
    docker="Remove seccomp:unconfined from security_opt",
)
def seccomp_unconfined(pod: Pod, version: KubernetesVersion) -> Iterator[Fault]:
    if pod.windows:
        return
    profiles = ((c, seccomp_profile(c, version)) for c in pod.containers if not c.privileged)
    for setting, containers in by_place(item for item in profiles if item[1].value == "Unconfined").values():
        by_field = setting.path[-1] == "type"
        value = "RuntimeDefault" if by_field else "runtime/default"
        yield Fault(
            message=told(containers, "runs with seccomp switched off", "run with seccomp switched off"),
            at=setting.path,
            why=(f"the seccomp profile is Unconfined, set by the {setting.decided_by}",),
            fix=Fix(safe=False, edits=(Edit("set", setting.path, value),)),
        )
