"""AppArmor is switched off for a container.

On nodes with AppArmor the engine's default profile keeps containers from mounting file systems
and from writing to the kernel's settings, even where a capability would allow it. Unconfined
takes that layer away.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Pod
from casemate.analysis.pods.places import by_place, told
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity


@control(
    "pod-apparmor-unconfined",
    title="AppArmor switched off",
    severity=Severity.MEDIUM,
    consequence=Consequence.ESCALATION,
    remedy="Set appArmorProfile.type: RuntimeDefault, or Localhost with a profile of your own",
    standards=(
        "PSS:baseline",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:apparmor",
        "MITRE:T1562.001",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
        "NIST-800-190:4.5.2",
    ),
    fixes=True,
    docker="Remove apparmor:unconfined from security_opt",
)
def apparmor_unconfined(pod: Pod) -> Iterator[Fault]:
    if pod.windows:
        return
    profiles = ((c, c.apparmor) for c in pod.containers if not c.privileged)
    for setting, containers in by_place(item for item in profiles if item[1].value == "Unconfined").values():
        value = "RuntimeDefault" if setting.path[-1] == "type" else "runtime/default"
        yield Fault(
            message=told(containers, "runs with AppArmor switched off", "run with AppArmor switched off"),
            at=setting.path,
            why=(f"the AppArmor profile is Unconfined, set by the {setting.decided_by}",),
            fix=Fix(safe=False, edits=(Edit("set", setting.path, value),)),
        )
