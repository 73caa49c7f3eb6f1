"""A process may gain more rights than its parent, through set-uid programs or file capabilities.

The default is true. With false the kernel's no_new_privs flag is set and `sudo`, `su`, `ping`
and their like give nothing. It is always true for privileged containers and with SYS_ADMIN.
"""

from collections.abc import Iterator

from casemate.analysis.pods import Container
from casemate.model.control import Consequence, Edit, Fault, Fix, control
from casemate.model.severity import Severity

_TIED = frozenset(("ALL", "SYS_ADMIN"))


@control(
    "pod-privilege-escalation",
    title="Privilege escalation allowed",
    severity=Severity.MEDIUM,
    consequence=Consequence.ESCALATION,
    remedy="Set allowPrivilegeEscalation: false",
    standards=(
        "PSS:restricted",
        "CIS-Kubernetes-1.12:5.2.6",
        "CIS-Kubernetes-1.12:5.6.3",
        "NSA-CISA-1.2:privilege-escalation",
        "MITRE:T1068",
        "OWASP-Kubernetes-2022:K01",
        "OWASP-Kubernetes-2025:K01",
        "NIST-800-190:4.4.3",
    ),
    fixes=True,
    docker="Add no-new-privileges:true to security_opt",
)
def privilege_escalation(container: Container) -> Iterator[Fault]:
    setting = container.own("allow_privilege_escalation", "allowPrivilegeEscalation", default=True)
    if setting.value is True and not container.pod.windows:
        # The API server refuses false beside these; they have to go first.
        tied = container.privileged or not container.added.keys().isdisjoint(_TIED)
        yield Fault(
            message=f"container {container.name} may gain more privileges than it starts with",
            at=setting.path,
            why=(setting.provenance,),
            fix=None if tied else Fix(safe=True, edits=(Edit("set", setting.path, value=False),)),
        )
